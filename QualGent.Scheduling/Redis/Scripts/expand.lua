#!lua flags=allow-oom
-- Goes on turning a run's planned tests into jobs, 200 at a time. May be repeated by anybody.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 run, or '' for the one that waits longest
-- Returns: whether more runs or tests wait
-- Events: wake-ups
--- @include "keys"
--- @include "expand_run"
--- @include "settle"

local run = ARGV[2] ~= '' and ARGV[2] or redis.call('ZRANGE', K.expanding, 0, 0)[1]
if not run or not redis.call('ZSCORE', K.expanding, run) then return 0 end
local remaining = expand_run(run, 200)
settle()
if ARGV[2] == '' then remaining = redis.call('ZCARD', K.expanding) end
return remaining > 0 and 1 or 0
