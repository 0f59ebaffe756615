--- @include "keys"
--- @include "reindex_org"

-- Ends a device's visit to its group, if it has one; returns that group.
local function unbind(device)
  local group = redis.call('HGET', K.device(device), 'group')
  if not group then return nil end
  local org = redis.call('HGET', K.group(group), 'org')
  redis.call('SREM', K.bound(group), device)
  redis.call('SREM', K.org_devices(org), device)
  redis.call('HDEL', K.device(device), 'group', 'bound_ms')
  redis.call('HSET', K.device(device), 'mode', 'fresh')
  reindex_org(org)
  return group
end
