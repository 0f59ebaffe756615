--- @include "keys"
--- @include "run_facts"
--- @include "run_of"
--- @include "settle"

local GUESTS_MAX = 100 -- runs attached to one job; its next equal one is queued and takes those that follow

-- Attaches a job to an equal one of another run; returns whether that moves forward in its lane. It keeps the highest priority
-- and seniority that was asked of it, also for its retries.
local function attach_to(job, id, run, asked, score)
  local owner, index = run_of(job)
  local status, senior, priority = unpack(redis.call('HMGET', K.job(job), 'status', 'score', 'priority'))
  local own_score, own_priority = unpack(redis.call('HMGET', K.run(owner), 'score', 'priority'))
  redis.call('HSET', K.job(id), 'attached_to', job)
  redis.call('HSET', K.attached(job), run, id)
  redis.call('SADD', K.guests(owner), run)
  -- Acceptance counted one more queued job, which there is not.
  tally(K.org(asked.org), 'queued', -1)
  tally(K.counts, 'queued', -1)
  if (status or 'queued') ~= 'queued' then
    tally_run(run, 'queued', -1)
    tally_run(run, status, 1)
    emit(run, id)
  end
  if tonumber(asked.priority) > tonumber(priority or own_priority) then redis.call('HSET', K.job(job), 'priority', asked.priority) end
  if score >= tonumber(senior or own_score + index / 2048) then return false end
  redis.call('HSET', K.job(job), 'score', string.format('%.17g', score))
  return redis.call('ZSCORE', K.ready(asked.lane), job)
end

-- Whether a job may end untried because its build installed nowhere. What is accepted behind that has the build tried anew.
local function is_condemned(job, condemned_ms)
  return tonumber(run_facts((run_of(job))).created_ms) <= condemned_ms
end

-- Of a run's jobs (score, id, score, id … from an index on) those that an equal unfinished job of another run can do for are
-- attached to it; the others are entered, so that later runs find them. Returns what to put into the lane: the others, and jobs that move forward.
local function attach(run, entries, from)
  local asked = { kind = run_facts(run).dedup }
  asked.org, asked.priority, asked.lane = unpack(redis.call('HMGET', K.run(run), 'org', 'priority', 'lane'))
  local condemned_ms = tonumber(redis.call('HGET', K.group(run_facts(run).group), 'condemned_ms') or -1)
  local only = run_facts(run).test
  local tests = only and { only } or redis.call('LRANGE', K.tests(run), from, from + #entries / 2 - 1)
  local known = redis.call('HMGET', K.in_flight(asked.kind), unpack(tests))
  local queued, entered = {}, {}
  for i, test in ipairs(tests) do
    local score, id, job = entries[2 * i - 1], entries[2 * i], known[i]
    if job and not is_condemned(job, condemned_ms) and redis.call('HLEN', K.attached(job)) < GUESTS_MAX then
      if attach_to(job, id, run, asked, tonumber(score)) then
        queued[#queued + 1] = score
        queued[#queued + 1] = job
      end
    else
      queued[#queued + 1] = score
      queued[#queued + 1] = id
      entered[#entered + 1] = test
      entered[#entered + 1] = id
    end
  end
  if #entered > 0 then redis.call('HSET', K.in_flight(asked.kind), unpack(entered)) end
  return queued
end
