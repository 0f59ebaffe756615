--- @include "keys"
--- @include "policy"

-- Moves one of a group's expected times towards each of some measurements; the first one ever counts in full.
local function learn(group, field, measured_ms)
  if #measured_ms == 0 then return end
  local known = tonumber(redis.call('HGET', K.group(group), field) or measured_ms[1])
  for _, ms in ipairs(measured_ms) do known = math.max(1, math.floor(known + POLICY.smoothing * (ms - known))) end
  redis.call('HSET', K.group(group), field, known)
end
