--- @include "keys"
--- @include "clock"
--- @include "policy"
--- @include "choose_group"

-- Whether a device should leave a group that still has work: another organisation would still have fewer devices
-- afterwards, or waiting work is more than one priority level senior. Never before the visit has paid for its
-- installation, and never while an idle device could serve instead.
local function should_yield(device, aging_ms)
  local group, bound_ms = unpack(redis.call('HMGET', K.device(device), 'group', 'bound_ms'))
  if not group or now_ms - tonumber(bound_ms) < POLICY.install_ms then return false end
  local other = choose_group(device, redis.call('SMEMBERS', K.device_classes(device)), nil, aging_ms, group)
  if not other then return false end
  local org, class = unpack(redis.call('HMGET', K.group(group), 'org', 'class'))
  local other_org, other_class = unpack(redis.call('HMGET', K.group(other), 'org', 'class'))
  if redis.call('ZCARD', K.idle(other_class)) > 0 then return false end
  if other_org ~= org and redis.call('SCARD', K.org_devices(other_org)) + 1 < redis.call('SCARD', K.org_devices(org)) then return true end
  local own_score = redis.call('ZSCORE', K.open_groups(class, org), group)
  local other_score = redis.call('ZSCORE', K.open_groups(other_class, other_org), other)
  return own_score and tonumber(other_score) + aging_ms < tonumber(own_score)
end
