--- @include "keys"
--- @include "run_of"
--- @include "keep_group"
--- @include "reindex_group"
--- @include "wake_group"

-- Puts a queued job into its lane. A job keeps the seniority of its run for all its attempts.
local function make_ready(job)
  local run, index = run_of(job)
  local lane, score, group, org, app, class = unpack(redis.call('HMGET', K.run(run), 'lane', 'score', 'group', 'org', 'app', 'class'))
  keep_group(group, org, app, class)
  redis.call('ZADD', K.ready(lane), tonumber(score) + index / 2048, job)
  reindex_group(group, lane)
  wake_group(group)
end
