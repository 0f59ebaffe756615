#!lua flags=allow-oom
-- Repairs lost wake-ups: a woken device that has not claimed in time is idle again, and the work it was meant for wakes the next.
-- Lets one more device into groups that have made no progress for long.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms
-- Returns: whether more is waiting
-- Events: wake-ups
--- @include "keys"
--- @include "clock"
--- @include "park"
--- @include "place_group"
--- @include "unpark"
--- @include "wake_class"
--- @include "wake_group"

local overdue = redis.call('ZRANGEBYSCORE', K.woken, '-inf', string.format('%.0f', now_ms), 'LIMIT', 0, 16)
local classes = {}
for _, device in ipairs(overdue) do
  unpark(device)
  park(device)
  for _, class in ipairs(redis.call('SMEMBERS', K.device_classes(device))) do classes[class] = true end
end
local names = {}
for class in pairs(classes) do names[#names + 1] = class end
table.sort(names)
for _, class in ipairs(names) do wake_class(class) end
local stalled = redis.call('ZRANGEBYSCORE', K.stalled, '-inf', string.format('%.0f', now_ms), 'LIMIT', 0, 16)
for _, group in ipairs(stalled) do
  place_group(group)
  wake_group(group)
end
return math.max(#overdue, #stalled) == 16 and 1 or 0
