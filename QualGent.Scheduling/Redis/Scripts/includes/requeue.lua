--- @include "keys"
--- @include "clock"
--- @include "keep_group"
--- @include "run_facts"
--- @include "run_of"
--- @include "runs_of"
--- @include "transition"
--- @include "make_ready"
--- @include "waits_since"

-- Makes sure that a sweep looks at a run when its job has waited too long for it.
local function keep_deadline(run, is_own, queued_ms)
  local created_ms, due_ms, wait_ms, expire_next_ms = unpack(redis.call('HMGET', K.run(run), 'created_ms', 'due_ms', 'queue_timeout_ms', 'expire_next_ms'))
  local deadline_ms = waits_since(is_own, queued_ms, due_ms or created_ms) + wait_ms
  redis.call('ZADD', K.deadlines, 'LT', deadline_ms, run)
  if expire_next_ms and deadline_ms < tonumber(expire_next_ms) then
    -- expire.lua is half through the run, perhaps past this job: it goes on from here and must not forget it.
    redis.call('HSET', K.run(run), 'expire_next_ms', deadline_ms)
  end
end

-- Sends a running job back to the queue, due after delay_ms, or ends it when somebody asked to cancel it. It keeps the time it
-- has waited: a job that is taken and given back again and again reaches its queue time-out. Who charges it sets queued_ms first.
local function requeue(job, delay_ms)
  local run = run_of(job)
  local key = K.job(job)
  if redis.call('HGET', key, 'cancel') then
    return transition(job, run, 'cancelled', { 'code', 'cancelled' })
  end
  redis.call('HDEL', key, 'phase', 'begun')
  local queued_ms, runs = redis.call('HGET', key, 'queued_ms'), runs_of(job, run)
  for i = 1, #runs, 2 do keep_deadline(runs[i], runs[i + 1] == job, queued_ms) end
  if delay_ms > 0 then
    redis.call('HSET', key, 'not_before', now_ms + delay_ms)
    redis.call('ZADD', K.delayed, now_ms + delay_ms, job)
    -- No index leads from the group to what is delayed. Forgotten meanwhile, it would not know any more what its devices must leave alone.
    local facts = run_facts(run)
    keep_group(facts.group, facts.org, facts.app, facts.class)
    return transition(job, run, 'queued')
  end
  transition(job, run, 'queued')
  make_ready(job)
end
