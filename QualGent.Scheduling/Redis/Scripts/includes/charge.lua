--- @include "keys"
--- @include "clock"

-- Adds the time a device has spent on an organisation since the last charge, installations included, to the organisation's
-- virtual time: device minutes divided by its weight.
local function charge(device, org)
  local since_ms = redis.call('HGET', K.device(device), 'charged_ms')
  local weight, virtual_time = unpack(redis.call('HMGET', K.org(org), 'weight', 'virtual_time'))
  local spent = math.max(0, now_ms - since_ms) / 60000 / tonumber(weight or 1)
  redis.call('HSET', K.org(org), 'virtual_time', string.format('%.4f', tonumber(virtual_time or 0) + spent))
  redis.call('HSET', K.device(device), 'charged_ms', now_ms)
end
