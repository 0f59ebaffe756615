--- @include "keys"
--- @include "clock"
--- @include "policy"
--- @include "batch_reply"
--- @include "claim_of"
--- @include "group_work"
--- @include "numeral"
--- @include "pick_jobs"
--- @include "transition"
--- @include "reindex_group"

-- Gives a device jobs of one lane. Returns the batch as a claim answers it, or nil when nothing there is for this device.
local function take_from(device, lane, want, batch, batch_ms, tried)
  local jobs = pick_jobs(device, lane, want, batch_ms, tried)
  if #jobs == 0 then return nil end
  local agent, provider = unpack(redis.call('HMGET', K.device(device), 'agent', 'provider'))
  local last = math.max(now_us - 1, tonumber(redis.call('GET', K.tokens) or 0))
  local claim = claim_text(agent, provider, batch, numeral(now_ms))
  local reply, taken, held = batch_reply(batch, jobs[1].run), {}, {}
  for i, job in ipairs(jobs) do
    local token = string.format('%.0f', last + i)
    taken[i], held[2 * i - 1], held[2 * i] = job.id, token, job.id
    if job.was_tried then redis.call('HDEL', K.job(job.id), 'installed', 'events', 'avoid', 'avoid_until_ms') end
    transition(job.id, job.run, 'running', { 'token', token, 'device', device, 'claim', claim }, 'queued')
    add_to_reply(reply, job.id, job.run, job.file, token, job.attempts, now_ms, job.queued_ms)
  end
  if jobs.passed_over then redis.call('ZREM', K.ready(lane), unpack(taken)) else redis.call('ZREMRANGEBYRANK', K.ready(lane), 0, #taken - 1) end
  redis.call('ZADD', K.device_jobs(device), unpack(held))
  redis.call('SET', K.tokens, string.format('%.0f', last + #jobs))
  return reply
end

-- Gives a device the next batch of a group, from the most senior lane that has something for it: as many jobs as fit
-- batch_ms, at least one; when several devices share the group a fair part of what is left, unless that is hardly any work.
-- Returns it as a claim answers it.
local function take_jobs(device, group, batch, batch_ms)
  local ready, estimate_ms = group_work(group)
  local want = math.min(POLICY.batch_max, math.max(1, math.floor(batch_ms / estimate_ms)))
  local devices = redis.call('SCARD', K.bound(group))
  if devices > 1 then want = math.min(want, math.max(math.ceil(ready / (2 * devices)), math.floor(POLICY.part_ms / estimate_ms))) end
  local tried = redis.call('HGET', K.group(group), 'tried')
  redis.call('HSET', K.device(device), 'batch', batch)
  redis.call('HSET', K.group(group), 'progress_ms', now_ms)
  for _, lane in ipairs(redis.call('ZRANGE', K.lanes(group), 0, 15)) do
    local reply = take_from(device, lane, want, batch, batch_ms, tried)
    if reply then
      reindex_group(group, lane)
      return reply
    end
  end
end
