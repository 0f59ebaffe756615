--- @include "keys"
--- @include "clock"

-- Whether a device should leave a job to another one; whether the job must run alone; whether an earlier attempt left
-- something that a new one does away with; its attempts until now, and when it was queued again.
local function avoids(device, job)
  local other, until_ms, alone, installed, events, attempts, queued_ms =
    unpack(redis.call('HMGET', K.job(job), 'avoid', 'avoid_until_ms', 'alone', 'installed', 'events', 'attempts', 'queued_ms'))
  return other == device and tonumber(until_ms) > now_ms, alone, other or installed or events, attempts, queued_ms
end
