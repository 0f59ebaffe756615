--- @include "keys"
--- @include "clock"
--- @include "group_facts"

-- Begins a device's visit to a group. The jobs it takes next bring the indexes in line.
local function bind(device, group)
  local org, _, build = group_facts(group)
  if redis.call('HGET', K.device(device), 'warm') ~= build then redis.call('HSET', K.device(device), 'cold_ms', now_ms) end
  redis.call('HSET', K.device(device), 'group', group, 'warm', build, 'mode', 'bound', 'bound_ms', now_ms, 'charged_ms', now_ms)
  redis.call('SADD', K.bound(group), device)
  redis.call('SADD', K.org_devices(org), device)
  redis.call('SET', K.virtual_time, redis.call('HGET', K.org(org), 'virtual_time') or 0)
end
