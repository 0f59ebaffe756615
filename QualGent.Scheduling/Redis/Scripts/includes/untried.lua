--- @include "keys"

-- Whether none of these jobs ran before: then they have no records, which one look tells of all of them.
local function untried(jobs)
  local records = {}
  for i, job in ipairs(jobs) do records[i] = K.job(job) end
  return #jobs > 0 and redis.call('EXISTS', unpack(records)) == 0
end
