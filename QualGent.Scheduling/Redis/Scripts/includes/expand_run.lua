--- @include "keys"
--- @include "keep_group"
--- @include "reindex_group"
--- @include "transition"
--- @include "wake_group"

-- Turns the next planned tests of a run into jobs, at most limit; returns how many remain. Job ids follow from the run's,
-- and the position is stored with them in one step, so it can be repeated and resumed by anybody.
local function expand_run(run, limit)
  local key = K.run(run)
  local expanded, planned, score, lane, cancel, group, org, app, class =
    unpack(redis.call('HMGET', key, 'expanded', 'planned', 'score', 'lane', 'cancel', 'group', 'org', 'app', 'class'))
  expanded, planned, score = tonumber(expanded), tonumber(planned), tonumber(score)
  local last = math.min(planned, expanded + limit)
  local entries = {}
  for index = expanded, last - 1 do
    local job = 'job_' .. string.sub(run, 5) .. '_' .. index
    redis.call('HSET', K.job(job), 'status', 'queued')
    if cancel then
      redis.call('HSET', K.job(job), 'code', 'cancelled')
      transition(job, run, 'cancelled')
    else
      entries[#entries + 1] = score + index / 2048
      entries[#entries + 1] = job
    end
  end
  redis.call('HSET', key, 'expanded', last)
  if #entries > 0 then
    keep_group(group, org, app, class)
    redis.call('ZADD', K.ready(lane), unpack(entries))
    reindex_group(group, lane)
    wake_group(group)
  end
  return planned - last
end
