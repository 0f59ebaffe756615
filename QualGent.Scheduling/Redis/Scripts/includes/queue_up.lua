--- @include "keys"
--- @include "reindex_group"
--- @include "wake_group"

-- Puts jobs (score, id, score, id …; at most 1,000) into a lane of a known group.
local function queue_up(group, lane, entries)
  redis.call('ZADD', K.ready(lane), unpack(entries))
  reindex_group(group, lane, true)
  wake_group(group)
end
