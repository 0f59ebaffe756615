--- @include "keys"

local known_serving = {}

-- Registered devices that serve a class; -1 when no device is registered at all.
local function serving(class)
  if not known_serving[class] then
    local devices = redis.call('SCARD', K.class_devices(class))
    known_serving[class] = devices == 0 and redis.call('EXISTS', K.devices) == 0 and -1 or devices
  end
  return known_serving[class]
end
