--- @include "keys"
--- @include "batch_reply"
--- @include "claim_of"
--- @include "run_of"
--- @include "tests_of"

-- What a device holds, as a claim answers it, or nil when it holds nothing.
local function held_jobs(device)
  local jobs = redis.call('ZRANGE', K.device_jobs(device), 0, -1)
  if #jobs == 0 then return nil end
  local reply = batch_reply(redis.call('HGET', K.device(device), 'batch'), (run_of(jobs[1])))
  local files = tests_of(jobs)
  for i, job in ipairs(jobs) do
    local token, attempts, claim, queued_ms = unpack(redis.call('HMGET', K.job(job), 'token', 'attempts', 'claim', 'queued_ms'))
    local _, _, _, claimed_ms = claim_of(claim)
    add_to_reply(reply, job, (run_of(job)), files[i], token, attempts, claimed_ms, queued_ms)
  end
  return reply
end
