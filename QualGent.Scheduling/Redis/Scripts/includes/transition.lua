--- @include "keys"
--- @include "clock"
--- @include "emit"
--- @include "numeral"
--- @include "run_facts"
--- @include "settle"

local TERMINAL = { passed = true, failed = true, errored = true, cancelled = true }
local OF_AN_ATTEMPT = { 'phase', 'begun', 'not_before', 'alone', 'cancel' }

local function count(run, status, step)
  tally(K.run(run), status, step)
  if status == 'queued' then tally(K.org(run_facts(run).org), 'queued', step) end
  if not TERMINAL[status] then tally(K.counts, status, step) end
end

-- The only place where a job's status changes: job, counts of run, organisation and pool, and the event move together (the
-- counts with settle). fields, if given, are more of the job's fields and values to write.
local function transition(job, run, to, fields)
  local key = K.job(job)
  local before = redis.call('HMGET', key, 'status', unpack(OF_AN_ATTEMPT))
  local from = before[1] or 'queued'
  if from ~= to then
    count(run, from, -1)
    count(run, to, 1)
  end
  fields = fields or {}
  fields[#fields + 1] = 'status'
  fields[#fields + 1] = to
  if TERMINAL[to] then
    fields[#fields + 1] = 'finished_ms'
    fields[#fields + 1] = numeral(now_ms)
    for i = 2, #before do
      if before[i] then
        redis.call('HDEL', key, unpack(OF_AN_ATTEMPT))
        break
      end
    end
    may_have_ended(run)
  end
  redis.call('HSET', key, unpack(fields))
  emit(run, 'job', job)
end
