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

local remembered = { jobs = {} }

-- Notes how an execution ended that says something about its test; written by write_history().
local function remember(org, job, letter, duration_ms, code)
  local failure = letter ~= 'p' and letter ~= 'k' and job .. ',' .. (code or '') .. ',' .. numeral(now_ms) .. ';'
  remembered.jobs[#remembered.jobs + 1] = job
  remembered[#remembered + 1] = { org = org, letter = letter, duration_ms = tonumber(duration_ms) or 0, failure = failure }
end

-- Returns the record with these entries, and whether the hour has changed since the last one.
local function append_history(record, entries)
  local ended, last_ms, executions, failures = string.match(record or '0 0  ', '^(%d+) (%d+) (%S*) (.*)$')
  ended = tonumber(ended)
  for _, entry in ipairs(entries) do
    if entry.letter ~= 'r' then ended = ended + 1 end
    executions = executions .. entry.letter .. string.format('%08d', math.min(99999999, entry.duration_ms))
    if entry.failure then failures = failures .. entry.failure end
  end
  local _, count = string.gsub(failures, ';', '')
  for _ = HISTORY.failures + 1, count do failures = string.gsub(failures, '^[^;]*;', '') end
  return numeral(ended) .. ' ' .. numeral(now_ms) .. ' ' .. string.sub(executions, -9 * HISTORY.executions) .. ' ' .. failures,
    math.floor(last_ms / HOUR_MS) ~= math.floor(now_ms / HOUR_MS)
end

-- Ends every script that remembers: every test's record is read and written once. Of too many tests those go that
-- ran longest ago; tests that do not run any more go by forget_tests.lua.
local function write_history()
  local orgs = {}
  for i, test in ipairs(tests_of(remembered.jobs)) do
    local entries = of(of(orgs, remembered[i].org), test)
    entries[#entries + 1] = remembered[i]
  end
  for _, org in ipairs(orgs) do
    local tests, fields, seen = orgs[org], {}, {}
    for i, record in ipairs(redis.call('HMGET', K.history(org), unpack(tests))) do
      local appended, first_of_the_hour = append_history(record, tests[tests[i]])
      fields[2 * i - 1], fields[2 * i] = tests[i], appended
      if first_of_the_hour then
        seen[#seen + 1] = numeral(now_ms)
        seen[#seen + 1] = tests[i]
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
  remembered = { jobs = {} }
end
