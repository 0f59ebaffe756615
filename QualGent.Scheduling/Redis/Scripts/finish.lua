#!lua flags=allow-oom
-- Writes how attempts ended and decides what follows, each by itself; what they have in common is brought in line once.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 retry_base_ms  3 retry_max_ms  4 losses_max  5… the reports, as report.lua reads them
-- Returns: per report 'done STATUS CLASS' | 'duplicate' | 'stale'
-- Events: job, run_ended, wake-ups
--- @include "finish_job"
--- @include "learn_durations"
--- @include "let_go"
--- @include "of"
--- @include "place_group"
--- @include "remember"
--- @include "report"
--- @include "settle"

local replies, durations, at = {}, {}, 5
while at <= #ARGV do
  local ended = report(at)
  local reply, group, duration_ms = finish_job(ended)
  replies[#replies + 1] = reply
  if group then
    table.insert(of(durations, group), duration_ms)
  end
  at = ended.next
end
write_let_go()
settle()
write_history()
for _, group in ipairs(durations) do
  learn_durations(group, durations[group])
  -- With its expected times has changed how many devices it is worth.
  place_group(group)
end
return replies
