--- @include "keys"
--- @include "run_facts"
--- @include "run_of"
--- @include "test_of"

-- What a device holds, as a claim answers it: {batch, org, app, project, reset, bundle, app digest, {job, run, file, token, attempt, timeout_ms,
-- trace, waited_ms}…}, or nil when it holds nothing.
local function held_jobs(device)
  local jobs = redis.call('ZRANGE', K.device_jobs(device), 0, -1)
  if #jobs == 0 then return nil end
  local first = run_facts((run_of(jobs[1])))
  local reply = { redis.call('HGET', K.device(device), 'batch'), first.org, first.app, first.project, first.reset, first.bundle, first.app_digest }
  for _, job in ipairs(jobs) do
    local run, index = run_of(job)
    local facts = run_facts(run)
    local token, attempts, claimed_ms, queued_ms = unpack(redis.call('HMGET', K.job(job), 'token', 'attempts', 'claimed_ms', 'queued_ms'))
    reply[#reply + 1] = { job, run, test_of(run, index), token, tonumber(attempts or 0) + 1,
      facts.timeout_ms, facts.trace, claimed_ms - (queued_ms or facts.due_ms or facts.created_ms) }
  end
  return reply
end
