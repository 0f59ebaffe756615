#!lua flags=allow-oom
-- Makes a device hold a batch and says which; what it holds already is repeated, so a lost answer costs nothing.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 device  3 epoch  4 new batch id  5 lease_ms  6 batch_ms  7 aging_ms
-- Returns: {'fenced'} | {'classes'} the device has not said which of the newest classes it serves | {'empty'}
--   | {'held' or 'claimed', batch… as held_jobs says}
-- Events: job (claimed), wake-ups of devices that can join
--- @include "keys"
--- @include "clock"
--- @include "choose_group"
--- @include "should_yield"
--- @include "take_jobs"
--- @include "held_jobs"
--- @include "bind"
--- @include "unbind"
--- @include "park"
--- @include "unpark"
--- @include "wake_group"

local device, aging_ms = ARGV[2], tonumber(ARGV[7])
local epoch, version, warm = unpack(redis.call('HMGET', K.device(device), 'epoch', 'classes_version', 'warm'))
if epoch ~= ARGV[3] or not redis.call('ZSCORE', K.leases, device) then return { 'fenced' } end
redis.call('ZADD', K.leases, now_ms + tonumber(ARGV[5]), device)
local held = held_jobs(device)
if held then return { 'held', unpack(held) } end
if version ~= (redis.call('GET', K.classes_version) or '0') then return { 'classes' } end

unpark(device)
local group = redis.call('HGET', K.device(device), 'group')
if group then
  local org, class = unpack(redis.call('HMGET', K.group(group), 'org', 'class'))
  local open = redis.call('ZSCORE', K.open_groups(class, org), group)
  if not open or is_barred(device, group) or should_yield(device, aging_ms) then
    unbind(device)
    if open then wake_group(group) end
    group = nil
  end
end
if not group then
  group = choose_group(device, redis.call('SMEMBERS', K.device_classes(device)), warm, aging_ms, nil)
  if group then bind(device, group) end
end
if not group then
  park(device)
  return { 'empty' }
end
take_jobs(device, group, ARGV[4], tonumber(ARGV[6]))
wake_group(group)
return { 'claimed', unpack(held_jobs(device)) }
