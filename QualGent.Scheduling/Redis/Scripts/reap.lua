#!lua flags=allow-oom
-- Takes back what devices with an expired lease hold, at most 8 devices a call. It asks about an outage once more: Redis may
-- have been frozen between the sweep's guard and this call.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 losses_max  3 outage_ms
-- Returns: {more is waiting, devices taken back, jobs taken back}
-- Events: job, run_ended, wake-ups
--- @include "keys"
--- @include "clock"
--- @include "outage"
--- @include "take_back"
--- @include "settle"

if leases_stand(tonumber(ARGV[3])) then return { 0, 0, 0 } end
local devices = redis.call('ZRANGEBYSCORE', K.leases, '-inf', '(' .. string.format('%.0f', now_ms), 'LIMIT', 0, 8)
local jobs = 0
for _, device in ipairs(devices) do jobs = jobs + #take_back(device, tonumber(ARGV[2])) end
settle()
return { #devices == 8 and 1 or 0, #devices, jobs }
