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
  if build ~= warm and now_ms - tonumber(opened_ms) < POLICY.warm_wait_ms then
    devices = devices + redis.call('ZCARD', K.warm(build))
  end
  if devices == 0 then return true end
  local ready, estimate_ms = group_work(group)
  return ready * estimate_ms > theta * POLICY.install_ms * devices
end
