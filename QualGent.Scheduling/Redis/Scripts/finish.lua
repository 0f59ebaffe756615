#!lua flags=allow-oom
-- Writes how attempts ended and decides what follows, each by itself; what they have in common is brought in line once.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 retry_base_ms  3 retry_max_ms  4 losses_max  5… 13 values of each report, as finish_job.lua names them
-- Returns: per report {'done', status, class} | {'duplicate'} | {'stale'}
-- Events: job, run_ended, wake-ups
--- @include "keys"
--- @include "clock"
--- @include "finish_job"
--- @include "place_group"

local replies, groups = {}, {}
for at = 5, #ARGV, 13 do
  local reply, group = finish_job(at)
  replies[#replies + 1] = reply
  if group and not groups[group] then
    groups[#groups + 1] = group
    groups[group] = true
  end
end
-- Their expected times have changed, and with them how many devices they are worth.
for _, group in ipairs(groups) do place_group(group) end
return replies
