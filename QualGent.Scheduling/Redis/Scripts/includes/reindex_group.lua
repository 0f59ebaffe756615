--- @include "keys"
--- @include "place_group"

-- Brings lane, group and organisation indexes in line with the lane's ready jobs. Every change of a lane ends with this. All
-- of them go by the lane's first job: most submissions queue up behind it and leave them as they are.
local function reindex_group(group, lane)
  local head = redis.call('ZRANGE', K.ready(lane), 0, 0, 'WITHSCORES')
  if head[2] and head[2] == redis.call('ZSCORE', K.lanes(group), lane) then return end
  if head[2] then redis.call('ZADD', K.lanes(group), head[2], lane) else redis.call('ZREM', K.lanes(group), lane) end
  place_group(group)
end
