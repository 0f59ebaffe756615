--- @include "keys"
--- @include "clock"
--- @include "policy"
--- @include "group_work"
--- @include "is_barred"

-- Whether one more device is worth the installation: nobody serves the group yet, or it is theta installations long per
-- device. A free device that already has the build counts as serving it for a short while.
local function joinable(device, warm, group, theta)
  if is_barred(device, group) then return false end
  local devices = redis.call('SCARD', K.bound(group))
  local build, opened_ms = unpack(redis.call('HMGET', K.group(group), 'build', 'opened_ms'))
  if build ~= warm then
    -- All of them when the group has just opened, else those that have just become free or come back.
    local since_ms = now_ms - tonumber(opened_ms) < POLICY.warm_wait_ms and '-inf' or string.format('(%.0f', now_ms - POLICY.warm_wait_ms)
    devices = devices + redis.call('ZCOUNT', K.warm(build), since_ms, '+inf')
  end
  if devices == 0 then return true end
  local ready, estimate_ms = group_work(group)
  return ready * estimate_ms > theta * POLICY.install_ms * devices
end
