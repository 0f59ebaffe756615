--- @include "keys"
--- @include "clock"
--- @include "append_given"
--- @include "gather"

-- Stores what was asked, and lists the run where readers and sweeps look. A field that is missing is nothing or zero.
local function store_run(run)
  local key, now = K.run(run.id), string.format('%.0f', now_ms)
  local fields = { 'org', run.org, 'app', run.app, 'priority', run.priority, 'class', run.class, 'reset', run.reset,
    'attempts_max', run.attempts_max, 'timeout_ms', run.timeout_ms, 'queue_timeout_ms', run.queue_timeout_ms,
    'group', run.group, 'lane', run.lane, 'created_ms', now, 'score', run.score,
    'planned', run.planned, 'queued', run.planned, 'expanded', run.expanded }
  append_given(fields, { name = run.name, project = run.project, trace = run.trace, due_ms = run.due_ms > now_ms and run.due_ms or '' })
  redis.call('HSET', key, unpack(fields))
  for from = run.tests, run.next - 1, 1000 do
    redis.call('RPUSH', K.tests(run.id), unpack(ARGV, from, math.min(run.next - 1, from + 999)))
  end
  count_queued(K.org(run.org), run.planned)
  count_queued(K.counts, run.planned)
  gather(K.runs, 0, run.id)
  gather(K.org_runs(run.org), 0, run.id)
  gather(K.deadlines, run.due_ms + tonumber(run.queue_timeout_ms), run.id)
  if run.expanded < run.planned then gather(K.expanding, now, run.id) end
  if run.key ~= '' then
    redis.call('HSET', K.idempotency(run.org, run.key), 'run', run.id, 'hash', run.hash, 'jobs', run.planned)
    redis.call('PEXPIRE', K.idempotency(run.org, run.key), 86400000)
  end
end
