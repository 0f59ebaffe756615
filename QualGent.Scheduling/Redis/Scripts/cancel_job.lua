#!lua flags=allow-oom
-- Cancels one job. Idempotent.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 job  3 reason or ''
-- Returns: 1 | 0 unknown | -1 its run is still being expanded: call again
-- Events: job, run_ended; 'beat' to the agent of a running one
--- @include "keys"
--- @include "job_of"
--- @include "run_of"
--- @include "cancel_job"
--- @include "expand_run"
--- @include "settle"

local id = ARGV[2]
local run, index = run_of(id)
-- An index has one spelling; a matrix has sums and no jobs of its own; what is being forgotten is out of sight already.
if not run or job_of(run, index) ~= id then return 0 end
local planned, expanded, forgotten = unpack(redis.call('HMGET', K.run(run), 'planned', 'expanded', 'forgotten'))
if not expanded or forgotten or index >= tonumber(planned) then return 0 end
if index >= tonumber(expanded) then
  expand_run(run, 200)
  settle()
  if index >= tonumber(redis.call('HGET', K.run(run), 'expanded')) then return -1 end
end
cancel_job(id, ARGV[3])
settle()
return 1
