--- @include "keys"
--- @include "run_of"
--- @include "test_of"

-- What a device holds, as a claim answers it: {batch, org, app, project, reset, {job, run, file, token, attempt, timeout_ms,
-- trace, waited_ms}…}, or nil when it holds nothing.
local function held_jobs(device)
  local jobs = redis.call('ZRANGE', K.device_jobs(device), 0, -1)
  if #jobs == 0 then return nil end
  local reply = { redis.call('HGET', K.device(device), 'batch'), unpack(redis.call('HMGET', K.run((run_of(jobs[1]))), 'org', 'app', 'project', 'reset')) }
  for _, job in ipairs(jobs) do
    local run, index = run_of(job)
    local token, attempts, claimed_ms, queued_ms = unpack(redis.call('HMGET', K.job(job), 'token', 'attempts', 'claimed_ms', 'queued_ms'))
    local timeout_ms, trace, created_ms, due_ms = unpack(redis.call('HMGET', K.run(run), 'timeout_ms', 'trace', 'created_ms', 'due_ms'))
    reply[#reply + 1] = { job, run, test_of(run, index), token, tonumber(attempts or 0) + 1,
      timeout_ms, trace, claimed_ms - (queued_ms or due_ms or created_ms) }
  end
  return reply
end
