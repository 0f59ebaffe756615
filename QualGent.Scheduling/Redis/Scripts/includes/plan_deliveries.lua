--- @include "keys"
--- @include "clock"
--- @include "in_pieces"
--- @include "matrix_of"
--- @include "numeral"
--- @include "of"
--- @include "run_facts"

-- Limits.HookDeliveriesWaiting
local WAITING_MAX = 10000

-- Lets a hook be called for all of these, as far as there is room.
local function plan_for_hook(org, hook, subjects)
  local room = math.max(0, WAITING_MAX - redis.call('ZCARD', K.hook_due(hook)))
  if #subjects > room then redis.call('HINCRBY', K.hook_tries(hook), 'skipped', #subjects - room) end
  local entries = {}
  for i = 1, math.min(room, #subjects) do
    entries[#entries + 1] = numeral(now_ms)
    entries[#entries + 1] = subjects[i]
  end
  if #entries == 0 then return end
  in_pieces('ZADD', K.hook_due(hook), entries)
  -- Whoever delivers for it now looks for more before letting go of it.
  local name = org .. '|' .. hook
  if not redis.call('ZSCORE', K.hooks_taken, name) then redis.call('ZADD', K.hooks_due, 'LT', numeral(now_ms), name) end
end

-- Notes which hooks are to be called for what ended, in the step that ends it: whatever dies afterwards, no call is lost.
-- jobs: by run, those that ended; runs: those that ended with them. A pool without hooks pays one look.
local function plan_deliveries(jobs, runs)
  if #jobs + #runs == 0 or redis.call('EXISTS', K.hook_orgs) == 0 then return end
  local by_org = {}
  local function add(org, event, subject)
    local subjects = of(of(by_org, org), event)
    subjects[#subjects + 1] = subject
  end
  for _, run in ipairs(jobs) do
    for _, job in ipairs(jobs[run]) do add(run_facts(run).org, 'job_ended', job) end
  end
  -- A cell ends as a part of its matrix.
  for _, run in ipairs(runs) do
    if not matrix_of(run) then add(run_facts(run).org, 'run_ended', run) end
  end
  for _, org in ipairs(by_org) do
    local hooks = redis.call('HGETALL', K.hooks(org))
    for i = 1, #hooks, 2 do
      local subjects = {}
      for event in string.gmatch(string.match(hooks[i + 1], '^[^{]+'), '[a-z_]+') do
        for _, subject in ipairs(by_org[org][event] or {}) do subjects[#subjects + 1] = subject end
      end
      if #subjects > 0 then plan_for_hook(org, hooks[i], subjects) end
    end
  end
end
