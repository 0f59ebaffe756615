--- @include "keys"
--- @include "of"

-- Jobs that devices no longer hold, collected here and taken out of what each holds at once.
local let_go_of = {}

local function let_go(device, job)
  local jobs = of(let_go_of, device)
  jobs[#jobs + 1] = job
end

local function write_let_go()
  for _, device in ipairs(let_go_of) do redis.call('ZREM', K.device_jobs(device), unpack(let_go_of[device])) end
  let_go_of = {}
end
