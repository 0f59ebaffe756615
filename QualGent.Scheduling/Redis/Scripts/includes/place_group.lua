--- @include "keys"
--- @include "clock"
--- @include "reindex_org"

-- Puts the group where the choice of a claim looks, by its most senior lane, or takes it out.
local function place_group(group)
  local org, class = unpack(redis.call('HMGET', K.group(group), 'org', 'class'))
  local first = redis.call('ZRANGE', K.lanes(group), 0, 0, 'WITHSCORES')
  if first[2] and not redis.call('ZSCORE', K.condemned, group) then
    if redis.call('ZADD', K.open_groups(class, org), first[2], group) == 1 then
      redis.call('HSET', K.group(group), 'opened_ms', now_ms)
    end
    redis.call('SADD', K.org_classes(org), class)
  else
    redis.call('ZREM', K.open_groups(class, org), group)
  end
  reindex_org(org)
end
