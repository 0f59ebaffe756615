#!lua flags=allow-oom
-- Renews the lease of a run for whoever waits for it. Nothing to do when it has ended, is being cancelled, or has none.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 run
-- Returns: 1 | 0 unknown run
-- Events: none
--- @include "keys"
--- @include "lapse"

local planned, limit_ms, lease_ms = unpack(redis.call('HMGET', K.run(ARGV[2]), 'planned', 'limit_ms', 'lease_ms'))
if lease_ms and redis.call('ZSCORE', K.lapsing, ARGV[2]) then lapse(ARGV[2], limit_ms, lease_ms) end
return planned and 1 or 0
