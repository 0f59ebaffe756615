#!lua flags=allow-oom
-- Changes settings of an organisation. They hold from the next claim and the next submission on.
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 org  3 weight or ''  4 cap or ''  5 most queued jobs or ''  6 1 or 0: packages may run their install scripts, or ''
-- Returns: 1
-- Events: wake-ups
--- @include "keys"
--- @include "reindex_org"
--- @include "wake_org"

for i, field in ipairs({ 'weight', 'cap', 'queued_max', 'npm_scripts' }) do
  if ARGV[2 + i] ~= '' then redis.call('HSET', K.org(ARGV[2]), field, ARGV[2 + i]) end
end
reindex_org(ARGV[2])
wake_org(ARGV[2])
return 1
