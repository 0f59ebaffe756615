--- @include "keys"

-- Puts the organisation where the choice of a claim looks, or takes it out while it is paused or has all the devices it may
-- have. First the one that would have the fewest devices for its weight with one more; among equals the one that has had the
-- least device time for its weight. Ends every change of its devices, its open groups, its settings or its virtual time.
local function reindex_org(org)
  local weight, cap, virtual_time = unpack(redis.call('HMGET', K.org(org), 'weight', 'cap', 'virtual_time'))
  local devices = redis.call('SCARD', K.org_devices(org))
  local may_grow = devices < tonumber(cap or math.huge) and redis.call('SISMEMBER', K.paused, org) == 0
  -- 2^32 device minutes are 8,000 device years; share and time fit into the 53 bits of a score.
  local share = math.min(2 ^ 20 - 1, math.floor(64 * (devices + 1) / tonumber(weight or 1)))
  local score = share * 2 ^ 32 + math.min(tonumber(virtual_time or 0), 2 ^ 32 - 1)
  for _, class in ipairs(redis.call('SMEMBERS', K.org_classes(org))) do
    local has_work = redis.call('EXISTS', K.open_groups(class, org)) == 1
    if has_work and may_grow then
      redis.call('ZADD', K.open_orgs(class), score, org)
    else
      redis.call('ZREM', K.open_orgs(class), org)
    end
    if not has_work then redis.call('SREM', K.org_classes(org), class) end
  end
end
