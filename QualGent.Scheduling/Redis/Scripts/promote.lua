#!lua flags=allow-oom
-- Makes jobs ready whose instant has come, at most 100 a call.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms
-- Returns: whether more is waiting
-- Events: job, wake-ups
--- @include "keys"
--- @include "clock"
--- @include "make_ready"
--- @include "settle"
--- @include "tell"

local due = redis.call('ZRANGEBYSCORE', K.delayed, '-inf', string.format('%.0f', now_ms), 'LIMIT', 0, 100)
for _, job in ipairs(due) do
  redis.call('ZREM', K.delayed, job)
  redis.call('HDEL', K.job(job), 'not_before')
  make_ready(job)
  tell(job)
end
settle()
return #due == 100 and 1 or 0
