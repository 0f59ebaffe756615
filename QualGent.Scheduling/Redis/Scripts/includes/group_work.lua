--- @include "keys"
--- @include "clock"
--- @include "policy"

-- Ready jobs of a group (of its first 16 lanes), the expected times of one and of an installation, in milliseconds, and the
-- instant from which lack of progress lets one more device in.
local function group_work(group)
  local ready = 0
  for _, lane in ipairs(redis.call('ZRANGE', K.lanes(group), 0, 15)) do
    ready = ready + redis.call('ZCARD', K.ready(lane))
  end
  local estimate_ms, install_ms, progress_ms = unpack(redis.call('HMGET', K.group(group), 'estimate_ms', 'install_ms', 'progress_ms'))
  install_ms = tonumber(install_ms or POLICY.install_ms)
  return ready, tonumber(estimate_ms or POLICY.estimate_ms), install_ms, tonumber(progress_ms or now_ms) + POLICY.patience * install_ms
end
