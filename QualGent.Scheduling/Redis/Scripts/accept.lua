#!lua
-- Stores runs: of each its settings once, its manifest of tests, its idempotency record and its share of the quotas. Each is
-- accepted or refused by itself; what they have in common is read and written once. A run of at most 200 tests is expanded
-- into jobs at once, so that all of it becomes ready in one step; one that looks for equal jobs is left to expand.lua.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 aging_ms  3 most queued jobs of an organisation  4 of the pool  5… the runs, as submission.lua reads them
-- Returns: per run {'accepted', run, jobs, replayed, devices of the class (-1: none is registered at all), created_ms,
--     digest of the pinned app or '', tests in quarantine, one a line, or ''}; both are '' when replayed
--   | {'key_reused'} | {'full', which limit}
-- Events: wake-ups
--- @include "clock"
--- @include "submission"
--- @include "refusal"
--- @include "admit"

local aging_ms, limits = tonumber(ARGV[2]), { organisation = tonumber(ARGV[3]), pool = tonumber(ARGV[4]) }
local replies, at = {}, 5
while at <= #ARGV do
  local run = submission(at, aging_ms)
  -- The class of a group that the call has just kept counts already.
  local reply = refusal(run, groups[run.group] and {} or { run.class }, limits)
  if not reply then
    admit(run)
    reply = { 'accepted', run.id, run.planned, 0, serving(run.class), now_ms, run.app_digest, run.quarantined_tests or '' }
  end
  replies[#replies + 1] = reply
  at = run.next
end
write_admitted()
return replies
