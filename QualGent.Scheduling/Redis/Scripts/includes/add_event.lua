--- @include "keys"

-- An event of the run's stream: a reader that falls behind the trimmed end gets a snapshot.
local function add_event(run, kind, jobs, ...)
  redis.call('XADD', K.events(run), 'MAXLEN', '~', 1000, '*', 'kind', kind, 'jobs', jobs, ...)
end
