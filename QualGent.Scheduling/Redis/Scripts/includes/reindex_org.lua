--- @include "keys"

-- Puts the organisation where the choice of a claim looks: fewest devices first, then the one served longest ago.
local function reindex_org(org)
  local served_ms = tonumber(redis.call('HGET', K.org(org), 'served_ms') or 0)
  local score = redis.call('SCARD', K.org_devices(org)) * 2 ^ 41 + served_ms
  for _, class in ipairs(redis.call('SMEMBERS', K.org_classes(org))) do
    if redis.call('EXISTS', K.open_groups(class, org)) == 1 then
      redis.call('ZADD', K.open_orgs(class), score, org)
    else
      redis.call('ZREM', K.open_orgs(class), org)
      redis.call('SREM', K.org_classes(org), class)
    end
  end
end
