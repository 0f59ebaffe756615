#!lua flags=allow-oom
-- Hands out jobs again of everything, of an organisation or of a build. Idempotent.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 '*', org, or build (org|app)  3 org or ''
-- Returns: 1
-- Events: wake-ups
--- @include "keys"
--- @include "begin_turn"
--- @include "place_build"
--- @include "reindex_org"
--- @include "wake_class"
--- @include "wake_org"

local what, org = ARGV[2], ARGV[3]
if redis.call('SREM', K.paused, what) == 0 then return 1 end
if org == '' then
  -- Those used last; devices of the others look by themselves.
  for _, class in ipairs(redis.call('ZREVRANGE', K.classes, 0, 49)) do wake_class(class) end
else
  if what ~= org then place_build(what) end
  begin_turn(org)
  reindex_org(org)
  wake_org(org)
end
return 1
