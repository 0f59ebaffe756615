--- @include "keys"
--- @include "clock"
--- @include "emit"
--- @include "end_run"

local TERMINAL = { passed = true, failed = true, errored = true, cancelled = true }

-- The only place where a job's status changes: job, counts of run, organisation and pool, and the event move together.
local function transition(job, run, to)
  local from = redis.call('HGET', K.job(job), 'status') or 'queued'
  for status, step in pairs({ [from] = -1, [to] = 1 }) do
    if from ~= to then
      redis.call('HINCRBY', K.run(run), status, step)
      if status == 'queued' then redis.call('HINCRBY', K.org(redis.call('HGET', K.run(run), 'org')), 'queued', step) end
      if not TERMINAL[status] then redis.call('HINCRBY', K.counts, status, step) end
    end
  end
  if TERMINAL[to] then
    redis.call('HSET', K.job(job), 'status', to, 'finished_ms', now_ms)
    redis.call('HDEL', K.job(job), 'phase', 'begun', 'not_before', 'alone', 'cancel')
  else
    redis.call('HSET', K.job(job), 'status', to)
  end
  emit(run, 'job', job)
  if TERMINAL[to] then end_run(run) end
end
