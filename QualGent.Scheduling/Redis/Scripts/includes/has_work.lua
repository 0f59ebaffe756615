--- @include "keys"
--- @include "group_facts"

-- Whether a group has ready jobs that may be handed out: nothing of it is paused and its build is not condemned.
local function has_work(group)
  local org, _, build = group_facts(group)
  if not org or redis.call('EXISTS', K.lanes(group)) == 0 or redis.call('ZSCORE', K.condemned, group) then return false end
  local paused = redis.call('SMISMEMBER', K.paused, '*', org, build)
  return paused[1] + paused[2] + paused[3] == 0
end
