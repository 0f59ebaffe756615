--- @include "keys"
--- @include "clock"
--- @include "numeral"

local COUNTS = { 'planned', 'queued', 'running', 'passed', 'failed', 'errored', 'cancelled', 'flaky' }

-- A run's verdict, nil before every planned job has one. The first that applies: failed, errored, incomplete, cancelled, passed.
local function verdict_of(count)
  if count.passed + count.failed + count.errored + count.cancelled < count.planned then return nil end
  if count.failed > 0 then return 'failed' end
  if count.errored > 0 then return 'errored' end
  if count.passed + count.cancelled < count.planned then return 'incomplete' end
  return count.cancelled > 0 and 'cancelled' or 'passed'
end

-- Changes a run's counts and ends it once every planned job has a verdict; returns whether that is now. Where the first failure
-- is to be the last, a sweep cancels what remains.
local function count_run(run, changes)
  local count, fields = {}, {}
  local values = redis.call('HMGET', K.run(run), 'fail_fast', 'cancel', unpack(COUNTS))
  local fail_fast, cancel = values[1], values[2]
  for i, name in ipairs(COUNTS) do count[name] = tonumber(values[i + 2] or 0) end
  for field, step in pairs(changes) do
    count[field] = count[field] + step
    fields[#fields + 1] = field
    fields[#fields + 1] = numeral(count[field])
  end
  local verdict = verdict_of(count)
  if verdict then
    for _, value in ipairs({ 'verdict', verdict, 'ended_ms', numeral(now_ms) }) do fields[#fields + 1] = value end
  end
  if fail_fast and not cancel and not verdict and count.failed + count.errored > 0 then
    fields[#fields + 1] = 'cancel'
    fields[#fields + 1] = 'another test failed (fail-fast)'
    redis.call('ZADD', K.cancelling, now_ms, run)
  end
  redis.call('HSET', K.run(run), unpack(fields))
  return verdict ~= nil
end
