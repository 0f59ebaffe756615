--- @include "keys"
--- @include "clock"
--- @include "is_quarantined"
--- @include "numeral"
--- @include "run_facts"
--- @include "runs_of"
--- @include "settle"
--- @include "withdraw"

local TERMINAL = { passed = true, failed = true, errored = true, cancelled = true }

-- What a run that waits for the job learns of it, under its own id.
local function tell_run(run, id, from, to)
  if from ~= to and TERMINAL[to] and is_quarantined(run, id) then tally_run(run, 'excluded_' .. to, 1) end
  emit(run, id)
  if TERMINAL[to] then tell_end(run, id) end
end

-- The only place where a job's status changes: job, counts of runs, organisation and pool, and the event move together (all
-- but the job with settle). fields: more to write into the job; from: its status, if the caller has read it.
local function transition(job, run, to, fields, from)
  local key, dedup = K.job(job), run_facts(run).dedup
  from = from or redis.call('HGET', key, 'status') or 'queued'
  fields = fields or {}
  local given = #fields
  fields[given + 1], fields[given + 2] = 'status', to
  if TERMINAL[to] then
    -- What only matters while a job runs stays: nobody asks an ended one.
    -- An end that comes to a waiting job rests on nothing that happened in its last attempt.
    if from == 'queued' then redis.call('HDEL', key, 'not_before', 'events') end
    if dedup then withdraw(job, run) end
    fields[given + 3], fields[given + 4] = 'finished_ms', numeral(now_ms)
  end
  redis.call('HSET', key, unpack(fields))
  if from ~= to then move(run, from, to) end
  if not dedup then return tell_run(run, job, from, to) end
  local runs = runs_of(job, run)
  for i = 1, #runs, 2 do
    if from ~= to then
      tally_run(runs[i], from, -1)
      tally_run(runs[i], to, 1)
    end
    tell_run(runs[i], runs[i + 1], from, to)
  end
end
