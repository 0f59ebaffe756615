--- @include "keys"

-- Counts a device among those that could serve its classes, unless it is offline or off duty.
local function enlist(device)
  local mode, duty = unpack(redis.call('HMGET', K.device(device), 'mode', 'duty'))
  if mode == 'offline' or duty then return end
  for _, class in ipairs(redis.call('SMEMBERS', K.device_classes(device))) do redis.call('SADD', K.class_devices(class), device) end
end
