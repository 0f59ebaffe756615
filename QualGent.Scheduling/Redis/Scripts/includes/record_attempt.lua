--- @include "keys"
--- @include "claim_of"
--- @include "clock"
--- @include "numeral"

local ATTEMPTS_KEPT = 20

-- Keeps what an agent told of an execution behind what the queue knows of it; before the report changes the job.
local function record_attempt(job, facts, outcome, said, device, details)
  local attempts, claim, started_ms, queued_ms, installed =
    unpack(redis.call('HMGET', K.job(job), 'attempts', 'claim', 'started_ms', 'queued_ms', 'installed'))
  local agent, provider, batch, claimed_ms = claim_of(claim)
  local known = { attempt = tonumber(attempts or 0) + 1, outcome = outcome, device = device, provider = provider, agent = agent, batch = batch,
    claimed_ms = claimed_ms, started_ms = started_ms or nil, finished_ms = numeral(now_ms),
    queued_ms = queued_ms or facts.due_ms or facts.created_ms, installed = said.installed or installed or nil,
    code = said.code, message = said.message }
  local kept = redis.call('RPUSH', K.attempts(job), cjson.encode(known) .. '\n' .. details)
  if kept > ATTEMPTS_KEPT then redis.call('LTRIM', K.attempts(job), -ATTEMPTS_KEPT, -1) end
end
