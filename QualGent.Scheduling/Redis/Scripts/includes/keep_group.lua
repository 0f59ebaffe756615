--- @include "keys"
--- @include "clock"

-- Makes sure the group's own record and its requirement class exist. Both are forgotten when nothing used them for the
-- retention time. Idle devices have not said whether they serve a new class: their next claim finds out.
local function keep_group(group, org, app, class)
  if redis.call('ZADD', K.groups, now_ms, group) == 1 then
    redis.call('HSET', K.group(group), 'org', org, 'app', app, 'class', class, 'build', org .. '|' .. app)
  end
  if redis.call('ZADD', K.classes, now_ms, class) == 1 then
    redis.call('INCR', K.classes_version)
    for _, device in ipairs(redis.call('SMEMBERS', K.devices)) do
      local mode, agent = unpack(redis.call('HMGET', K.device(device), 'mode', 'agent'))
      if mode == 'idle' then redis.call('PUBLISH', K.wake(agent), 'claim ' .. device) end
    end
  end
end
