#!lua flags=allow-oom
-- Shows what held jobs are doing. 'testing' marks a job as begun: from then on its loss is charged.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 phase  3… job, token, device, epoch of each
-- Returns: one of 'done', 'duplicate', 'stale' per job
-- Events: job
--- @include "keys"
--- @include "clock"
--- @include "holds"
--- @include "learn_install"
--- @include "settle"
--- @include "tell"

local phase, reply = ARGV[2], {}
for i = 3, #ARGV, 4 do
  local job = ARGV[i]
  local held, shown = holds(job, ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], 'phase')
  if not held then
    reply[#reply + 1] = 'stale'
  elseif (shown or 'claimed') == phase then
    reply[#reply + 1] = 'duplicate'
  else
    redis.call('HSET', K.job(job), 'phase', phase)
    if phase == 'testing' then
      redis.call('HSET', K.job(job), 'begun', 1, 'started_ms', now_ms)
      learn_install(ARGV[i + 2])
    end
    tell(job)
    reply[#reply + 1] = 'done'
  end
end
settle()
return reply
