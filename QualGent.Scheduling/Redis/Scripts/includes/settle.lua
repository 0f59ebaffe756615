--- @include "keys"
--- @include "end_run"

local tallies, touched = {}, {}

-- Adds to a count that other jobs of the same call may change as well; settle() writes the sums.
local function tally(key, field, step)
  if not tallies[key] then
    tallies[key] = {}
    tallies[#tallies + 1] = key
  end
  tallies[key][field] = (tallies[key][field] or 0) + step
end

-- Has settle() look whether a run has ended.
local function may_have_ended(run)
  if not touched[run] then touched[#touched + 1] = run end
  touched[run] = true
end

-- Writes what status changes of the call come to. A script in which a job's status may change ends with this.
local function settle()
  for _, key in ipairs(tallies) do
    for field, step in pairs(tallies[key]) do
      if step ~= 0 then redis.call('HINCRBY', key, field, step) end
    end
  end
  for _, run in ipairs(touched) do end_run(run) end
  tallies, touched = {}, {}
end
