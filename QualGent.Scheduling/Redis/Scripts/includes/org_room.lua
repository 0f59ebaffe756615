--- @include "keys"

-- How many more devices an organisation may have; negative after its cap was lowered.
local function org_room(org)
  return tonumber(redis.call('HGET', K.org(org), 'cap') or math.huge) - redis.call('SCARD', K.org_devices(org))
end
