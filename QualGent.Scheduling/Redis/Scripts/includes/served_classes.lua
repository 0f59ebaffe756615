--- @include "keys"

-- The classes a device serves, in an order that does not depend on how Redis keeps a set.
local function served_classes(device)
  local classes = redis.call('SMEMBERS', K.device_classes(device))
  table.sort(classes)
  return classes
end
