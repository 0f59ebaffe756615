--- @include "keys"

local known_groups = {}

-- A group's organisation, class and build, which never change, read once per call; nothing of a group that is unknown.
local function group_facts(group)
  if not known_groups[group] then
    local facts = redis.call('HMGET', K.group(group), 'org', 'class', 'build')
    if not facts[1] then return nil end
    known_groups[group] = facts
  end
  return unpack(known_groups[group])
end
