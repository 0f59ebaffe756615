--- @include "keys"
--- @include "clock"
--- @include "learn"

-- A file of the group ran to its end: its build installs, its devices make progress, and it took this long. The caller
-- places the group anew.
local function learn_duration(group, duration_ms)
  redis.call('DEL', K.failed_on(group))
  redis.call('HSET', K.group(group), 'progress_ms', now_ms)
  if duration_ms ~= '' then learn(group, 'estimate_ms', tonumber(duration_ms)) end
end
