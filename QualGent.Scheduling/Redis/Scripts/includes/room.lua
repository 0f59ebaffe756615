--- @include "clock"
--- @include "group_work"

-- How many more devices a group is worth an installation on, when it has some already, and how much work is left per device.
-- The work W of r devices ends sooner on one more only if W > r installations (theta 1); a higher theta asks for more.
-- The first device is always worth it, and so is one more when the others have made no progress for long.
local function room(group, devices, theta)
  local ready, estimate_ms, install_ms, stalled_ms = group_work(group)
  local worth = math.ceil(ready * estimate_ms / (theta * install_ms)) - devices
  if devices == 0 or now_ms >= stalled_ms then worth = math.max(1, worth) end
  return math.min(ready, worth), ready * estimate_ms / math.max(1, devices), stalled_ms
end
