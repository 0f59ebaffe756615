#!lua
-- Adds lines to a job's log while its newest token is the writer's, also for a moment after the report: the last lines come late.
-- Unlike every other write of an agent it is refused when Redis is full: lines can be spared, verdicts cannot.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 job  3 token  4 device  5 epoch  6 attempt  7 number of the last line, from 1 in each execution  8 the lines
--   9 whether nothing follows, 1 or 0  10… numbers of the last lines of groups to remove, so that the log stays bounded
-- Returns: 'done' | 'duplicate' the log is that far already | 'stale'
-- Events: none
--- @include "keys"

local job, token, device, epoch, attempt, line, text, last = unpack(ARGV, 2, 9)
local newest, holder = unpack(redis.call('HMGET', K.job(job), 'token', 'device'))
if newest ~= token or holder ~= device or redis.call('HGET', K.device(device), 'epoch') ~= epoch then return 'stale' end
local entry = redis.call('XREVRANGE', K.log(job), '+', '-', 'COUNT', 1)[1]
if entry then
  local before, number = string.match(entry[1], '^(%d+)-(%d+)$')
  if before == token and tonumber(number) >= tonumber(line) then return 'duplicate' end
end
redis.call('XADD', K.log(job), token .. '-' .. line, 'attempt', attempt, 'lines', text, 'last', last)
for i = 10, #ARGV do redis.call('XDEL', K.log(job), token .. '-' .. ARGV[i]) end
redis.call('PUBLISH', K.lines(job), line)
return 'done'
