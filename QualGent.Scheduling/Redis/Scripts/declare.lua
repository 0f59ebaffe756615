#!lua flags=allow-oom
-- A device says which requirement classes it serves, after the list of classes has changed.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 device  3 epoch  4 version of the classes  5… classes it serves
-- Returns: 1, or 0 when the epoch does not stand
-- Events: wake-ups
--- @include "keys"
--- @include "enlist"
--- @include "park"
--- @include "unpark"
--- @include "wake_class"

local device = ARGV[2]
if redis.call('HGET', K.device(device), 'epoch') ~= ARGV[3] or not redis.call('ZSCORE', K.leases, device) then return 0 end
local mode = redis.call('HGET', K.device(device), 'mode')
unpark(device)
for _, class in ipairs(redis.call('SMEMBERS', K.device_classes(device))) do
  redis.call('SREM', K.class_devices(class), device)
end
redis.call('DEL', K.device_classes(device))
for i = 5, #ARGV do redis.call('SADD', K.device_classes(device), ARGV[i]) end
enlist(device)
redis.call('HSET', K.device(device), 'classes_version', ARGV[4])
if mode == 'idle' or mode == 'woken' then
  park(device)
  for i = 5, #ARGV do wake_class(ARGV[i]) end
end
return 1
