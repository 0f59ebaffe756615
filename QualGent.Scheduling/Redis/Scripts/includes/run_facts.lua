--- @include "keys"

local read = {}
local FACTS = { 'org', 'app', 'project', 'reset', 'group', 'class', 'attempts_max', 'timeout_ms', 'trace', 'created_ms', 'due_ms', 'test' }

-- What was asked of a run and never changes, read once per call. A field that was not given is false.
local function run_facts(run)
  if not read[run] then
    read[run] = {}
    for i, value in ipairs(redis.call('HMGET', K.run(run), unpack(FACTS))) do read[run][FACTS[i]] = value end
  end
  return read[run]
end
