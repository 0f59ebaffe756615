--- @include "keys"
--- @include "clock"
--- @include "add_jobs"
--- @include "attach"
--- @include "delay_jobs"
--- @include "keep_group"
--- @include "queue_up"
--- @include "transition"

-- Turns the next planned tests of a run into jobs, at most limit; returns how many remain. Job ids follow from the run's,
-- and the position is stored with them in one step, so it can be repeated and resumed by anybody.
local function expand_run(run, limit)
  local key = K.run(run)
  local expanded, planned, score, lane, cancel, due_ms, group, org, app, class, dedup, ordered =
    unpack(redis.call('HMGET', key, 'expanded', 'planned', 'score', 'lane', 'cancel', 'due_ms', 'group', 'org', 'app', 'class', 'dedup', 'ordered'))
  expanded, planned, score, due_ms = tonumber(expanded), tonumber(planned), tonumber(score), tonumber(due_ms or now_ms)
  local last = math.min(planned, expanded + limit)
  redis.call('HSET', key, 'expanded', last)
  if last < planned then redis.call('ZADD', K.expanding, now_ms, run) else redis.call('ZREM', K.expanding, run) end
  local entries = {}
  add_jobs(entries, run, score, expanded, last, ordered)
  if cancel then
    for i = 2, #entries, 2 do
      transition(entries[i], run, 'cancelled', { 'code', 'cancelled' })
    end
  elseif due_ms > now_ms then
    delay_jobs(run, due_ms, expanded, last)
  elseif #entries > 0 then
    keep_group(group, org, app, class)
    if dedup then entries = attach(run, entries, expanded) end
    if #entries > 0 then queue_up(group, lane, entries) end
  end
  return planned - last
end
