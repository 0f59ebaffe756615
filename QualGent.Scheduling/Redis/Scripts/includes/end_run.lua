--- @include "keys"
--- @include "clock"
--- @include "emit"

-- Ends the run once every planned job has a verdict. The first that applies: failed, errored, incomplete, cancelled, passed.
local function end_run(run)
  local count = redis.call('HMGET', K.run(run), 'planned', 'passed', 'failed', 'errored', 'cancelled')
  for i = 1, 5 do count[i] = tonumber(count[i] or 0) end
  local planned, passed, failed, errored, cancelled = unpack(count)
  if passed + failed + errored + cancelled < planned then return end
  local verdict = 'incomplete'
  if failed > 0 then verdict = 'failed'
  elseif errored > 0 then verdict = 'errored'
  elseif passed + cancelled == planned and cancelled > 0 then verdict = 'cancelled'
  elseif passed == planned then verdict = 'passed' end
  redis.call('HSET', K.run(run), 'verdict', verdict, 'ended_ms', now_ms)
  redis.call('ZADD', K.ended, now_ms, run)
  redis.call('ZREM', K.deadlines, run)
  redis.call('ZREM', K.cancelling, run)
  emit(run, 'run_ended', '')
end
