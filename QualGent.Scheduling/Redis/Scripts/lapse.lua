#!lua flags=allow-oom
-- Has runs cancelled that took longer than they may, or whose submitter no longer renews its lease; one run a call.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms
-- Returns: whether more is waiting
-- Events: none; cancel_run.lua goes on
--- @include "keys"
--- @include "clock"
--- @include "numeral"

local run = redis.call('ZRANGEBYSCORE', K.lapsing, '-inf', numeral(now_ms), 'LIMIT', 0, 1)[1]
if not run then return 0 end
redis.call('ZREM', K.lapsing, run)
local limit_ms, cancel = unpack(redis.call('HMGET', K.run(run), 'limit_ms', 'cancel'))
if not cancel then
  local late = limit_ms and tonumber(limit_ms) <= now_ms
  redis.call('HSET', K.run(run), 'cancel', late and 'the run took longer than it may (run time-out)' or 'nobody waits for it any more (its lease was not renewed)')
  redis.call('ZADD', K.cancelling, now_ms, run)
end
return 1
