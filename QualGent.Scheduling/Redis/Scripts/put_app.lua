#!lua flags=allow-oom
-- Registers a build of an app, unless its id belongs to another file and it may not take its place.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 org  3 app version  4 digest  5 the rest as JSON  6 1: it may replace another file  7 most builds of an organisation
-- Returns: {'new'} | {'known'} | {'taken', digest} | {'full'}
-- Events: none
--- @include "keys"

local org, app = ARGV[2], ARGV[3]
local before = redis.call('HGET', K.apps(org), app)
local digest = before and string.sub(before, 1, 64)
if digest and digest ~= ARGV[4] and ARGV[6] ~= '1' then return { 'taken', digest } end
if not before and redis.call('HLEN', K.apps(org)) >= tonumber(ARGV[7]) then return { 'full' } end
if digest ~= ARGV[4] then redis.call('HSET', K.apps(org), app, ARGV[4] .. ARGV[5]) end
redis.call('SADD', K.app_orgs, org)
return { before and 'known' or 'new' }
