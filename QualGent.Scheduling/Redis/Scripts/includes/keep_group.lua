--- @include "keys"
--- @include "clock"

-- Makes sure the group's own record and its requirement class exist. Both are forgotten when nothing used them for the
-- retention time. No device has said yet whether it serves a new class: whoever submitted declares it for all that do, which
-- wakes as many as are needed, and the next claim of the others finds out.
local function keep_group(group, org, app, class)
  if redis.call('ZADD', K.groups, now_ms, group) == 1 then
    redis.call('HSET', K.group(group), 'org', org, 'app', app, 'class', class, 'build', org .. '|' .. app)
  end
  if redis.call('ZADD', K.classes, now_ms, class) == 1 then redis.call('INCR', K.classes_version) end
end
