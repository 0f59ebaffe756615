--- @include "keys"
--- @include "clock"
--- @include "policy"

-- Turns an idle device into a woken one and tells its agent to claim. It stays listed as warm until it has claimed.
local function wake_device(device, group)
  for _, class in ipairs(redis.call('SMEMBERS', K.device_classes(device))) do
    redis.call('ZREM', K.idle(class), device)
  end
  redis.call('ZADD', K.woken, now_ms + POLICY.wake_ms, device)
  redis.call('HSET', K.device(device), 'mode', 'woken')
  if group then
    redis.call('HSET', K.device(device), 'called_for', group)
    redis.call('SADD', K.called(group), device)
  end
  redis.call('PUBLISH', K.wake(redis.call('HGET', K.device(device), 'agent')), 'claim ' .. device)
end
