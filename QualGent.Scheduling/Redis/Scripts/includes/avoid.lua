--- @include "keys"
--- @include "policy"

-- Leaves a job's next attempt to another device than the one it failed on, for a while and if there is one.
local function avoid(job, run, device, from_ms)
  local group, class = unpack(redis.call('HMGET', K.run(run), 'group', 'class'))
  if redis.call('SCARD', K.class_devices(class)) < 2 then return end
  redis.call('HSET', K.job(job), 'avoid', device, 'avoid_until_ms', from_ms + POLICY.avoid_ms)
  redis.call('HSET', K.group(group), 'avoid_until_ms', from_ms + POLICY.avoid_ms)
end
