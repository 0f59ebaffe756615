#!lua
-- Tells who watches a run which tests of a running job's file have ended. Like the lines of a log it is refused when Redis is full.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 job  3 token  4 device  5 epoch  6 how far its file is, JSON of a TestProgress
-- Returns: 'done' | 'stale'
-- Events: tests
--- @include "keys"
--- @include "add_event"
--- @include "holds"
--- @include "matrix_of"
--- @include "run_of"
--- @include "runs_of"

local job, token, device, epoch, progress = unpack(ARGV, 2, 6)
if not holds(job, token, device, epoch) then return 'stale' end
local function show(run, id)
  add_event(run, 'tests', id, 'progress', progress)
  redis.call('PUBLISH', K.news(run), 'tests')
end

local runs = runs_of(job, (run_of(job)))
for i = 1, #runs, 2 do
  show(runs[i], runs[i + 1])
  local matrix = matrix_of(runs[i])
  if matrix then show(matrix, runs[i + 1]) end
end
return 'done'
