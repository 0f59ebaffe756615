#!lua flags=allow-oom
-- An agent gives all its devices back. Held jobs whose file has not begun return uncharged.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 agent  3 losses_max
-- Returns: number of devices
-- Events: job, wake-ups
--- @include "keys"
--- @include "take_back"
--- @include "settle"

local devices = redis.call('SMEMBERS', K.agent_devices(ARGV[2]))
for _, device in ipairs(devices) do
  if redis.call('ZSCORE', K.leases, device) then take_back(device, tonumber(ARGV[3])) end
end
settle()
return #devices
