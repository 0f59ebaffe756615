--- @include "keys"

-- Appends to the run's event stream (a reader that falls behind the trimmed end gets a snapshot) and tells who watches.
local function emit(run, kind, job)
  redis.call('XADD', K.events(run), 'MAXLEN', '~', 1000, '*', 'kind', kind, 'job', job)
  redis.call('PUBLISH', K.news(run), kind)
end
