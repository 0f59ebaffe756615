--- @include "keys"
--- @include "clock"

-- Whether a device should leave a job to another one; and whether the job must run alone.
local function avoids(device, job)
  local other, until_ms, alone = unpack(redis.call('HMGET', K.job(job), 'avoid', 'avoid_until_ms', 'alone'))
  return other == device and tonumber(until_ms) > now_ms, alone
end
