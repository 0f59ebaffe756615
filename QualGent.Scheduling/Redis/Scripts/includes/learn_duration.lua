--- @include "keys"
--- @include "policy"

-- A file of the group ran to its end: its build installs, and the expected time of a file moves towards this one's.
local function learn_duration(group, duration_ms)
  redis.call('DEL', K.failed_on(group))
  if duration_ms == '' then return end
  local estimate_ms = tonumber(redis.call('HGET', K.group(group), 'estimate_ms') or POLICY.estimate_ms)
  estimate_ms = estimate_ms + POLICY.smoothing * (tonumber(duration_ms) - estimate_ms)
  redis.call('HSET', K.group(group), 'estimate_ms', math.max(1, math.floor(estimate_ms)))
end
