--- @include "keys"
--- @include "policy"

-- Ready jobs of a group (of its first 16 lanes) and the expected time of one, in milliseconds.
local function group_work(group)
  local ready = 0
  for _, lane in ipairs(redis.call('ZRANGE', K.lanes(group), 0, 15)) do
    ready = ready + redis.call('ZCARD', K.ready(lane))
  end
  return ready, tonumber(redis.call('HGET', K.group(group), 'estimate_ms') or POLICY.estimate_ms)
end
