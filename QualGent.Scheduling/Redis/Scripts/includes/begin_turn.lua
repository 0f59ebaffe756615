--- @include "keys"

-- An organisation that comes back without any device starts level with the one served last: nobody saves up turns.
local function begin_turn(org)
  if redis.call('SCARD', K.org_devices(org)) > 0 then return end
  local own = tonumber(redis.call('HGET', K.org(org), 'virtual_time') or 0)
  local served = redis.call('GET', K.virtual_time) or '0'
  if tonumber(served) > own then redis.call('HSET', K.org(org), 'virtual_time', served) end
end
