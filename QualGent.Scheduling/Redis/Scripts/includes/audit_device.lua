--- @include "keys"

-- Takes from a device what is not its own; returns how many jobs that were.
local function audit_device(device)
  local repairs = 0
  for _, job in ipairs(redis.call('ZRANGE', K.device_jobs(device), 0, -1)) do
    local status, holder = unpack(redis.call('HMGET', K.job(job), 'status', 'device'))
    if status ~= 'running' or holder ~= device then
      redis.call('ZREM', K.device_jobs(device), job)
      repairs = repairs + 1
    end
  end
  return repairs
end
