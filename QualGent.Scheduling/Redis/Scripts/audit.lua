#!lua flags=allow-oom
-- Looks through the open runs and the devices, a piece at a time and again and again, and repairs what no other script would
-- ever find: a waiting job that no index holds, an index that holds a job against its state, a group that is not listed.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms
-- Returns: number of repairs
-- Events: job, wake-ups
--- @include "keys"
--- @include "audit_device"
--- @include "audit_job"
--- @include "job_of"
--- @include "reindex_group"
--- @include "settle"
--- @include "work_of"

local repairs = 0
local run, at, last, cursor = unpack(redis.call('HMGET', K.audit, 'run', 'at', 'last', 'cursor'))
if not run then
  -- The next open run behind the last one looked through; from the first again at the end.
  local page = redis.call('ZRANGEBYLEX', K.runs, last and '(' .. last or '-', '+', 'LIMIT', 0, 100)
  for _, id in ipairs(page) do
    last = id
    if not run and not redis.call('HGET', K.run(id), 'verdict') then
      run = id
      break
    end
  end
  if #page == 0 then redis.call('HDEL', K.audit, 'last') else redis.call('HSET', K.audit, 'last', last) end
end
local lane, group, expanded, dedup = unpack(redis.call('HMGET', K.run(run or ''), 'lane', 'group', 'expanded', 'dedup'))
if lane then
  at = tonumber(at or 0)
  local to = math.min(tonumber(expanded), at + 100)
  for index = at, to - 1 do
    local job = job_of(run, index)
    if dedup then job = work_of(job) end
    if job and audit_job(job, lane) then repairs = repairs + 1 end
  end
  if redis.call('ZSCORE', K.groups, group) then reindex_group(group, lane) end
  if to < tonumber(expanded) then redis.call('HSET', K.audit, 'run', run, 'at', to) else redis.call('HDEL', K.audit, 'run', 'at') end
else
  redis.call('HDEL', K.audit, 'run', 'at')
end

local devices = redis.call('SSCAN', K.devices, cursor or '0', 'COUNT', 10)
redis.call('HSET', K.audit, 'cursor', devices[1])
for _, device in ipairs(devices[2]) do repairs = repairs + audit_device(device) end
settle()
return repairs
