--- @include "keys"
--- @include "clock"

-- Makes sure the group's own record exists; it is forgotten when the group was not used for the retention time.
local function keep_group(run)
  local group, org, app, class = unpack(redis.call('HMGET', K.run(run), 'group', 'org', 'app', 'class'))
  redis.call('HSET', K.group(group), 'org', org, 'app', app, 'class', class, 'build', org .. '|' .. app)
  redis.call('ZADD', K.groups, now_ms, group)
  return group
end
