--- @include "keys"
--- @include "policy"
--- @include "group_facts"
--- @include "group_work"
--- @include "has_work"
--- @include "is_barred"
--- @include "org_room"
--- @include "room"
--- @include "wake_device"

-- Wakes as many idle devices as a group can use: those that have its build first, each worth a job, then the longest idle, as
-- many as are worth an installation.
local function wake_group(group)
  local org, class, build = group_facts(group)
  if not org or redis.call('EXISTS', K.idle(class)) == 0 or not has_work(group) then return end
  local ready = group_work(group)
  local called = redis.call('SCARD', K.called(group))
  local most = math.min(16, org_room(org) - called, ready - called)
  local cold = room(group, redis.call('SCARD', K.bound(group)), POLICY.theta_idle) - called
  for _, list in ipairs({ K.warm(build), K.idle(class) }) do
    for _, device in ipairs(redis.call('ZRANGE', list, 0, 31)) do
      local wanted = most > 0 and (cold > 0 or list == K.warm(build))
      if wanted and redis.call('ZSCORE', K.idle(class), device) and not is_barred(device, group) then
        wake_device(device, group)
        most, cold = most - 1, cold - 1
      end
    end
  end
end
