--- @include "run_of"
--- @include "runs_of"
--- @include "settle"

-- Tells who watches the runs that wait for a job that it has changed.
local function tell(job)
  local runs = runs_of(job, (run_of(job)))
  for i = 1, #runs, 2 do emit(runs[i], runs[i + 1]) end
end
