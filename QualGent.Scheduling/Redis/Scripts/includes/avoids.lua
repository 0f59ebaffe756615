--- @include "keys"
--- @include "clock"

-- Whether a device should leave a job to another one; whether the job must run alone; and whether an earlier attempt left
-- something that a new one does away with.
local function avoids(device, job)
  local other, until_ms, alone, installed = unpack(redis.call('HMGET', K.job(job), 'avoid', 'avoid_until_ms', 'alone', 'installed'))
  return other == device and tonumber(until_ms) > now_ms, alone, other or installed
end
