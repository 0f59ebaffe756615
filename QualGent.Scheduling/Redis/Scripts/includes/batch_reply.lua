--- @include "run_facts"

-- What a claim answers of a batch: batch, org, app, project, reset, bundle, app digest, and then 8 values of each job.
local function batch_reply(batch, run)
  local facts = run_facts(run)
  return { batch, facts.org, facts.app, facts.project, facts.reset, facts.bundle, facts.app_digest }
end

-- Adds job, run, file, token, attempt, timeout_ms, trace, waited_ms.
local function add_to_reply(reply, job, run, file, token, attempts, claimed_ms, queued_ms)
  local facts, at = run_facts(run), #reply
  reply[at + 1], reply[at + 2], reply[at + 3], reply[at + 4], reply[at + 5] = job, run, file, token, tonumber(attempts or 0) + 1
  reply[at + 6], reply[at + 7], reply[at + 8] = facts.timeout_ms, facts.trace, claimed_ms - (queued_ms or facts.due_ms or facts.created_ms)
end
