#!lua flags=allow-oom
-- Adds a hook to an organisation.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 org  3 hook  4 its events and the hook as JSON  5 its secret  6 most hooks of an organisation
-- Returns: 1 | 0 it has as many as it may have
-- Events: none
--- @include "keys"

local org, hook = ARGV[2], ARGV[3]
if redis.call('HLEN', K.hooks(org)) >= tonumber(ARGV[6]) then return 0 end
redis.call('HSET', K.hooks(org), hook, ARGV[4])
redis.call('HSET', K.hook_secrets(org), hook, ARGV[5])
redis.call('SADD', K.hook_orgs, org)
return 1
