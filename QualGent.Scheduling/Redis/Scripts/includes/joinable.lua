--- @include "keys"
--- @include "clock"
--- @include "policy"
--- @include "room"
--- @include "is_barred"

-- Whether a device may visit an open group: nil, or the work left per device that serves it. A device that has the build
-- needs no installation; any other joins only where theta says that one pays. A free device that has the build counts as
-- serving the group for a short while, unless a retry waits that may be meant for another.
local function joinable(device, warm, group, theta)
  if is_barred(device, group) then return nil end
  local build, opened_ms, avoid_until_ms = unpack(redis.call('HMGET', K.group(group), 'build', 'opened_ms', 'avoid_until_ms'))
  local devices = redis.call('SCARD', K.bound(group))
  if build ~= warm and tonumber(avoid_until_ms or 0) <= now_ms then
    -- All of them when the group has just opened, else those that have just become free or come back.
    local since_ms = now_ms - tonumber(opened_ms) < POLICY.warm_wait_ms and '-inf' or string.format('(%.0f', now_ms - POLICY.warm_wait_ms)
    devices = devices + redis.call('ZCOUNT', K.warm(build), since_ms, '+inf')
  end
  local more, work = room(group, devices, theta)
  return (more > 0 or build == warm) and work or nil
end
