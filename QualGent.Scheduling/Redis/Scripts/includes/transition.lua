--- @include "keys"
--- @include "clock"
--- @include "numeral"
--- @include "run_facts"
--- @include "settle"

local TERMINAL = { passed = true, failed = true, errored = true, cancelled = true }

local function count(run, status, step)
  tally_run(run, status, step)
  if status == 'queued' then tally(K.org(run_facts(run).org), 'queued', step) end
  if not TERMINAL[status] then tally(K.counts, status, step) end
end

-- The only place where a job's status changes: job, counts of run, organisation and pool, and the event move together (all
-- but the job with settle). fields: more to write into the job; from: its status, if the caller has read it.
local function transition(job, run, to, fields, from)
  local key = K.job(job)
  from = from or redis.call('HGET', key, 'status') or 'queued'
  if from ~= to then
    count(run, from, -1)
    count(run, to, 1)
  end
  fields = fields or {}
  fields[#fields + 1] = 'status'
  fields[#fields + 1] = to
  if TERMINAL[to] then
    -- What only matters while a job runs stays: nobody asks an ended one.
    if from == 'queued' then redis.call('HDEL', key, 'not_before') end
    fields[#fields + 1] = 'finished_ms'
    fields[#fields + 1] = numeral(now_ms)
  end
  redis.call('HSET', key, unpack(fields))
  emit(run, job)
end
