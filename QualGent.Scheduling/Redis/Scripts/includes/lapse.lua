--- @include "keys"
--- @include "clock"
--- @include "numeral"

-- Notes when a sweep cancels the run: at its time limit (limit_ms, an instant), or a lease (lease_ms, a duration) from now,
-- whichever comes first. Either may be missing: '' or false.
local function lapse(run, limit_ms, lease_ms)
  local at = math.min(tonumber(limit_ms or '') or math.huge, now_ms + (tonumber(lease_ms or '') or math.huge))
  if at < math.huge then redis.call('ZADD', K.lapsing, numeral(at), run) end
end
