--- @include "keys"
--- @include "clock"
--- @include "append_given"
--- @include "avoid"
--- @include "holds"
--- @include "let_go"
--- @include "record_attempt"
--- @include "remember"
--- @include "run_facts"
--- @include "run_of"
--- @include "transition"
--- @include "requeue"
--- @include "lose_job"
--- @include "install_failure"

-- An exponential delay with full jitter.
local function backoff(times, jitter)
  return math.floor(math.min(tonumber(ARGV[3]), tonumber(ARGV[2]) * 2 ^ times) * tonumber(jitter))
end

-- What is known of a batch's installation is evidence for all its jobs.
local function tell_mates(device, installed)
  write_let_go()
  for _, mate in ipairs(redis.call('ZRANGE', K.device_jobs(device), 0, -1)) do redis.call('HSET', K.job(mate), 'installed', installed) end
end

-- Writes how one attempt ended, as report.lua reads it. Returns what to answer, and if the file ran to its end the group and the
-- duration that teaches it something.
local function finish_job(report)
  local job, token, device, outcome = report.job, report.token, report.device, report.outcome
  local key, run = K.job(job), (run_of(job))
  local held, reported, cancel, alone, tried, lost, told = holds(job, token, device, report.epoch, 'reported', 'cancel', 'alone', 'attempts', 'losses', 'installed')
  if reported == token then return 'duplicate' end
  if not held then return 'stale' end

  local facts = run_facts(run)
  let_go(device, job)
  if report.installed and report.installed ~= told then tell_mates(device, report.installed) end
  -- What a report says of its attempt takes the place of what an earlier one said.
  if reported or cancel then redis.call('HDEL', key, 'code', 'message', 'duration_ms', 'tests', 'events') end
  local said = { reported = token, code = report.code, message = report.message, duration_ms = report.duration_ms, tests = report.tests, installed = report.installed,
    events = report.events }
  -- A job that ran by itself and still was not in the runner's plan cannot be tried any better.
  if outcome == 'run_alone' and alone then outcome, said.code = 'errored', 'runner_error' end
  local has_run = outcome == 'passed' or outcome == 'failed' or outcome == 'errored'
  if cancel and (not has_run or outcome == 'errored') then outcome, said.code, has_run = 'cancelled', 'cancelled', false end

  if report.details then record_attempt(job, facts, outcome, said, device, report.details) end
  local attempts = tonumber(tried or 0) + 1
  local retry = has_run and outcome ~= 'passed' and report.retries and attempts < tonumber(facts.attempts_max) and not cancel
  if has_run then said.attempts = numeral(attempts) end
  if outcome == 'passed' and tried then
    said.flaky = 1
    local runs = runs_of(job, run)
    for i = 1, #runs, 2 do tally_run(runs[i], 'flaky', 1) end
  end
  if retry then said.queued_ms = numeral(now_ms) end
  if has_run then
    local letter = (retry and 'r') or (outcome ~= 'passed' and string.sub(outcome, 1, 1)) or (tried and 'k') or 'p'
    remember(facts.org, job, letter, report.duration_ms, said.code)
  end
  if outcome == 'run_alone' then said.alone = 1 end
  local fields = append_given({}, said)
  if outcome == 'cancelled' or (has_run and not retry) then
    transition(job, run, outcome, fields, 'running')
    return 'done ' .. outcome .. ' ' .. facts.class, has_run and facts.group or nil, tonumber(report.duration_ms)
  end

  redis.call('HSET', key, unpack(fields))
  if retry then
    local delay_ms = backoff(attempts, report.jitter)
    avoid(job, run, device, now_ms + delay_ms)
    requeue(job, delay_ms)
  elseif outcome == 'lost' then
    lose_job(job, device, tonumber(ARGV[4]), backoff(tonumber(lost or 0), report.jitter), report.charge)
  elseif outcome == 'run_alone' then
    requeue(job, 0)
  elseif outcome == 'install_failed' then
    if install_failure(device, facts.group, run) then transition(job, run, 'errored') else requeue(job, 0) end
  end
  return 'done ' .. redis.call('HGET', key, 'status') .. ' ' .. facts.class, has_run and facts.group or nil, tonumber(report.duration_ms)
end
