-- The run and the index inside a job id: job_01k9…_7 is job 7 of run_01k9… Nil for a text that is none.
local function run_of(job)
  local tail, index = string.match(job, '^job_(.+)_(%d+)$')
  if not tail then return nil end
  return 'run_' .. tail, tonumber(index)
end
