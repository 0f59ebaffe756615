#!lua flags=allow-oom
-- Removes a hook with all that waits for it.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 org  3 hook
-- Returns: 1 | 0 the organisation has no such hook
-- Events: none
--- @include "keys"

local org, hook = ARGV[2], ARGV[3]
if redis.call('HDEL', K.hooks(org), hook) == 0 then return 0 end
redis.call('HDEL', K.hook_secrets(org), hook)
redis.call('UNLINK', K.hook_due(hook), K.hook_tries(hook), K.hook_log(hook))
redis.call('ZREM', K.hooks_due, org .. '|' .. hook)
redis.call('ZREM', K.hooks_taken, org .. '|' .. hook)
if redis.call('EXISTS', K.hooks(org)) == 0 then redis.call('SREM', K.hook_orgs, org) end
return 1
