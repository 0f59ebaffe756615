--- @include "keys"
--- @include "clock"
--- @include "append_given"
--- @include "gather"
--- @include "lapse"
--- @include "numeral"

-- The tests of a run of one are in its record: tests_of.lua.
local function store_tests(run)
  if run.planned == 1 then return end
  for from = run.tests, run.next - 1, 1000 do
    redis.call('RPUSH', K.tests(run.id), unpack(ARGV, from, math.min(run.next - 1, from + 999)))
  end
end

-- What two jobs have in common that one execution could do for, besides the test file.
local function kind(run)
  return table.concat({ run.attempts_max, run.timeout_ms, run.queue_timeout_ms, run.lane }, '|')
end

-- Stores what was asked, and lists the run where readers and sweeps look. A field that is missing is nothing or zero.
local function store_run(run)
  local planned = numeral(run.planned)
  local limit_ms = run.limit_ms ~= '' and numeral(run.due_ms + run.limit_ms) or ''
  local fields = { 'org', run.org, 'app', run.app, 'priority', run.priority, 'class', run.class, 'reset', run.reset,
    'attempts_max', run.attempts_max, 'timeout_ms', run.timeout_ms, 'queue_timeout_ms', run.queue_timeout_ms,
    'group', run.group, 'lane', run.lane, 'created_ms', numeral(now_ms), 'score', numeral(run.score),
    'planned', planned, 'queued', planned, 'expanded', numeral(run.expanded) }
  append_given(fields, { name = run.name, project = run.project, trace = run.trace, origin = run.origin, fail_fast = run.fail_fast,
    quarantined = run.quarantined, quarantined_tests = run.quarantined_tests, excluded = run.excluded, ordered = run.order ~= '' and 1 or nil,
    bundle = run.bundle, app_digest = run.app_digest, limit_ms = limit_ms, lease_ms = run.lease_ms, dedup = run.dedup ~= '' and kind(run) or '',
    due_ms = run.due_ms > now_ms and numeral(run.due_ms) or '', test = run.planned == 1 and ARGV[run.tests] or '' })
  redis.call('HSET', K.run(run.id), unpack(fields))
  store_tests(run)
  if run.order ~= '' then redis.call('SET', K.order(run.id), run.order) end
  count_queued(K.org(run.org), run.planned)
  count_queued(K.counts, run.planned)
  gather(K.runs, '0', run.id)
  gather(K.org_runs(run.org), '0', run.id)
  gather(K.deadlines, numeral(run.due_ms + run.queue_timeout_ms), run.id)
  lapse(run.id, limit_ms, run.lease_ms)
  if run.expanded < run.planned then gather(K.expanding, numeral(now_ms), run.id) end
  if run.key ~= '' then
    redis.call('SET', K.idempotency(run.org, run.key), run.id .. ' ' .. planned .. ' ' .. run.hash, 'PX', 86400000)
  end
end
