--- @include "keys"
--- @include "wake_group"

-- Wakes devices for the first open groups of a class.
local function wake_class(class)
  local org = redis.call('ZRANGE', K.open_orgs(class), 0, 0)[1]
  if not org then return end
  for _, group in ipairs(redis.call('ZRANGE', K.open_groups(class, org), 0, 3)) do wake_group(group) end
end
