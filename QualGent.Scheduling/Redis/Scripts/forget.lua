#!lua flags=allow-oom
-- Removes what nobody needs any more: runs ended longer ago than the retention time (50 runs or 200 jobs a call), groups and
-- classes nobody used, devices and agents not seen for as long. What others have a part in is kept for them, out of sight.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 retention_ms
-- Returns: whether more is waiting
-- Events: none
--- @include "keys"
--- @include "clock"
--- @include "job_of"
--- @include "run_of"

local limit = string.format('%.0f', now_ms - tonumber(ARGV[2]))
local groups = redis.call('ZRANGEBYSCORE', K.groups, '-inf', limit, 'LIMIT', 0, 20)
for _, group in ipairs(groups) do
  if redis.call('ZCARD', K.lanes(group)) + redis.call('SCARD', K.bound(group)) + redis.call('SCARD', K.called(group)) > 0 then
    redis.call('ZADD', K.groups, now_ms, group)
    redis.call('ZADD', K.classes, 'XX', now_ms, redis.call('HGET', K.group(group), 'class'))
  else
    redis.call('ZREM', K.groups, group)
    redis.call('ZREM', K.condemned, group)
    redis.call('ZREM', K.stalled, group)
    redis.call('UNLINK', K.group(group), K.barred(group), K.failed_on(group))
  end
end
-- No group is older than its class: once all old groups are through, what is left of the old classes has none.
for _, class in ipairs(#groups < 20 and redis.call('ZRANGEBYSCORE', K.classes, '-inf', limit, 'LIMIT', 0, 20) or {}) do
  redis.call('ZREM', K.classes, class)
  redis.call('INCR', K.classes_version)
end
for _, device in ipairs(redis.call('ZRANGEBYSCORE', K.offline, '-inf', limit, 'LIMIT', 0, 20)) do
  local agent = redis.call('HGET', K.device(device), 'agent')
  redis.call('ZREM', K.offline, device)
  redis.call('SREM', K.devices, device)
  redis.call('SREM', K.agent_devices(agent), device)
  redis.call('UNLINK', K.device(device), K.device_classes(device))
  if redis.call('SCARD', K.agent_devices(agent)) == 0 then
    redis.call('SREM', K.agents, agent)
    redis.call('UNLINK', K.agent(agent))
  end
end

local budget = 200

-- Goes on through a run's jobs, as far as the budget reaches; returns whether that was the last of them. Readers do not see a run any more
-- of which this has begun.
local function each_job(run, at, planned, act)
  local last = math.min(planned, at + budget)
  for index = at, last - 1 do act(job_of(run, index)) end
  budget = budget - (last - at)
  if last < planned then redis.call('HSET', K.run(run), 'forgotten', last) end
  return last == planned
end

-- Gives up a run's part in a job of another one, which that one is kept for.
local function forget_part(run, id)
  local job = redis.call('HGET', K.job(id), 'attached_to')
  if not job then return end
  redis.call('HDEL', K.attached(job), run)
  redis.call('SREM', K.guests((run_of(job))), run)
end

-- Returns whether the budget did not reach for the run.
local function forget_run(run)
  local planned, at, org, dedup, cells, parted = unpack(redis.call('HMGET', K.run(run), 'planned', 'forgotten', 'org', 'dedup', 'cells', 'parted'))
  -- The jobs of a matrix are its cells'.
  planned, at = cells and 0 or tonumber(planned), tonumber(at or 0)
  -- First its parts in others, also where it has to wait itself: runs may wait for each other, or each for the next one, day in, day out.
  if dedup and not parted then
    if not each_job(run, at, planned, function(job) forget_part(run, job) end) then return true end
    redis.call('HSET', K.run(run), 'forgotten', 0, 'parted', 1)
    at = 0
  end
  if dedup and redis.call('EXISTS', K.guests(run)) == 1 then
    redis.call('ZADD', K.ended, now_ms, run)
    return false
  end
  -- Until then it is listed, for the sake of what refers to blobs.
  redis.call('ZREM', K.runs, run)
  redis.call('ZREM', K.org_runs(org), run)
  local function forget_job(job) redis.call('UNLINK', K.job(job), K.attempts(job), K.artifacts(job), K.log(job)) end
  if not each_job(run, at, planned, forget_job) then return true end
  redis.call('UNLINK', K.run(run), K.tests(run), K.order(run), K.run_blobs(run), K.events(run))
  redis.call('ZREM', K.ended, run)
  redis.call('ZREM', K.deadlines, run)
  return false
end

for _, run in ipairs(redis.call('ZRANGEBYSCORE', K.ended, '-inf', limit, 'LIMIT', 0, 50)) do
  if forget_run(run) then return 1 end
end
return budget < 200 and 1 or 0
