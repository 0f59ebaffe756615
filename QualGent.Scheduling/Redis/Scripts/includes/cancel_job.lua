--- @include "keys"
--- @include "append_given"
--- @include "leave"
--- @include "run_of"
--- @include "transition"
--- @include "reindex_group"
--- @include "withdraw"

-- Cancels a job: at once while it waits; a running one is marked and its agent told. Terminal ones stay as they are, and of one that
-- several runs wait for only its own run's part is cancelled.
local function cancel_job(id, reason)
  local job = leave(id, (run_of(id)), 'cancelled', 'cancelled', reason)
  if not job then return end
  local key, run = K.job(job), (run_of(job))
  local status, cancel, device = unpack(redis.call('HMGET', key, 'status', 'cancel', 'device'))
  if (status or 'queued') == 'queued' then
    local group, lane = unpack(redis.call('HMGET', K.run(run), 'group', 'lane'))
    redis.call('ZREM', K.delayed, job)
    if redis.call('ZREM', K.ready(lane), job) == 1 then reindex_group(group, lane) end
    transition(job, run, 'cancelled', append_given({ 'code', 'cancelled' }, { message = reason }))
  elseif status == 'running' and not cancel then
    redis.call('HSET', key, 'cancel', 1)
    withdraw(job, run)
    if reason ~= '' then redis.call('HSET', key, 'message', reason) end
    redis.call('PUBLISH', K.wake(redis.call('HGET', K.device(device), 'agent')), 'beat ' .. device)
  end
end
