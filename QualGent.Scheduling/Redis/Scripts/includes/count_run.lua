--- @include "keys"
--- @include "clock"
--- @include "numeral"

local COUNTS = { 'planned', 'queued', 'running', 'passed', 'failed', 'errored', 'cancelled', 'flaky' }
-- Tests in quarantine by how they ended; they are in the counts above, too. excluded says how many there are.
local EXCLUDED = { 'excluded_passed', 'excluded_failed', 'excluded_errored', 'excluded_cancelled' }

-- A run's verdict, nil before every planned job has one. The first that applies: failed, errored, incomplete, cancelled, passed, of
-- the tests that count. Where none does, nothing was proved.
local function verdict_of(count)
  if count.passed + count.failed + count.errored + count.cancelled < count.planned then return nil end
  local cancelled, judged = count.cancelled - count.excluded_cancelled, count.planned - count.excluded
  if count.failed > count.excluded_failed then return 'failed' end
  if count.errored > count.excluded_errored then return 'errored' end
  if judged == 0 or count.passed - count.excluded_passed + cancelled < judged then return 'incomplete' end
  return cancelled > 0 and 'cancelled' or 'passed'
end

-- Changes a run's counts and ends it once every planned job has a verdict; returns whether that is now. Where the first failure
-- is to be the last, a sweep cancels what remains.
local function count_run(run, changes)
  local count, fields = {}, {}
  local values = redis.call('HMGET', K.run(run), 'fail_fast', 'cancel', 'excluded', unpack(COUNTS))
  local fail_fast, cancel = values[1], values[2]
  count.excluded = tonumber(values[3] or 0)
  for i, name in ipairs(COUNTS) do count[name] = tonumber(values[i + 3] or 0) end
  local excluded = count.excluded > 0 and redis.call('HMGET', K.run(run), unpack(EXCLUDED)) or {}
  for i, name in ipairs(EXCLUDED) do count[name] = tonumber(excluded[i] or 0) end
  for field, step in pairs(changes) do
    count[field] = count[field] + step
    fields[#fields + 1] = field
    fields[#fields + 1] = numeral(count[field])
  end
  local verdict = verdict_of(count)
  if verdict then
    for _, value in ipairs({ 'verdict', verdict, 'ended_ms', numeral(now_ms) }) do fields[#fields + 1] = value end
  end
  if fail_fast and not cancel and not verdict and count.failed + count.errored > count.excluded_failed + count.excluded_errored then
    fields[#fields + 1] = 'cancel'
    fields[#fields + 1] = 'another test failed (fail-fast)'
    redis.call('ZADD', K.cancelling, now_ms, run)
  end
  redis.call('HSET', K.run(run), unpack(fields))
  return verdict ~= nil
end
