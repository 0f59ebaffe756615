--- @include "keys"
--- @include "clock"
--- @include "policy"
--- @include "avoids"
--- @include "group_work"
--- @include "numeral"
--- @include "run_of"
--- @include "test_of"
--- @include "transition"
--- @include "reindex_group"

-- Gives a device jobs of one lane: no file twice, a job marked alone by itself, none that another device should have. Returns how many.
local function take_from(device, lane, want, batch)
  local agent, provider = unpack(redis.call('HMGET', K.device(device), 'agent', 'provider'))
  local taken, held, files = {}, {}, {}
  local token = math.max(now_us - 1, tonumber(redis.call('GET', K.tokens) or 0))
  for _, job in ipairs(redis.call('ZRANGE', K.ready(lane), 0, math.max(16, 4 * want) - 1)) do
    local run, index = run_of(job)
    local file = test_of(run, index)
    local elsewhere, alone, was_tried = avoids(device, job)
    if not files[file] and (#taken == 0 or not alone) and not elsewhere then
      token = token + 1
      held[#held + 1] = #taken
      held[#held + 1] = job
      taken[#taken + 1] = job
      files[file] = true
      if was_tried then redis.call('HDEL', K.job(job), 'installed', 'avoid', 'avoid_until_ms') end
      transition(job, run, 'running', { 'token', string.format('%.0f', token), 'device', device, 'agent', agent, 'provider', provider,
        'batch', batch, 'phase', 'claimed', 'claimed_ms', numeral(now_ms) }, 'queued')
      if alone or #taken == want then break end
    end
  end
  if #taken == 0 then return 0 end
  redis.call('ZREM', K.ready(lane), unpack(taken))
  redis.call('ZADD', K.device_jobs(device), unpack(held))
  redis.call('SET', K.tokens, string.format('%.0f', token))
  return #taken
end

-- Gives a device the next batch of a group, from the most senior lane that has something for it: as many jobs as fit
-- batch_ms (at least one; a fair part of what is left when several devices share the group).
local function take_jobs(device, group, batch, batch_ms)
  local ready, estimate_ms = group_work(group)
  local want = math.min(POLICY.batch_max, math.max(1, math.floor(batch_ms / estimate_ms)))
  local devices = redis.call('SCARD', K.bound(group))
  if devices > 1 then want = math.min(want, math.ceil(ready / (2 * devices))) end
  redis.call('HSET', K.device(device), 'batch', batch)
  redis.call('HSET', K.group(group), 'progress_ms', now_ms)
  for _, lane in ipairs(redis.call('ZRANGE', K.lanes(group), 0, 15)) do
    if take_from(device, lane, want, batch) > 0 then return reindex_group(group, lane) end
  end
end
