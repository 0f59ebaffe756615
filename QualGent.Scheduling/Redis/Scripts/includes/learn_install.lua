--- @include "keys"
--- @include "clock"
--- @include "learn"
--- @include "place_group"

-- The first file of a visit begins. If the visit began without the build, everything since then is what an installation costs.
local function learn_install(device)
  local group, cold_ms = unpack(redis.call('HMGET', K.device(device), 'group', 'cold_ms'))
  if not cold_ms then return end
  redis.call('HDEL', K.device(device), 'cold_ms')
  learn(group, 'install_ms', { now_ms - cold_ms })
  place_group(group)
end
