#!lua flags=allow-oom
-- Gives back held jobs whose file has not begun: uncharged, with their old seniority and waiting time.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2… job, token, device, epoch of each
-- Returns: one of 'done', 'duplicate', 'stale' per job; a job that has begun is 'stale': report how it ended
-- Events: job, wake-ups
--- @include "keys"
--- @include "holds"
--- @include "requeue"
--- @include "settle"

local reply = {}
for i = 2, #ARGV, 4 do
  local job, token, device = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local held, reported, begun = holds(job, token, device, ARGV[i + 3], 'reported', 'begun')
  if reported == token then
    reply[#reply + 1] = 'duplicate'
  elseif not held or begun then
    reply[#reply + 1] = 'stale'
  else
    redis.call('HSET', K.job(job), 'reported', token)
    redis.call('ZREM', K.device_jobs(device), job)
    requeue(job, 0)
    reply[#reply + 1] = 'done'
  end
end
settle()
return reply
