--- @include "keys"

-- Whether the caller holds the job: right token, right device, and the device's epoch still stands.
local function holds(job, token, device, epoch)
  local status, current, holder = unpack(redis.call('HMGET', K.job(job), 'status', 'token', 'device'))
  return status == 'running' and current == token and holder == device and redis.call('HGET', K.device(device), 'epoch') == epoch
end
