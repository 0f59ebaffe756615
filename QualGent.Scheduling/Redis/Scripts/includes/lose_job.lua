--- @include "keys"
--- @include "clock"
--- @include "avoid"
--- @include "run_of"
--- @include "transition"
--- @include "requeue"

-- Takes a held job off a device that was lost. Only a job whose file had begun is charged, unless charge says always or never:
-- it runs alone from now on and ends errored after losses_max losses.
local function lose_job(job, device, losses_max, delay_ms, charge)
  local key = K.job(job)
  redis.call('ZREM', K.device_jobs(device), job)
  if charge == 'always' or (charge ~= 'never' and redis.call('HGET', key, 'begun')) then
    local losses = redis.call('HINCRBY', key, 'losses', 1)
    redis.call('HSET', key, 'alone', 1, 'queued_ms', now_ms)
    avoid(job, (run_of(job)), device, now_ms + delay_ms)
    if losses > losses_max and not redis.call('HGET', key, 'cancel') then
      return transition(job, run_of(job), 'errored', { 'code', 'infrastructure' })
    end
  end
  requeue(job, delay_ms)
end
