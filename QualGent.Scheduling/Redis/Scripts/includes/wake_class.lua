--- @include "keys"
--- @include "wake_group"

-- Wakes idle devices for the first open groups of a class.
local function wake_class(class)
  for _, org in ipairs(redis.call('ZRANGE', K.open_orgs(class), 0, 3)) do
    for _, group in ipairs(redis.call('ZRANGE', K.open_groups(class, org), 0, 3)) do wake_group(group) end
  end
end
