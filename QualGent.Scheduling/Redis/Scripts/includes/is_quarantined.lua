--- @include "run_facts"
--- @include "run_of"

-- Whether a job's test was in quarantine when its run was accepted.
local function is_quarantined(run, job)
  local places = run_facts(run).quarantined
  if not places then return false end
  local _, index = run_of(job)
  return string.find(places, ' ' .. index .. ' ', 1, true) ~= nil
end
