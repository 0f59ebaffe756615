--- @include "keys"
--- @include "place_group"

-- Brings the groups of a build in line, one per class (of at most 1,000, almost all of which it does not have).
local function place_build(build)
  for _, class in ipairs(redis.call('ZRANGE', K.classes, 0, -1)) do
    local group = build .. '|' .. class
    if redis.call('EXISTS', K.lanes(group)) == 1 then place_group(group) end
  end
end
