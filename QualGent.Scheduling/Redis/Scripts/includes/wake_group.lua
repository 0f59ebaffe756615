--- @include "keys"
--- @include "policy"
--- @include "group_work"
--- @include "is_barred"
--- @include "wake_device"

-- Wakes as many idle devices as an open group can use: those that have the build first, then the longest idle.
local function wake_group(group)
  local org, class, build = unpack(redis.call('HMGET', K.group(group), 'org', 'class', 'build'))
  if not org or redis.call('EXISTS', K.idle(class)) == 0 or not redis.call('ZSCORE', K.open_groups(class, org), group) then return end
  local ready, estimate_ms = group_work(group)
  local usable = math.min(ready, math.max(1, math.ceil(ready * estimate_ms / (POLICY.theta_idle * POLICY.install_ms))))
  local need = math.min(16, usable - redis.call('SCARD', K.bound(group)) - redis.call('SCARD', K.called(group)))
  if need <= 0 then return end
  for _, list in ipairs({ K.warm(build), K.idle(class) }) do
    for _, device in ipairs(redis.call('ZRANGE', list, 0, 31)) do
      if need > 0 and redis.call('ZSCORE', K.idle(class), device) and not is_barred(device, group) then
        wake_device(device, group)
        need = need - 1
      end
    end
  end
end
