--- @include "keys"
--- @include "clock"

-- Whether nobody has swept for so long that leases may have ended only because Redis, or everybody's way to it, was away.
local function is_outage(outage_ms)
  local last_ms = tonumber(redis.call('HGET', K.sweep, 'last_ms') or 0)
  return last_ms > 0 and now_ms - last_ms > outage_ms
end

-- Whether leases count as standing although they have ended: during an outage, and one period from the first sweep behind it.
local function leases_stand(outage_ms)
  return is_outage(outage_ms) or tonumber(redis.call('HGET', K.sweep, 'grace_ms') or 0) > now_ms
end
