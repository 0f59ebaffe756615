--- @include "run_facts"

-- What a claim answers of a batch: {batch, org, app, project, reset, bundle, app digest, a job_reply for each job…}.
local function batch_reply(batch, run)
  local facts = run_facts(run)
  return { batch, facts.org, facts.app, facts.project, facts.reset, facts.bundle, facts.app_digest }
end

-- {job, run, file, token, attempt, timeout_ms, trace, waited_ms}
local function job_reply(job, run, file, token, attempts, claimed_ms, queued_ms)
  local facts = run_facts(run)
  return { job, run, file, token, tonumber(attempts or 0) + 1, facts.timeout_ms, facts.trace, claimed_ms - (queued_ms or facts.due_ms or facts.created_ms) }
end
