--- @include "keys"

-- The job in which the work for a run's job is done: itself, or the one it is attached to. Nil when it has ended for its run,
-- although the work may go on for others.
local function work_of(id)
  local other, ended, left = unpack(redis.call('HMGET', K.job(id), 'attached_to', 'status', 'left'))
  if left or (other and ended) then return nil end
  return other or id
end
