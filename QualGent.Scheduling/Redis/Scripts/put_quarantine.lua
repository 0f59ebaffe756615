#!lua flags=allow-oom
-- Puts a test into its organisation's quarantine, or says something else about one that is there. Runs accepted before keep theirs.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 org  3 test  4 since when and why, as JSON  5 most tests of an organisation
-- Returns: 1 | 0 full
-- Events: none
--- @include "keys"

local key = K.quarantine(ARGV[2])
if redis.call('HEXISTS', key, ARGV[3]) == 0 and redis.call('HLEN', key) >= tonumber(ARGV[5]) then return 0 end
redis.call('HSET', key, ARGV[3], ARGV[4])
return 1
