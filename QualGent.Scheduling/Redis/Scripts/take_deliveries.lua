#!lua flags=allow-oom
-- Lends the caller the hook that has waited longest, with deliveries that are due. Until the lease ends nobody else delivers for it,
-- so a slow receiver holds up its own deliveries only; what was not reported by then is due again.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 lease_ms  3 most deliveries
-- Returns: {} | {org, hook, the hook as it is stored, its secret, end of the lease, now_ms, then per delivery: run or job, number of the attempt}
-- Events: none
--- @include "keys"
--- @include "clock"
--- @include "numeral"

local function first_of(key) return redis.call('ZRANGEBYSCORE', key, '-inf', numeral(now_ms), 'LIMIT', 0, 1)[1] end

local name = first_of(K.hooks_taken) or first_of(K.hooks_due)
if not name then return {} end
local org, hook = string.match(name, '^(.*)|(.*)$')
local lease_end = numeral(now_ms + tonumber(ARGV[2]))
redis.call('ZREM', K.hooks_due, name)
redis.call('ZADD', K.hooks_taken, lease_end, name)
local reply = { org, hook, redis.call('HGET', K.hooks(org), hook), redis.call('HGET', K.hook_secrets(org), hook), lease_end, now_ms }
for _, subject in ipairs(redis.call('ZRANGEBYSCORE', K.hook_due(hook), '-inf', numeral(now_ms), 'LIMIT', 0, ARGV[3])) do
  redis.call('ZADD', K.hook_due(hook), lease_end, subject)
  reply[#reply + 1] = subject
  reply[#reply + 1] = redis.call('HINCRBY', K.hook_tries(hook), subject, 1)
end
return reply
