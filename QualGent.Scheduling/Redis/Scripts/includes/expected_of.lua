--- @include "keys"
--- @include "run_facts"

-- How long a job's file is expected to take, in milliseconds, where its run knows; else 0.
local function expected_of(run, index)
  if not run_facts(run).ordered then return 0 end
  return tonumber(redis.call('GETRANGE', K.order(run), 12 * index + 4, 12 * index + 11))
end
