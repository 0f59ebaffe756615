--- @include "keys"
--- @include "clock"
--- @include "reindex_org"

-- Brings lane, group and organisation indexes in line with the lane's ready jobs. Every change of a lane ends with this.
local function reindex_group(group, lane)
  local head = redis.call('ZRANGE', K.ready(lane), 0, 0, 'WITHSCORES')
  if head[2] then redis.call('ZADD', K.lanes(group), head[2], lane) else redis.call('ZREM', K.lanes(group), lane) end
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
