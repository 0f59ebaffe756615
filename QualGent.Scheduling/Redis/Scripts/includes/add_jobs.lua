--- @include "keys"
--- @include "job_of"
--- @include "numeral"

-- Appends a run's jobs from one index to before another, with their seniority, as ZADD takes them. Inside the run it goes by their index,
-- or by the run's order, which takes the same places. A job that never ran has no record of its own: it is queued, and
-- everything else is its run's.
local function add_jobs(entries, run, score, from, to, ordered)
  local order = ordered and redis.call('GETRANGE', K.order(run), 12 * from, 12 * to - 1)
  for index = from, to - 1 do
    local at = 12 * (index - from) + 1
    local place = order and tonumber(string.sub(order, at, at + 3)) or index
    entries[#entries + 1] = place == 0 and numeral(score) or score + place / 2048
    entries[#entries + 1] = job_of(run, index)
  end
end
