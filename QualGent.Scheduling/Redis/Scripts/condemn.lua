#!lua flags=allow-oom
-- Ends queued jobs of a group whose build installs nowhere, 100 at a time, and opens the group again for later runs.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms
-- Returns: whether more is waiting
-- Events: job, run_ended, wake-ups
--- @include "keys"
--- @include "run_of"
--- @include "transition"
--- @include "reindex_group"
--- @include "place_group"
--- @include "wake_group"
--- @include "settle"

local group, condemned_ms = unpack(redis.call('ZRANGE', K.condemned, 0, 0, 'WITHSCORES'))
if not group then return 0 end
-- Jobs of runs accepted after the failure stay; condemn_at counts those already passed over in the first lane looked at.
local at = tonumber(redis.call('HGET', K.group(group), 'condemn_at') or 0)
local seen = 0
for _, lane in ipairs(redis.call('ZRANGE', K.lanes(group), 0, -1)) do
  local size = redis.call('ZCARD', K.ready(lane))
  if at >= size then
    at = at - size
  else
    local kept = 0
    for _, job in ipairs(redis.call('ZRANGE', K.ready(lane), at, at + 99 - seen)) do
      seen = seen + 1
      local run = run_of(job)
      if tonumber(redis.call('HGET', K.run(run), 'created_ms')) <= tonumber(condemned_ms) then
        redis.call('ZREM', K.ready(lane), job)
        transition(job, run, 'errored', { 'code', 'install_failed' })
      else
        kept = kept + 1
      end
    end
    settle()
    redis.call('HINCRBY', K.group(group), 'condemn_at', kept)
    reindex_group(group, lane)
    if seen >= 100 then return 1 end
    at = 0
  end
end
redis.call('ZREM', K.condemned, group)
redis.call('HDEL', K.group(group), 'condemn_at')
if redis.call('EXISTS', K.lanes(group)) == 1 then
  place_group(group)
  wake_group(group)
end
return redis.call('ZCARD', K.condemned) > 0 and 1 or 0
