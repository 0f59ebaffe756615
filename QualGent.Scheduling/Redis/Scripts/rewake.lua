#!lua flags=allow-oom
-- Repairs lost wake-ups: a woken device that has not claimed in time is idle again, and the work it was meant for wakes the next.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms
-- Returns: whether more is waiting
-- Events: wake-ups
--- @include "keys"
--- @include "clock"
--- @include "park"
--- @include "unpark"
--- @include "wake_class"

local overdue = redis.call('ZRANGEBYSCORE', K.woken, '-inf', string.format('%.0f', now_ms), 'LIMIT', 0, 16)
local classes = {}
for _, device in ipairs(overdue) do
  unpark(device)
  park(device)
  for _, class in ipairs(redis.call('SMEMBERS', K.device_classes(device))) do classes[class] = true end
end
for class in pairs(classes) do wake_class(class) end
return #overdue == 16 and 1 or 0
