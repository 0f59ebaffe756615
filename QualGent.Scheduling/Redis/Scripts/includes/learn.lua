--- @include "keys"
--- @include "policy"

-- Moves one of a group's expected times towards a measurement; the first one counts in full.
local function learn(group, field, measured_ms)
  local known = tonumber(redis.call('HGET', K.group(group), field) or measured_ms)
  redis.call('HSET', K.group(group), field, math.max(1, math.floor(known + POLICY.smoothing * (measured_ms - known))))
end
