--- @include "keys"

-- Takes a device out of everything an idle, woken or newly registered one is in.
local function unpark(device)
  local mode, warm, called_for = unpack(redis.call('HMGET', K.device(device), 'mode', 'warm', 'called_for'))
  if warm then redis.call('ZREM', K.warm(warm), device) end
  if mode ~= 'idle' and mode ~= 'woken' then return end
  for _, class in ipairs(redis.call('SMEMBERS', K.device_classes(device))) do
    redis.call('ZREM', K.idle(class), device)
  end
  if called_for then redis.call('SREM', K.called(called_for), device) end
  redis.call('ZREM', K.woken, device)
  redis.call('HDEL', K.device(device), 'called_for')
  redis.call('HSET', K.device(device), 'mode', 'fresh')
end
