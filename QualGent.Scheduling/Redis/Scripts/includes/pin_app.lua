--- @include "keys"

-- Pins the file that is registered for a run's app version, if there is one: the run keeps it whatever is registered later, and
-- its jobs share no process with those of another file. A run that repeats another one brings that one's, or none as that one had none:
-- the passes it inherits are of the same build.
local function pin_app(run)
  if run.app_digest == '' and not run.repeats then run.app_digest = string.sub(redis.call('HGET', K.apps(run.org), run.app) or '', 1, 64) end
  if run.app_digest ~= '' then run.lane = run.app_digest .. '|' .. run.lane end
end
