--- @include "keys"

-- The test file of a job. A run of one test keeps it in its record, others have a list.
local function test_of(run, index)
  return redis.call('HGET', K.run(run), 'test') or redis.call('LINDEX', K.tests(run), index)
end
