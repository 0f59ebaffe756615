--- @include "keys"
--- @include "run_of"
--- @include "add_jobs"
--- @include "keep_group"
--- @include "queue_up"

-- Puts a queued job into its lane. A job keeps the seniority of its run for all its attempts, or what a run that is attached to
-- it asked for.
local function make_ready(job)
  local run, index = run_of(job)
  local lane, score, group, org, app, class, dedup, ordered = unpack(redis.call('HMGET', K.run(run), 'lane', 'score', 'group', 'org', 'app', 'class', 'dedup', 'ordered'))
  local entries = {}
  add_jobs(entries, run, tonumber(score), index, index + 1, ordered)
  entries[1] = dedup and redis.call('HGET', K.job(job), 'score') or entries[1]
  keep_group(group, org, app, class)
  queue_up(group, lane, entries)
  -- It may have a record: claims look at it, until the group has no work for once.
  redis.call('HSET', K.group(group), 'tried', 1)
end
