#!lua
-- Stores runs: of each its settings once, its manifest of tests, its idempotency record and its share of the quotas. Each is
-- accepted or refused by itself; what they have in common is done once. A run of at most 200 tests is expanded into jobs at
-- once, so that all of it becomes ready in one step.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 aging_ms  3 most queued jobs of an organisation  4 of the pool  5… the runs, as submission.lua reads them
-- Returns: per run {'accepted', run, jobs, replayed, devices of the class (-1: none is registered at all), created_ms}
--   | {'key_reused'} | {'full', which limit}
-- Events: wake-ups, of all idle devices when a class is new
--- @include "keys"
--- @include "clock"
--- @include "submission"
--- @include "accept_run"
--- @include "add_jobs"
--- @include "queue_up"

local limits = { org = tonumber(ARGV[3]), pool = tonumber(ARGV[4]) }
local replies, lanes, at = {}, {}, 5
while at <= #ARGV do
  local run = submission(at)
  run.score = now_ms + (9 - tonumber(run.priority)) * tonumber(ARGV[2])
  local reply, is_new = accept_run(run, limits)
  replies[#replies + 1] = reply
  if is_new and run.planned <= 200 then
    local lane = lanes[run.lane]
    if not lane then
      lane = { run = run, jobs = {} }
      lanes[run.lane], lanes[#lanes + 1] = lane, lane
    end
    add_jobs(lane.jobs, run.id, run.score, 0, run.planned)
  end
  at = run.next
end
for _, lane in ipairs(lanes) do queue_up(lane.run.group, lane.run.lane, lane.jobs) end
return replies
