--- @include "keys"
--- @include "run_facts"

-- The test file of a job. A run of one test keeps it in its record, others have a list.
local function test_of(run, index)
  return run_facts(run).test or redis.call('LINDEX', K.tests(run), index)
end
