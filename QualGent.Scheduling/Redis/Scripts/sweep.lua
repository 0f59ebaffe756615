#!lua flags=allow-oom
-- Lets one sweep through per interval, and notices an outage: when the last sweep is too old, no lease ends for one period.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 interval_ms  3 outage_ms  4 lease_ms  5 1 when a sweep said that more is waiting
-- Returns: {1 go on or 0 somebody swept a moment ago, queued jobs, running jobs}
-- Events: none
--- @include "keys"
--- @include "clock"
--- @include "outage"

local last_ms = tonumber(redis.call('HGET', K.sweep, 'last_ms') or 0)
if ARGV[5] ~= '1' and last_ms <= now_ms and now_ms - last_ms < tonumber(ARGV[2]) then return { 0, 0, 0 } end
if is_outage(tonumber(ARGV[3])) then redis.call('HSET', K.sweep, 'grace_ms', now_ms + tonumber(ARGV[4])) end
redis.call('HSET', K.sweep, 'last_ms', now_ms)
return { 1, tonumber(redis.call('HGET', K.counts, 'queued') or 0), tonumber(redis.call('HGET', K.counts, 'running') or 0) }
