-- The id of a run's job by its index: the opposite of run_of.
local function job_of(run, index)
  return 'job_' .. string.sub(run, 5) .. '_' .. index
end
