#!lua flags=allow-oom
-- Cancels one job. Idempotent.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 job  3 reason or ''
-- Returns: 1 | 0 unknown | -1 its run is still being expanded: call again
-- Events: job, run_ended; 'beat' to the agent of a running one
--- @include "keys"
--- @include "run_of"
--- @include "cancel_job"
--- @include "expand_run"
--- @include "settle"

local run, index = run_of(ARGV[2])
local planned, expanded = unpack(redis.call('HMGET', K.run(run), 'planned', 'expanded'))
if not planned or index >= tonumber(planned) then return 0 end
if index >= tonumber(expanded) then
  expand_run(run, 200)
  settle()
  if index >= tonumber(redis.call('HGET', K.run(run), 'expanded')) then return -1 end
end
cancel_job(ARGV[2], ARGV[3])
settle()
return 1
