#!lua flags=allow-oom
-- Ends jobs that waited in the queue longer than their run allows, at most 200 jobs of one run a call.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms
-- Returns: whether more is waiting
-- Events: job, run_ended
--- @include "keys"
--- @include "clock"
--- @include "job_of"
--- @include "leave"
--- @include "run_of"
--- @include "transition"
--- @include "reindex_group"
--- @include "settle"
--- @include "waits_since"
--- @include "work_of"

local run = redis.call('ZRANGEBYSCORE', K.deadlines, '-inf', string.format('%.0f', now_ms), 'LIMIT', 0, 1)[1]
if not run then return 0 end
local key = K.run(run)
local expanded, planned, at, group, lane, created_ms, due_ms, wait_ms, next_ms, dedup =
  unpack(redis.call('HMGET', key, 'expanded', 'planned', 'expire_at', 'group', 'lane', 'created_ms', 'due_ms', 'queue_timeout_ms', 'expire_next_ms', 'dedup'))
expanded, at, wait_ms, next_ms = tonumber(expanded), tonumber(at or 0), tonumber(wait_ms), tonumber(next_ms or math.huge)
local last = math.min(expanded, at + 200)
local ready_changed = false
for index = at, last - 1 do
  local id = job_of(run, index)
  local job = dedup and work_of(id) or not dedup and id
  local status, queued_ms = unpack(job and redis.call('HMGET', K.job(job), 'status', 'queued_ms') or { 'ended' })
  status = status or 'queued'
  local deadline_ms = waits_since(job == id, queued_ms, due_ms or created_ms) + wait_ms
  if status == 'queued' and deadline_ms <= now_ms then
    job = leave(id, run, 'errored', 'queue_timeout', '')
    if job then
      redis.call('ZREM', K.delayed, job)
      ready_changed = redis.call('ZREM', K.ready(lane), job) == 1 or ready_changed
      transition(job, (run_of(job)), 'errored', { 'code', 'queue_timeout' })
    end
  elseif status == 'queued' then
    next_ms = math.min(next_ms, deadline_ms)
  end
end
settle()
if ready_changed then reindex_group(group, lane) end
if last < expanded then
  redis.call('HSET', key, 'expire_at', last, 'expire_next_ms', string.format('%.0f', math.min(next_ms, 9e15)))
  return 1
end
redis.call('HDEL', key, 'expire_at', 'expire_next_ms')
if expanded < tonumber(planned) then next_ms = now_ms + 1 end
if next_ms < 9e15 and not redis.call('HGET', key, 'verdict') then
  redis.call('ZADD', K.deadlines, next_ms, run)
else
  redis.call('ZREM', K.deadlines, run)
end
return 1
