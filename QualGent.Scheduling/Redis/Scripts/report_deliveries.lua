#!lua flags=allow-oom
-- Writes what became of attempts to deliver, and gives the hook back. A failed one is tried again, later and later, until what it tells
-- is too old. Attempts that somebody else has repeated since, that were reported before, or whose hook is gone, count for nothing.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 org  3 hook  4 end of the lease  5 delay after the first attempt, in ms  6 longest delay  7 age at which to give up, in ms
--   8 entries of the log  9… per delivery: run or job, number of the attempt, delivered, failed or gone, jitter from 0 to 1, the attempt as JSON
-- Returns: number of attempts that count
-- Events: none
--- @include "keys"
--- @include "clock"
--- @include "numeral"

local org, hook, lease_end = ARGV[2], ARGV[3], ARGV[4]
local name = org .. '|' .. hook

-- When what a delivery tells came to its end, or nil when it has been removed.
local function ended_ms(subject)
  if string.sub(subject, 1, 4) == 'run_' then return redis.call('HGET', K.run(subject), 'ended_ms') end
  local left, finished, attached_to = unpack(redis.call('HMGET', K.job(subject), 'left_ms', 'finished_ms', 'attached_to'))
  return left or finished or attached_to and redis.call('HGET', K.job(attached_to), 'finished_ms')
end

-- The instant of the next attempt, or nil when there is none.
local function next_attempt(subject, try, jitter)
  local delay = math.min(tonumber(ARGV[6]), tonumber(ARGV[5]) * 2 ^ (try - 1)) * (0.5 + tonumber(jitter) / 2)
  local ended, at = ended_ms(subject), math.floor(now_ms + delay)
  return ended and at <= tonumber(ended) + tonumber(ARGV[7]) and at or nil
end

local counted = 0
for i = 9, #ARGV, 5 do
  local subject, try, result, jitter, attempt = unpack(ARGV, i, i + 4)
  -- As it was lent: with that attempt, and due at the end of the lease.
  if redis.call('HGET', K.hook_tries(hook), subject) == try and redis.call('ZSCORE', K.hook_due(hook), subject) == lease_end then
    local at = result == 'failed' and next_attempt(subject, tonumber(try), jitter) or nil
    if at then
      redis.call('ZADD', K.hook_due(hook), numeral(at), subject)
    else
      redis.call('ZREM', K.hook_due(hook), subject)
      redis.call('HDEL', K.hook_tries(hook), subject)
    end
    redis.call('LPUSH', K.hook_log(hook), (at and numeral(at) or result == 'delivered' and result or 'given_up') .. ' ' .. attempt)
    counted = counted + 1
  end
end
if counted > 0 then redis.call('LTRIM', K.hook_log(hook), 0, tonumber(ARGV[8]) - 1) end
if redis.call('ZSCORE', K.hooks_taken, name) == lease_end then
  redis.call('ZREM', K.hooks_taken, name)
  local first = redis.call('ZRANGE', K.hook_due(hook), 0, 0, 'WITHSCORES')
  if first[1] then redis.call('ZADD', K.hooks_due, first[2], name) end
end
return counted
