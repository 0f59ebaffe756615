--- @include "keys"
--- @include "charge"
--- @include "group_facts"
--- @include "place_group"
--- @include "reindex_org"

-- Ends a device's visit to its group, if it has one; returns the group's organisation.
local function unbind(device)
  local group = redis.call('HGET', K.device(device), 'group')
  if not group then return nil end
  local org = group_facts(group)
  charge(device, org)
  redis.call('SREM', K.bound(group), device)
  redis.call('SREM', K.org_devices(org), device)
  redis.call('HDEL', K.device(device), 'group', 'bound_ms', 'charged_ms', 'cold_ms')
  redis.call('HSET', K.device(device), 'mode', 'fresh')
  place_group(group)
  reindex_org(org)
  return org
end
