--- @include "keys"
--- @include "run_facts"

-- The runs that wait for a job, each with its own id for it: {run, id, run, id …}. The run it was made for, unless that has
-- left it, and those that are attached to it.
local function runs_of(job, run)
  if not run_facts(run).dedup then return { run, job } end
  local found = redis.call('HGETALL', K.attached(job))
  if redis.call('HEXISTS', K.job(job), 'left') == 0 then
    found[#found + 1] = run
    found[#found + 1] = job
  end
  return found
end
