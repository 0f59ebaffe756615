--- @include "keys"
--- @include "clock"
--- @include "group_facts"
--- @include "place_group"

-- Brings lane, group and organisation indexes in line with the lane's ready jobs. Every change of a lane ends with this. Where
-- jobs were only added, behind the first one of an open group, it has nothing to do: most submissions come to that.
local function reindex_group(group, lane, only_added)
  local head = redis.call('ZRANGE', K.ready(lane), 0, 0, 'WITHSCORES')
  if only_added and head[2] == redis.call('ZSCORE', K.lanes(group), lane) then
    local org, class = group_facts(group)
    if redis.call('ZSCORE', K.open_groups(class, org), group) then return end
  end
  if not head[2] then
    redis.call('ZREM', K.lanes(group), lane)
  elseif redis.call('ZADD', K.lanes(group), head[2], lane) == 1 and redis.call('ZCARD', K.lanes(group)) == 1 then
    redis.call('HSET', K.group(group), 'opened_ms', now_ms, 'progress_ms', now_ms)
    redis.call('HDEL', K.group(group), 'tried')
  end
  place_group(group)
end
