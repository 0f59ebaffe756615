--- @include "keys"
--- @include "clock"

-- Whether the group's build failed to install on the device a short while ago.
local function is_barred(device, group)
  local until_ms = redis.call('ZSCORE', K.barred(group), device)
  return until_ms and tonumber(until_ms) > now_ms
end
