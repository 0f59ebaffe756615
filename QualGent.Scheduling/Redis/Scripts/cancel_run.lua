#!lua flags=allow-oom
-- Cancels what has not ended of a run, 100 jobs a call; a sweep goes on if the caller does not. Idempotent. Of a matrix it marks the
-- cells, which are cancelled like any run.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 run, or '' for the one that waits longest  3 reason or ''
-- Returns: 1 more to do, of this run or where none was named of any | 0 done | -1 unknown run
-- Events: job, run_ended; 'beat' to the agents of running ones
--- @include "keys"
--- @include "clock"
--- @include "cancel_job"
--- @include "cell_of"
--- @include "job_of"
--- @include "settle"

local run = ARGV[2] ~= '' and ARGV[2] or redis.call('ZRANGE', K.cancelling, 0, 0)[1]
if not run then return 0 end
local function answer(more)
  if ARGV[2] == '' then more = redis.call('ZCARD', K.cancelling) > 0 end
  return more and 1 or 0
end

local key = K.run(run)
local verdict, planned, expanded, at, reason, cells = unpack(redis.call('HMGET', key, 'verdict', 'planned', 'expanded', 'cancel_at', 'cancel', 'cells'))
if not planned then return -1 end
if verdict then
  redis.call('ZREM', K.cancelling, run)
  return answer(false)
end
if not reason then
  reason = ARGV[3]
  redis.call('HSET', key, 'cancel', reason)
end
if cells then
  local marked = false
  for index = 0, cells - 1 do
    local cell = K.run(cell_of(run, index))
    if redis.call('HEXISTS', cell, 'verdict') == 0 and redis.call('HSETNX', cell, 'cancel', reason) == 1 then
      redis.call('ZADD', K.cancelling, now_ms, cell_of(run, index))
      marked = true
    end
  end
  redis.call('ZREM', K.cancelling, run)
  return answer(marked)
end
at = tonumber(at or 0)
local last = math.min(tonumber(expanded), at + 100)
for index = at, last - 1 do
  cancel_job(job_of(run, index), reason)
end
-- What is not expanded yet is created cancelled by expand_run.
local more = last < tonumber(expanded)
redis.call('HSET', key, 'cancel_at', last)
if more then redis.call('ZADD', K.cancelling, now_ms, run) else redis.call('ZREM', K.cancelling, run) end
-- Last, so that a run that ends here is not listed: behind what was looked at all may have ended before.
settle()
return answer(more)
