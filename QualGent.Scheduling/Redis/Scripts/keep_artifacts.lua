#!lua flags=allow-oom
-- Keeps what an agent tells of the files that an execution left behind, and refers to their blobs for as long as the run is known.
-- Whoever holds the newest token may begin; what was begun is completed whenever its blobs have arrived, even behind a retry.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 job  3 token  4 device  5 revision, from 1 in each execution  6 JSON of all its files so far
--   7… digests of those that are in the blob store
-- Returns: 'done' | 'duplicate' as much or more is known already | 'stale'
-- Events: none
--- @include "keys"
--- @include "run_of"

local EXECUTIONS_KEPT = 20

local job, token, device, revision, files = unpack(ARGV, 2, 6)
local key = K.artifacts(job)
local known = redis.call('HGET', key, token)
if known then
  if tonumber(string.match(known, '^%d+')) >= tonumber(revision) then return 'duplicate' end
else
  local newest, holder = unpack(redis.call('HMGET', K.job(job), 'token', 'device'))
  if newest ~= token or holder ~= device then return 'stale' end
  local tokens = redis.call('HKEYS', key)
  table.sort(tokens, function(a, b) return tonumber(a) < tonumber(b) end)
  for i = 1, #tokens - EXECUTIONS_KEPT + 1 do redis.call('HDEL', key, tokens[i]) end
end
redis.call('HSET', key, token, revision .. '\n' .. files)
if #ARGV > 6 then redis.call('SADD', K.run_blobs((run_of(job))), unpack(ARGV, 7)) end
return 'done'
