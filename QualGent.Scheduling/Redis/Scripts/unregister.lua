#!lua flags=allow-oom
-- An agent gives devices back, at most 8 a call, each whole: what it held is queued again, uncharged where its file has not begun, and
-- its epoch has risen.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 agent  3 losses_max  4 JSON list of devices that it keeps  5 whether it has the others no more: 1 or 0
-- Returns: whether more is waiting
-- Events: job, run_ended, wake-ups
--- @include "keys"
--- @include "take_back"
--- @include "settle"

local AT_ONCE = 8

local agent, losses_max, gives_up = ARGV[2], tonumber(ARGV[3]), ARGV[5] == '1'
local kept, given, more = {}, 0, 0
for _, device in ipairs(cjson.decode(ARGV[4])) do kept[device] = true end
for _, device in ipairs(redis.call('SMEMBERS', K.agent_devices(agent))) do
  local owned = redis.call('ZSCORE', K.leases, device)
  if not kept[device] and (owned or gives_up) then
    if given == AT_ONCE then
      more = 1
      break
    end
    given = given + 1
    if owned then take_back(device, losses_max) end
    if gives_up then redis.call('SREM', K.agent_devices(agent), device) end
  end
end
settle()
return more
