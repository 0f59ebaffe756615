#!lua flags=allow-oom
-- Renews the leases of an agent's devices.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 agent  3 lease_ms  4 aging_ms  5 JSON list of {id, epoch, digest, held = list of [job, token]}
-- Returns: per device {id, fenced, yield, {jobs to cancel}, {jobs it lost}}
-- Events: none
--- @include "keys"
--- @include "clock"
--- @include "should_yield"

local agent, lease_ms, aging_ms = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local reply = {}
if redis.call('EXISTS', K.agent(agent)) == 1 then redis.call('HSET', K.agent(agent), 'seen_ms', now_ms) end
for _, beat in ipairs(cjson.decode(ARGV[5])) do
  local device, cancels, lost = beat.id, {}, {}
  local epoch, owner = unpack(redis.call('HMGET', K.device(device), 'epoch', 'agent'))
  local fenced = epoch ~= beat.epoch or owner ~= agent or not redis.call('ZSCORE', K.leases, device)
  for _, held in ipairs(beat.held) do
    if fenced or not redis.call('ZSCORE', K.device_jobs(device), held[1]) or redis.call('HGET', K.job(held[1]), 'token') ~= held[2] then
      lost[#lost + 1] = held[1]
    end
  end
  local yield = false
  if not fenced then
    redis.call('ZADD', K.leases, now_ms + lease_ms, device)
    if beat.digest ~= '' then redis.call('HSET', K.device(device), 'digest', beat.digest) end
    for _, job in ipairs(redis.call('ZRANGE', K.device_jobs(device), 0, -1)) do
      if redis.call('HGET', K.job(job), 'cancel') then cancels[#cancels + 1] = job end
    end
    yield = should_yield(device, aging_ms)
  end
  reply[#reply + 1] = { device, fenced and 1 or 0, yield and 1 or 0, cancels, lost }
end
return reply
