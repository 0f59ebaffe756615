--- @include "keys"
--- @include "wake_group"

-- Wakes idle devices for the first open groups of an organisation, after it became able to have more devices.
local function wake_org(org)
  local classes = redis.call('SMEMBERS', K.org_classes(org))
  table.sort(classes)
  for i = 1, math.min(16, #classes) do
    for _, group in ipairs(redis.call('ZRANGE', K.open_groups(classes[i], org), 0, 3)) do wake_group(group) end
  end
end
