#!lua flags=allow-oom
-- Stops handing out jobs of everything, of an organisation or of a build; what devices hold goes on. Idempotent.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 '*', org, or build (org|app)  3 org or ''  4 most entries of the list
-- Returns: 1, or 0 when too much is paused already
-- Events: none
--- @include "keys"
--- @include "place_build"
--- @include "reindex_org"

local what, org = ARGV[2], ARGV[3]
if redis.call('SISMEMBER', K.paused, what) == 1 then return 1 end
if redis.call('SCARD', K.paused) >= tonumber(ARGV[4]) then return 0 end
redis.call('SADD', K.paused, what)
if what == org then reindex_org(org) elseif org ~= '' then place_build(what) end
return 1
