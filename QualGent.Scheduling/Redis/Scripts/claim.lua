#!lua flags=allow-oom
-- Makes a device hold a batch and says which; what it holds already is repeated, so a lost answer costs nothing.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 device  3 epoch  4 new batch id  5 lease_ms  6 batch_ms  7 aging_ms
-- Returns: {'fenced'} | {'classes'} the device has not said which of the newest classes it serves | {'empty'}
--   | {'held' or 'claimed', batch… as batch_reply says}
-- Events: job (claimed), wake-ups of devices that can join
--- @include "keys"
--- @include "clock"
--- @include "bind"
--- @include "charge"
--- @include "choose_group"
--- @include "group_facts"
--- @include "has_work"
--- @include "held_jobs"
--- @include "is_barred"
--- @include "park"
--- @include "reindex_org"
--- @include "should_yield"
--- @include "take_jobs"
--- @include "unbind"
--- @include "unpark"
--- @include "wake_group"
--- @include "wake_org"
--- @include "settle"

local device, aging_ms = ARGV[2], tonumber(ARGV[7])
local epoch, version, warm = unpack(redis.call('HMGET', K.device(device), 'epoch', 'classes_version', 'warm'))
if epoch ~= ARGV[3] or not redis.call('ZSCORE', K.leases, device) then return { 'fenced' } end
redis.call('ZADD', K.leases, now_ms + tonumber(ARGV[5]), device)
local held = held_jobs(device)
if held then return { 'held', unpack(held) } end
if version ~= (redis.call('GET', K.classes_version) or '0') then return { 'classes' } end

unpark(device)
local group, duty = unpack(redis.call('HMGET', K.device(device), 'group', 'duty'))
local left, senior
if group then
  charge(device, (group_facts(group)))
  local leaves = not has_work(group) or is_barred(device, group)
  if not leaves then leaves, senior = should_yield(device, aging_ms) end
  if leaves then left, group = unbind(device), nil end
end
if not group and not duty then
  group = senior or choose_group(device, warm, aging_ms)
  if group then bind(device, group) end
end
local batch
if group then
  batch = take_jobs(device, group, ARGV[4], tonumber(ARGV[6]))
  reindex_org((group_facts(group)))
  wake_group(group)
elseif duty then
  redis.call('HSET', K.device(device), 'mode', 'resting')
else
  park(device)
end
if left then wake_org(left) end
settle()
return batch and { 'claimed', unpack(batch) } or { 'empty' }
