--- @include "keys"
--- @include "clock"
--- @include "numeral"
--- @include "of"
--- @include "tests_of"

-- The history of an organisation's tests, one record per test, all of a fixed form so that a new entry costs one concatenation:
--   jobs ended, ' ', when the last execution did in milliseconds, ' ', the last executions as a letter and 8 digits of milliseconds each,
--   ' ', the last failures, ';' behind each.
-- The letter: p passed, k passed after it had failed, f failed, e errored, r failed or errored and is tried again.
-- K.tested keeps the tests in the order in which they ran last, to the hour: most executions need not touch it.
local HISTORY = { executions = 20, failures = 5, tests = 5000 }
local HOUR_MS = 3600000

-- By organisation: jobs, of each its execution as a record has it, and its failure or false.
local jobs_of, executions_of, failures_of = {}, {}, {}

-- Notes how an execution ended that says something about its test; written by write_history().
local function remember(org, job, letter, duration_ms, code)
  local jobs = of(jobs_of, org)
  local at = #jobs + 1
  jobs[at] = job
  of(executions_of, org)[at] = letter .. string.format('%08d', math.min(99999999, tonumber(duration_ms) or 0))
  of(failures_of, org)[at] = letter ~= 'p' and letter ~= 'k' and job .. ',' .. (code or '') .. ',' .. numeral(now_ms) .. ';'
end

-- Returns the record with one more execution, and whether that is the first of the hour.
local function append_history(record, execution, failure)
  local ended, last_ms, executions, failures = string.match(record or '0 0  ', '^(%d+) (%d+) (%S*) (.*)$')
  if string.sub(execution, 1, 1) ~= 'r' then ended = ended + 1 end
  if failure then
    failures = failures .. failure
    local _, count = string.gsub(failures, ';', '')
    if count > HISTORY.failures then failures = string.gsub(failures, '^[^;]*;', '') end
  end
  executions = string.sub(executions .. execution, -9 * HISTORY.executions)
  return numeral(ended) .. ' ' .. numeral(now_ms) .. ' ' .. executions .. ' ' .. failures, tonumber(last_ms) < now_ms - now_ms % HOUR_MS
end

-- Ends every script that remembers: the records of its tests are read and written at once. Of too many tests those go that
-- ran longest ago; tests that do not run any more go by forget_tests.lua.
local function write_history()
  for _, org in ipairs(jobs_of) do
    local tests, records, fields, seen = tests_of(jobs_of[org]), {}, {}, {}
    for i, stored in ipairs(redis.call('HMGET', K.history(org), unpack(tests))) do
      local test, first_of_the_hour = tests[i]
      -- A test that comes twice goes on from what the first time made of its record.
      records[test], first_of_the_hour = append_history(records[test] or stored, executions_of[org][i], failures_of[org][i])
      fields[2 * i - 1], fields[2 * i] = test, records[test]
      if first_of_the_hour then
        seen[#seen + 1] = numeral(now_ms)
        seen[#seen + 1] = test
      end
    end
    redis.call('HSET', K.history(org), unpack(fields))
    if #seen > 0 and redis.call('ZADD', K.tested(org), unpack(seen)) > 0 then
      redis.call('ZADD', K.histories, 'NX', numeral(now_ms), org)
      local surplus = redis.call('ZCARD', K.tested(org)) - HISTORY.tests
      if surplus > 0 then
        redis.call('HDEL', K.history(org), unpack(redis.call('ZRANGE', K.tested(org), 0, surplus - 1)))
        redis.call('ZREMRANGEBYRANK', K.tested(org), 0, surplus - 1)
      end
    end
  end
  jobs_of, executions_of, failures_of = {}, {}, {}
end
