#!lua flags=allow-oom
-- Takes a device off duty or puts it back. Off duty it ends its batch at the next file boundary and takes nothing more until
-- it is put back, also after its agent has begun a new life. Idempotent.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 device  3 'draining', 'quarantined', or '' for on duty
-- Returns: 1, or 0 when the device is unknown
-- Events: 'beat' or 'claim' to its agent, wake-ups
--- @include "keys"
--- @include "enlist"
--- @include "unpark"
--- @include "wake_group"

local device, duty = ARGV[2], ARGV[3]
local mode, agent, called_for = unpack(redis.call('HMGET', K.device(device), 'mode', 'agent', 'called_for'))
if not mode then return 0 end
if duty == '' then
  if redis.call('HDEL', K.device(device), 'duty') == 0 then return 1 end
  if mode == 'resting' then redis.call('HSET', K.device(device), 'mode', 'fresh') end
  enlist(device)
  redis.call('PUBLISH', K.wake(agent), 'claim ' .. device)
else
  redis.call('HSET', K.device(device), 'duty', duty)
  for _, class in ipairs(redis.call('SMEMBERS', K.device_classes(device))) do redis.call('SREM', K.class_devices(class), device) end
  if mode ~= 'bound' and mode ~= 'offline' then
    unpark(device)
    redis.call('HSET', K.device(device), 'mode', 'resting')
    if called_for then wake_group(called_for) end
  end
  redis.call('PUBLISH', K.wake(agent), 'beat ' .. device)
end
return 1
