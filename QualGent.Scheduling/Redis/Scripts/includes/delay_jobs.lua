--- @include "keys"
--- @include "job_of"

-- Lets a run's jobs from one index to before another (at most 200) wait for the instant they are due.
local function delay_jobs(run, due_ms, from, to)
  for index = from, to - 1 do redis.call('ZADD', K.delayed, due_ms, job_of(run, index)) end
end
