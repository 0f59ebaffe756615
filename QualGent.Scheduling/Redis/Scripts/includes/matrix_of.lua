-- The run that a run is a cell of: run_01k9….2 is the third cell of run_01k9…; nil for a run of its own.
local function matrix_of(run)
  return string.match(run, '^(.+)%.%d+$')
end
