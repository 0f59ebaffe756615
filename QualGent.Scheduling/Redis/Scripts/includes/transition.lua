--- @include "keys"
--- @include "clock"
--- @include "is_quarantined"
--- @include "numeral"
--- @include "run_facts"
--- @include "runs_of"
--- @include "settle"
--- @include "withdraw"

local TERMINAL = { passed = true, failed = true, errored = true, cancelled = true }

local function count(run, status, step)
  if status == 'queued' then tally(K.org(run_facts(run).org), 'queued', step) end
  if not TERMINAL[status] then tally(K.counts, status, step) end
end

-- The only place where a job's status changes: job, counts of runs, organisation and pool, and the event move together (all
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
    -- An end that comes to a waiting job rests on nothing that happened in its last attempt.
    if from == 'queued' then redis.call('HDEL', key, 'not_before', 'events') end
    if run_facts(run).dedup then withdraw(job, run) end
    fields[#fields + 1] = 'finished_ms'
    fields[#fields + 1] = numeral(now_ms)
  end
  redis.call('HSET', key, unpack(fields))
  local runs = runs_of(job, run)
  for i = 1, #runs, 2 do
    if from ~= to then
      tally_run(runs[i], from, -1)
      tally_run(runs[i], to, 1)
      if TERMINAL[to] and is_quarantined(runs[i], runs[i + 1]) then tally_run(runs[i], 'excluded_' .. to, 1) end
    end
    emit(runs[i], runs[i + 1])
    if TERMINAL[to] then tell_end(runs[i], runs[i + 1]) end
  end
end
