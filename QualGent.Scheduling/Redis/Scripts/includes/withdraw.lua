--- @include "keys"
--- @include "run_facts"
--- @include "tests_of"

-- From now on no run finds a job to attach its own to: it ends, or is about to.
local function withdraw(job, run)
  local kind = run_facts(run).dedup
  if not kind then return end
  local test = tests_of({ job })[1]
  if redis.call('HGET', K.in_flight(kind), test) == job then redis.call('HDEL', K.in_flight(kind), test) end
end
