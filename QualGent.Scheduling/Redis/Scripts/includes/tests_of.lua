--- @include "keys"
--- @include "job_of"
--- @include "run_facts"
--- @include "run_of"

-- The test files of jobs, in their order. A run of one test keeps it in its record; others have a list, of which neighbours
-- are read together.
local function tests_of(jobs)
  local tests, at = {}, 1
  while at <= #jobs do
    local run, index = run_of(jobs[at])
    local last = at
    while jobs[last + 1] == job_of(run, index + last + 1 - at) do last = last + 1 end
    local only = run_facts(run).test
    for _, test in ipairs(only and { only } or redis.call('LRANGE', K.tests(run), index, index + last - at)) do tests[#tests + 1] = test end
    at = last + 1
  end
  return tests
end
