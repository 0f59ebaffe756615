--- @include "keys"
--- @include "clock"
--- @include "keep_group"

-- Stores one run unless its idempotency key is known or a limit is reached; returns what to answer, and whether it is new.
-- Everything is checked before the first write.
local function accept_run(run, limits)
  local key = run.key ~= '' and K.idempotency(run.org, run.key)
  local serving = redis.call('SCARD', K.class_devices(run.class))
  if serving == 0 and redis.call('EXISTS', K.devices) == 0 then serving = -1 end
  if key then
    local known, hash, count = unpack(redis.call('HMGET', key, 'run', 'hash', 'jobs'))
    if known and hash ~= run.hash then return { 'key_reused' } end
    if known then return { 'accepted', known, tonumber(count), 1, serving, tonumber(redis.call('HGET', K.run(known), 'created_ms') or now_ms) } end
  end
  if tonumber(redis.call('HGET', K.org(run.org), 'queued') or 0) + run.planned > limits.org then return { 'full', 'organisation' } end
  if tonumber(redis.call('HGET', K.counts, 'queued') or 0) + run.planned > limits.pool then return { 'full', 'pool' } end
  if not redis.call('ZSCORE', K.classes, run.class) and redis.call('ZCARD', K.classes) >= 1000 then return { 'full', 'classes' } end

  local fields = { 'org', run.org, 'app', run.app, 'priority', run.priority, 'class', run.class, 'reset', run.reset,
    'attempts_max', run.attempts_max, 'timeout_ms', run.timeout_ms, 'queue_timeout_ms', run.queue_timeout_ms,
    'group', run.group, 'lane', run.lane, 'created_ms', now_ms, 'score', run.score,
    'planned', run.planned, 'queued', run.planned, 'expanded', run.planned <= 200 and run.planned or 0 }
  for _, field in ipairs({ 'name', 'project', 'trace' }) do
    if run[field] ~= '' then
      fields[#fields + 1] = field
      fields[#fields + 1] = run[field]
    end
  end
  redis.call('HSET', K.run(run.id), unpack(fields))
  for from = run.tests, run.next - 1, 1000 do
    redis.call('RPUSH', K.tests(run.id), unpack(ARGV, from, math.min(run.next - 1, from + 999)))
  end
  redis.call('HINCRBY', K.org(run.org), 'queued', run.planned)
  redis.call('HINCRBY', K.counts, 'queued', run.planned)
  redis.call('ZADD', K.runs, 0, run.id)
  redis.call('ZADD', K.org_runs(run.org), 0, run.id)
  redis.call('ZADD', K.deadlines, now_ms + tonumber(run.queue_timeout_ms), run.id)
  if run.planned > 200 then redis.call('ZADD', K.expanding, now_ms, run.id) end
  if key then
    redis.call('HSET', key, 'run', run.id, 'hash', run.hash, 'jobs', run.planned)
    redis.call('PEXPIRE', key, 86400000)
  end
  keep_group(run.group, run.org, run.app, run.class)
  return { 'accepted', run.id, run.planned, 0, serving, now_ms }, true
end
