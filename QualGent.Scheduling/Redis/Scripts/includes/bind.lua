--- @include "keys"
--- @include "clock"
--- @include "reindex_org"

-- Begins a device's visit to a group.
local function bind(device, group)
  local org, build = unpack(redis.call('HMGET', K.group(group), 'org', 'build'))
  redis.call('HSET', K.device(device), 'group', group, 'warm', build, 'mode', 'bound', 'bound_ms', now_ms)
  redis.call('SADD', K.bound(group), device)
  redis.call('SADD', K.org_devices(org), device)
  redis.call('HSET', K.org(org), 'served_ms', now_ms)
  reindex_org(org)
end
