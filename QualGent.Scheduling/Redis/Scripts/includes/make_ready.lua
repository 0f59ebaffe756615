--- @include "keys"
--- @include "run_of"
--- @include "add_jobs"
--- @include "keep_group"
--- @include "queue_up"

-- Puts a queued job into its lane. A job keeps the seniority of its run for all its attempts.
local function make_ready(job)
  local run, index = run_of(job)
  local lane, score, group, org, app, class = unpack(redis.call('HMGET', K.run(run), 'lane', 'score', 'group', 'org', 'app', 'class'))
  local entries = {}
  add_jobs(entries, run, tonumber(score), index, index + 1)
  keep_group(group, org, app, class)
  queue_up(group, lane, entries)
end
