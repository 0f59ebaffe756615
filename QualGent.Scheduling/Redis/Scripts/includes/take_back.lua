--- @include "keys"
--- @include "clock"
--- @include "lose_job"
--- @include "unbind"
--- @include "unpark"
--- @include "wake_org"

-- Ends a device's ownership: its jobs return to the queue, its epoch rises, so that nothing said under the old one counts.
local function take_back(device, losses_max)
  unpark(device)
  local org = unbind(device)
  redis.call('HINCRBY', K.device(device), 'epoch', 1)
  redis.call('HSET', K.device(device), 'mode', 'offline')
  redis.call('HDEL', K.device(device), 'batch')
  redis.call('ZREM', K.leases, device)
  redis.call('ZADD', K.offline, now_ms, device)
  for _, class in ipairs(redis.call('SMEMBERS', K.device_classes(device))) do
    redis.call('SREM', K.class_devices(class), device)
  end
  local jobs = redis.call('ZRANGE', K.device_jobs(device), 0, -1)
  for _, job in ipairs(jobs) do lose_job(job, device, losses_max, 0) end
  if org then wake_org(org) end
  return jobs
end
