#!lua flags=allow-oom
-- An agent takes ownership of devices. What a former life of it held goes back to the queue; a device of another agent whose lease
-- stands is refused. One that may hold a batch is dear, so the caller names few at once.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 agent  3 name  4 host  5 lease_ms  6 losses_max  7 version of the classes the lists refer to
--   8 JSON list of {id, serial, provider, target, platform, labels = JSON text, classes = list}, at most 8  9 outage_ms
-- Returns: per device {id, epoch} or {id, 0, agent that owns it}
-- Events: job (taken back), run_ended, wake-ups
--- @include "keys"
--- @include "clock"
--- @include "enlist"
--- @include "outage"
--- @include "take_back"
--- @include "settle"

local agent, lease_ms, losses_max = ARGV[2], tonumber(ARGV[5]), tonumber(ARGV[6])
local reply = {}
redis.call('SADD', K.agents, agent)
redis.call('HSET', K.agent(agent), 'name', ARGV[3], 'host', ARGV[4], 'seen_ms', now_ms)
local all_stand = leases_stand(tonumber(ARGV[9]))
for _, device in ipairs(cjson.decode(ARGV[8])) do
  local id = device.id
  local owner = redis.call('HGET', K.device(id), 'agent')
  local lease_end = tonumber(redis.call('ZSCORE', K.leases, id) or 0)
  if owner and owner ~= agent and lease_end > 0 and (lease_end > now_ms or all_stand) then
    reply[#reply + 1] = { id, 0, owner }
  else
    if owner then
      take_back(id, losses_max)
      redis.call('SREM', K.agent_devices(owner), id)
    end
    if redis.call('HEXISTS', K.device(id), 'epoch') == 0 then redis.call('HSET', K.device(id), 'epoch', now_ms) end
    redis.call('HSET', K.device(id), 'agent', agent, 'host', ARGV[4], 'serial', device.serial, 'provider', device.provider,
      'target', device.target, 'platform', device.platform, 'labels', device.labels, 'mode', 'fresh', 'classes_version', ARGV[7])
    -- A device that comes back has a moment to claim before its build is installed on another one.
    local warm, duty = unpack(redis.call('HMGET', K.device(id), 'warm', 'duty'))
    if warm and not duty then redis.call('ZADD', K.warm(warm), now_ms, id) end
    redis.call('DEL', K.device_classes(id))
    for _, class in ipairs(device.classes) do redis.call('SADD', K.device_classes(id), class) end
    enlist(id)
    redis.call('SADD', K.devices, id)
    redis.call('SADD', K.agent_devices(agent), id)
    redis.call('ZREM', K.offline, id)
    redis.call('ZADD', K.leases, now_ms + lease_ms, id)
    reply[#reply + 1] = { id, tonumber(redis.call('HGET', K.device(id), 'epoch')) }
  end
end
settle()
return reply
