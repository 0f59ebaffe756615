--- @include "keys"

local read = {}

-- What was asked of a run and never changes, read once per call. A field that was not given is false.
local function run_facts(run)
  if not read[run] then
    local org, app, project, reset, bundle, app_digest, group, class, attempts_max, timeout_ms, trace, created_ms, due_ms, test, dedup, quarantined, ordered = unpack(redis.call('HMGET', K.run(run),
      'org', 'app', 'project', 'reset', 'bundle', 'app_digest', 'group', 'class', 'attempts_max', 'timeout_ms', 'trace', 'created_ms', 'due_ms', 'test', 'dedup', 'quarantined', 'ordered'))
    read[run] = { org = org, app = app, project = project, reset = reset, bundle = bundle, app_digest = app_digest, group = group, class = class, attempts_max = attempts_max,
      timeout_ms = timeout_ms, trace = trace, created_ms = created_ms, due_ms = due_ms, test = test, dedup = dedup, quarantined = quarantined, ordered = ordered }
  end
  return read[run]
end
