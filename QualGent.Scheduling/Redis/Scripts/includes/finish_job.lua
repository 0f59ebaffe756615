--- @include "keys"
--- @include "clock"
--- @include "append_given"
--- @include "avoid"
--- @include "holds"
--- @include "run_of"
--- @include "transition"
--- @include "requeue"
--- @include "lose_job"
--- @include "install_failure"
--- @include "learn_duration"

-- An exponential delay with full jitter.
local function backoff(times, jitter)
  return math.floor(math.min(tonumber(ARGV[3]), tonumber(ARGV[2]) * 2 ^ times) * tonumber(jitter))
end

-- What a report says of its attempt takes the place of what an earlier one said.
local function write_attempt(key, token, said, was_tried)
  if was_tried then redis.call('HDEL', key, 'code', 'message', 'duration_ms', 'tests') end
  local fields = { 'reported', token }
  append_given(fields, said)
  redis.call('HSET', key, unpack(fields))
end

-- Writes how one attempt ended. From a position on ARGV holds: job, token, device, epoch, outcome (passed, failed, errored, lost,
-- install_failed, run_alone); code, message, duration_ms, tests 'passed,failed,skipped' and installed '1' or '0', each possibly
-- ''; whether the code deserves a retry, 1 or 0; jitter, 0 to 1; which loss counts: when_begun, never, always.
-- Returns what to answer, and the group if its expected times have changed.
local function finish_job(at)
  local job, token, device, epoch, outcome, code, message, duration_ms, tests, installed, deserves_retry, jitter, charge = unpack(ARGV, at, at + 12)
  local key, run = K.job(job), (run_of(job))
  local reported, cancel, alone, tried, lost = unpack(redis.call('HMGET', key, 'reported', 'cancel', 'alone', 'attempts', 'losses'))
  if reported == token then return { 'duplicate' } end
  if not holds(job, token, device, epoch) then return { 'stale' } end

  local group, class, attempts_max = unpack(redis.call('HMGET', K.run(run), 'group', 'class', 'attempts_max'))
  write_attempt(key, token, { code = code, message = message, duration_ms = duration_ms, tests = tests }, reported or cancel)
  if installed ~= '' then
    -- What is known of the batch's installation is evidence for all its jobs.
    for _, mate in ipairs(redis.call('ZRANGE', K.device_jobs(device), 0, -1)) do redis.call('HSET', K.job(mate), 'installed', installed) end
  end
  redis.call('ZREM', K.device_jobs(device), job)

  -- A job that ran by itself and still was not in the runner's plan cannot be tried any better.
  if outcome == 'run_alone' and alone then
    outcome = 'errored'
    redis.call('HSET', key, 'code', 'runner_error')
  end
  local has_run = outcome == 'passed' or outcome == 'failed' or outcome == 'errored'
  if cancel and (not has_run or outcome == 'errored') then
    redis.call('HSET', key, 'code', 'cancelled')
    transition(job, run, 'cancelled')
    has_run = false
  elseif has_run then
    learn_duration(group, duration_ms)
    local attempts = redis.call('HINCRBY', key, 'attempts', 1)
    if outcome == 'passed' and tried then
      redis.call('HSET', key, 'flaky', 1)
      redis.call('HINCRBY', K.run(run), 'flaky', 1)
    end
    if outcome ~= 'passed' and deserves_retry == '1' and attempts < tonumber(attempts_max) and not cancel then
      redis.call('HSET', key, 'queued_ms', now_ms)
      local delay_ms = backoff(attempts, jitter)
      avoid(job, run, device, now_ms + delay_ms)
      requeue(job, delay_ms)
    else
      transition(job, run, outcome)
    end
  elseif outcome == 'lost' then
    lose_job(job, device, tonumber(ARGV[4]), backoff(tonumber(lost or 0), jitter), charge)
  elseif outcome == 'run_alone' then
    redis.call('HSET', key, 'alone', 1)
    requeue(job, 0)
  elseif outcome == 'install_failed' then
    if install_failure(device, group, run) then transition(job, run, 'errored') else requeue(job, 0) end
  end
  return { 'done', redis.call('HGET', key, 'status'), class }, has_run and group or nil
end
