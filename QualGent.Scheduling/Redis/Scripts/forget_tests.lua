#!lua flags=allow-oom
-- Forgets the history of tests that did not run for long, at most 200 of one organisation a call.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 age_ms
-- Returns: whether more is waiting
-- Events: none
--- @include "keys"
--- @include "clock"
--- @include "numeral"

local limit = numeral(now_ms - tonumber(ARGV[2]))
local org = redis.call('ZRANGEBYSCORE', K.histories, '-inf', limit, 'LIMIT', 0, 1)[1]
if not org then return 0 end
local tests = redis.call('ZRANGEBYSCORE', K.tested(org), '-inf', limit, 'LIMIT', 0, 200)
if #tests > 0 then
  redis.call('HDEL', K.history(org), unpack(tests))
  redis.call('ZREM', K.tested(org), unpack(tests))
end
local oldest = redis.call('ZRANGE', K.tested(org), 0, 0, 'WITHSCORES')
if oldest[2] then redis.call('ZADD', K.histories, oldest[2], org) else redis.call('ZREM', K.histories, org) end
return 1
