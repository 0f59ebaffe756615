#!lua flags=allow-oom
-- Writes how an attempt ended and decides what follows.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 job  3 token  4 device  5 epoch  6 outcome: passed, failed, errored, lost, install_failed, run_alone
--   7 code or ''  8 message or ''  9 duration_ms or ''  10 tests 'passed,failed,skipped' or ''  11 installed: '1', '0' or ''
--   12 whether the code deserves a retry: 1 or 0  13 retry_base_ms  14 retry_max_ms  15 jitter, 0 to 1  16 losses_max
--   17 whether a loss is not counted: 1 or 0
-- Returns: {'done', status, class} | {'duplicate'} | {'stale'}
-- Events: job, run_ended, wake-ups
--- @include "keys"
--- @include "clock"
--- @include "policy"
--- @include "holds"
--- @include "run_of"
--- @include "transition"
--- @include "requeue"
--- @include "lose_job"
--- @include "install_failure"
--- @include "learn_duration"

local job, token, device, outcome, code = ARGV[2], ARGV[3], ARGV[4], ARGV[6], ARGV[7]
local key, run = K.job(job), (run_of(job))
if redis.call('HGET', key, 'reported') == token then return { 'duplicate' } end
if not holds(job, token, device, ARGV[5]) then return { 'stale' } end

local group, class, attempts_max = unpack(redis.call('HMGET', K.run(run), 'group', 'class', 'attempts_max'))
local cancel, alone = unpack(redis.call('HMGET', key, 'cancel', 'alone'))
redis.call('HDEL', key, 'code', 'message', 'duration_ms', 'tests')
local fields = { 'reported', token }
for field, value in pairs({ code = code, message = ARGV[8], duration_ms = ARGV[9], tests = ARGV[10] }) do
  if value ~= '' then
    fields[#fields + 1] = field
    fields[#fields + 1] = value
  end
end
redis.call('HSET', key, unpack(fields))

if ARGV[11] ~= '' then
  -- What is known of the batch's installation is evidence for all its jobs.
  for _, mate in ipairs(redis.call('ZRANGE', K.device_jobs(device), 0, -1)) do redis.call('HSET', K.job(mate), 'installed', ARGV[11]) end
end

local function backoff(times)
  return math.floor(math.min(tonumber(ARGV[14]), tonumber(ARGV[13]) * 2 ^ times) * tonumber(ARGV[15]))
end

local function finished(status)
  redis.call('ZREM', K.device_jobs(device), job)
  transition(job, run, status)
end

-- A job that ran by itself and still was not in the runner's plan cannot be tried any better.
if outcome == 'run_alone' and alone then
  outcome, code = 'errored', 'runner_error'
  redis.call('HSET', key, 'code', code)
end
if cancel and outcome ~= 'passed' and outcome ~= 'failed' then
  redis.call('HSET', key, 'code', 'cancelled')
  finished('cancelled')
elseif outcome == 'passed' then
  learn_duration(group, ARGV[9])
  if redis.call('HGET', key, 'attempts') then
    redis.call('HSET', key, 'flaky', 1)
    redis.call('HINCRBY', K.run(run), 'flaky', 1)
  end
  redis.call('HINCRBY', key, 'attempts', 1)
  finished('passed')
elseif outcome == 'failed' or outcome == 'errored' then
  learn_duration(group, ARGV[9])
  local attempts = redis.call('HINCRBY', key, 'attempts', 1)
  if ARGV[12] == '1' and attempts < tonumber(attempts_max) and not cancel then
    redis.call('ZREM', K.device_jobs(device), job)
    redis.call('HSET', key, 'queued_ms', now_ms)
    requeue(job, backoff(attempts))
  else
    finished(outcome)
  end
elseif outcome == 'lost' then
  lose_job(job, device, tonumber(ARGV[16]), backoff(tonumber(redis.call('HGET', key, 'losses') or 0)), ARGV[17] == '1')
elseif outcome == 'run_alone' then
  redis.call('HSET', key, 'alone', 1)
  redis.call('ZREM', K.device_jobs(device), job)
  requeue(job, 0)
elseif outcome == 'install_failed' then
  redis.call('ZREM', K.device_jobs(device), job)
  if install_failure(device, group, run) then transition(job, run, 'errored') else requeue(job, 0) end
end
return { 'done', redis.call('HGET', key, 'status'), class }
