--- @include "job_of"
--- @include "numeral"

-- Appends a run's jobs from one index to before another, with their seniority, as ZADD takes them. A job that never ran has
-- no record of its own: it is queued, and everything else is its run's.
local function add_jobs(entries, run, score, from, to)
  for index = from, to - 1 do
    entries[#entries + 1] = index == 0 and numeral(score) or score + index / 2048
    entries[#entries + 1] = job_of(run, index)
  end
end
