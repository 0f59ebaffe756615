--- @include "keys"
--- @include "policy"
--- @include "group_facts"
--- @include "room"
--- @include "begin_turn"
--- @include "reindex_org"

-- Puts the group where the choice of a claim looks, by its most senior lane, while one more idle device would help; else takes
-- it out, and notes when time alone would let one in. Ends every change of its jobs, its devices or its expected times.
local function place_group(group)
  local org, class, build = group_facts(group)
  local first = redis.call('ZRANGE', K.lanes(group), 0, 0, 'WITHSCORES')
  local waits = first[2] and not redis.call('ZSCORE', K.condemned, group) and redis.call('SISMEMBER', K.paused, build) == 0
  local more, _, stalled_ms = 0
  if waits then more, _, stalled_ms = room(group, redis.call('SCARD', K.bound(group)), POLICY.theta_idle) end
  if more > 0 then
    if redis.call('ZADD', K.open_groups(class, org), first[2], group) == 1 then
      if redis.call('SADD', K.org_classes(org), class) == 1 and redis.call('SCARD', K.org_classes(org)) == 1 then begin_turn(org) end
      reindex_org(org)
    end
  elseif redis.call('ZREM', K.open_groups(class, org), group) == 1 then
    reindex_org(org)
  end
  if waits and more <= 0 then redis.call('ZADD', K.stalled, stalled_ms, group) else redis.call('ZREM', K.stalled, group) end
end
