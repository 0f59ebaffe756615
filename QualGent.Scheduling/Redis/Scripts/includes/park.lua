--- @include "keys"
--- @include "clock"

-- Registers a device without work as idle in every class it serves, and as warm for the build it has.
local function park(device)
  for _, class in ipairs(redis.call('SMEMBERS', K.device_classes(device))) do
    redis.call('ZADD', K.idle(class), now_ms, device)
  end
  local warm = redis.call('HGET', K.device(device), 'warm')
  if warm then redis.call('ZADD', K.warm(warm), now_ms, device) end
  redis.call('HSET', K.device(device), 'mode', 'idle')
end
