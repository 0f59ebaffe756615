--- @include "keys"
--- @include "clock"
--- @include "learn"

-- Files of the group ran to their end: its build installs, its devices make progress, and they took so long. The caller
-- places the group anew.
local function learn_durations(group, durations_ms)
  redis.call('DEL', K.failed_on(group))
  redis.call('HSET', K.group(group), 'progress_ms', now_ms)
  learn(group, 'estimate_ms', durations_ms)
end
