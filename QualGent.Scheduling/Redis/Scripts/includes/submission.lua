--- @include "clock"

-- A run as ARGV carries it from a position on: 25 settings, the number of its tests, the tests. next is the position behind it.
local function submission(at, aging_ms)
  local run = { planned = tonumber(ARGV[at + 25]), tests = at + 26 }
  run.id, run.org, run.app, run.name, run.priority, run.class, run.project, run.reset, run.attempts_max, run.timeout_ms,
    run.queue_timeout_ms, run.due_ms, run.trace, run.group, run.lane, run.key, run.hash, run.origin, run.fail_fast, run.bundle, run.app_digest,
    run.limit_ms, run.lease_ms, run.dedup, run.order = unpack(ARGV, at, at + 24)
  run.next = run.tests + run.planned
  run.due_ms = math.max(now_ms, tonumber(run.due_ms))
  run.score = run.due_ms + (9 - tonumber(run.priority)) * aging_ms
  run.repeats = run.origin ~= ''
  run.expanded = run.planned <= 200 and run.dedup == '' and run.planned or 0
  return run
end
