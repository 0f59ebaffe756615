--- @include "keys"
--- @include "clock"
--- @include "run_of"
--- @include "transition"
--- @include "make_ready"

-- Sends a running job back to the queue, due after delay_ms, or ends it when somebody asked to cancel it.
local function requeue(job, delay_ms)
  local run = run_of(job)
  local key = K.job(job)
  if redis.call('HGET', key, 'cancel') then
    redis.call('HSET', key, 'code', 'cancelled')
    return transition(job, run, 'cancelled')
  end
  redis.call('HDEL', key, 'phase', 'begun')
  redis.call('HSET', key, 'queued_ms', now_ms)
  local wait_ms = tonumber(redis.call('HGET', K.run(run), 'queue_timeout_ms'))
  redis.call('ZADD', K.deadlines, 'LT', now_ms + wait_ms, run)
  if delay_ms > 0 then
    redis.call('HSET', key, 'not_before', now_ms + delay_ms)
    redis.call('ZADD', K.delayed, now_ms + delay_ms, job)
    return transition(job, run, 'queued')
  end
  transition(job, run, 'queued')
  make_ready(job)
end
