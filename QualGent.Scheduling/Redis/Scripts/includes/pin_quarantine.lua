--- @include "keys"

local has_quarantine = {}

-- Notes which tests of a run its organisation has in quarantine: they run and do not count towards the verdict, whatever becomes
-- of the list later. An organisation without a list pays for one look.
local function pin_quarantine(run)
  local key = K.quarantine(run.org)
  if has_quarantine[key] == nil then has_quarantine[key] = redis.call('EXISTS', key) == 1 end
  if not has_quarantine[key] then return end
  local places, names = {}, {}
  for from = run.tests, run.next - 1, 1000 do
    for i, entry in ipairs(redis.call('HMGET', key, unpack(ARGV, from, math.min(run.next - 1, from + 999)))) do
      if entry then
        places[#places + 1] = from + i - 1 - run.tests
        names[#names + 1] = ARGV[from + i - 1]
      end
    end
  end
  if #places == 0 then return end
  run.excluded, run.quarantined, run.quarantined_tests = #places, ' ' .. table.concat(places, ' ') .. ' ', table.concat(names, '\n')
end
