--- @include "keys"
--- @include "make_ready"
--- @include "requeue"

-- Makes the indexes hold a job as its state says; returns whether they did not.
local function audit_job(job, lane)
  local status, device = unpack(redis.call('HMGET', K.job(job), 'status', 'device'))
  local ready, delayed = redis.call('ZSCORE', K.ready(lane), job), redis.call('ZSCORE', K.delayed, job)
  if (status or 'queued') == 'queued' then
    if (ready and not delayed) or (delayed and not ready) then return false end
    redis.call('ZREM', K.delayed, job)
    redis.call('HDEL', K.job(job), 'not_before')
    make_ready(job)
    return true
  end
  local repaired = redis.call('ZREM', K.ready(lane), job) + redis.call('ZREM', K.delayed, job) > 0
  if status == 'running' and not redis.call('ZSCORE', K.device_jobs(device), job) then
    requeue(job, 0)
    return true
  end
  return repaired
end
