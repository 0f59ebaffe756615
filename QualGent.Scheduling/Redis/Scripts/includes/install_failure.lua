--- @include "keys"
--- @include "clock"
--- @include "group_facts"
--- @include "place_group"
--- @include "policy"

-- Bars the device for the group. Once the build failed on install_devices different ones (or on all there are) every job
-- accepted until now is to end: answers true for the reporting one, the queued ones follow by condemn.lua.
local function install_failure(device, group, run)
  redis.call('HDEL', K.device(device), 'warm')
  local created_ms = tonumber(redis.call('HGET', K.run(run), 'created_ms'))
  local condemned_ms = tonumber(redis.call('HGET', K.group(group), 'condemned_ms') or -1)
  if created_ms <= condemned_ms then return true end
  redis.call('ZADD', K.barred(group), now_ms + POLICY.bar_ms, device)
  redis.call('SADD', K.failed_on(group), device)
  local _, class = group_facts(group)
  local could_serve = redis.call('SCARD', K.class_devices(class))
  if redis.call('SCARD', K.failed_on(group)) < math.min(POLICY.install_devices, could_serve) then return false end
  redis.call('DEL', K.failed_on(group), K.barred(group))
  redis.call('HSET', K.group(group), 'condemned_ms', now_ms, 'condemn_at', 0)
  redis.call('ZADD', K.condemned, now_ms, group)
  place_group(group)
  return true
end
