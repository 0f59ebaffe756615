--- @include "keys"

local epochs = {}

-- Whether the caller holds the job: right token, right device, and the device's epoch still stands. Then more fields of the job.
local function holds(job, token, device, epoch, ...)
  local fields = redis.call('HMGET', K.job(job), 'status', 'token', 'device', ...)
  local held = fields[1] == 'running' and fields[2] == token and fields[3] == device
  if held then
    epochs[device] = epochs[device] or redis.call('HGET', K.device(device), 'epoch')
    held = epochs[device] == epoch
  end
  return held, unpack(fields, 4)
end
