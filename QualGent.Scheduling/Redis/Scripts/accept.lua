#!lua
-- Stores a run: its settings once, its manifest of tests, its idempotency record and its share of the quotas.
-- A run of at most 200 tests is expanded into jobs at once, so that all of it becomes ready in one step.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 run  3 org  4 app  5 name  6 priority  7 class  8 project  9 reset  10 attempts_max  11 timeout_ms
--   12 queue_timeout_ms  13 trace  14 group  15 lane  16 aging_ms  17 idempotency key or ''  18 body hash
--   19 most queued of the organisation  20 of the pool  21… tests
-- Returns: {'accepted', run, jobs, replayed, devices of the class (-1: none is registered at all), created_ms} | {'key_reused'}
--   | {'full', which limit}
-- Events: wake-ups, of all idle devices when the class is new
--- @include "keys"
--- @include "clock"
--- @include "keep_group"
--- @include "expand_run"

local run, org, class, key = ARGV[2], ARGV[3], ARGV[7], ARGV[17]
local planned = #ARGV - 20

local function devices()
  local serving = redis.call('SCARD', K.class_devices(class))
  return serving == 0 and redis.call('EXISTS', K.devices) == 0 and -1 or serving
end

if key ~= '' then
  local known, hash, count = unpack(redis.call('HMGET', K.idempotency(org, key), 'run', 'hash', 'jobs'))
  if known and hash ~= ARGV[18] then return { 'key_reused' } end
  if known then return { 'accepted', known, tonumber(count), 1, devices(), tonumber(redis.call('HGET', K.run(known), 'created_ms') or now_ms) } end
end
if tonumber(redis.call('HGET', K.org(org), 'queued') or 0) + planned > tonumber(ARGV[19]) then return { 'full', 'organisation' } end
if tonumber(redis.call('HGET', K.counts, 'queued') or 0) + planned > tonumber(ARGV[20]) then return { 'full', 'pool' } end
if not redis.call('ZSCORE', K.classes, class) and redis.call('ZCARD', K.classes) >= 1000 then return { 'full', 'classes' } end

local score = now_ms + (9 - tonumber(ARGV[6])) * tonumber(ARGV[16])
local fields = { 'org', org, 'app', ARGV[4], 'priority', ARGV[6], 'class', class, 'reset', ARGV[9],
  'attempts_max', ARGV[10], 'timeout_ms', ARGV[11], 'queue_timeout_ms', ARGV[12], 'group', ARGV[14], 'lane', ARGV[15],
  'created_ms', now_ms, 'score', score, 'planned', planned, 'expanded', 0,
  'queued', planned, 'running', 0, 'passed', 0, 'failed', 0, 'errored', 0, 'cancelled', 0, 'flaky', 0 }
for field, value in pairs({ name = ARGV[5], project = ARGV[8], trace = ARGV[13] }) do
  if value ~= '' then
    fields[#fields + 1] = field
    fields[#fields + 1] = value
  end
end
redis.call('HSET', K.run(run), unpack(fields))
for from = 21, #ARGV, 1000 do
  redis.call('RPUSH', K.tests(run), unpack(ARGV, from, math.min(#ARGV, from + 999)))
end
redis.call('HINCRBY', K.org(org), 'queued', planned)
redis.call('HINCRBY', K.counts, 'queued', planned)
redis.call('ZADD', K.runs, 0, run)
redis.call('ZADD', K.org_runs(org), 0, run)
redis.call('ZADD', K.deadlines, now_ms + tonumber(ARGV[12]), run)
if key ~= '' then
  redis.call('HSET', K.idempotency(org, key), 'run', run, 'hash', ARGV[18], 'jobs', planned)
  redis.call('PEXPIRE', K.idempotency(org, key), 86400000)
end
if planned <= 200 then
  expand_run(run, planned)
else
  keep_group(ARGV[14], org, ARGV[4], class)
  redis.call('ZADD', K.expanding, now_ms, run)
end
return { 'accepted', run, planned, 0, devices(), now_ms }
