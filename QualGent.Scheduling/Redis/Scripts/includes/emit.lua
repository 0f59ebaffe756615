--- @include "keys"

local told = {}

-- Appends to the run's event stream (a reader that falls behind the trimmed end gets a snapshot) and tells who watches, once
-- per call: nobody sees anything of a call before all of it is done.
local function emit(run, kind, job)
  redis.call('XADD', K.events(run), 'MAXLEN', '~', 1000, '*', 'kind', kind, 'job', job)
  if not told[run] then redis.call('PUBLISH', K.news(run), kind) end
  told[run] = true
end
