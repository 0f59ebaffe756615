--- @include "keys"

local epochs = {}

-- Whether the caller holds the job: right token, right device, and the device's epoch still stands.
local function holds(job, token, device, epoch)
  local status, current, holder = unpack(redis.call('HMGET', K.job(job), 'status', 'token', 'device'))
  if status ~= 'running' or current ~= token or holder ~= device then return false end
  epochs[device] = epochs[device] or redis.call('HGET', K.device(device), 'epoch')
  return epochs[device] == epoch
end
