--- @include "keys"
--- @include "clock"
--- @include "avoids"

-- Whether a device has nothing to look for in a group: its build failed to install there a short while ago, or all that waits,
-- as far as a claim looks, are retries that another device should have.
local function is_barred(device, group)
  local until_ms = redis.call('ZSCORE', K.barred(group), device)
  if until_ms and tonumber(until_ms) > now_ms then return true end
  if tonumber(redis.call('HGET', K.group(group), 'avoid_until_ms') or 0) <= now_ms then return false end
  for _, lane in ipairs(redis.call('ZRANGE', K.lanes(group), 0, 15)) do
    for _, job in ipairs(redis.call('ZRANGE', K.ready(lane), 0, 15)) do
      if not avoids(device, job) then return false end
    end
  end
  return true
end
