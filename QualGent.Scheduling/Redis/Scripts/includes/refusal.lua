--- @include "keys"
--- @include "clock"
--- @include "gather"
--- @include "serving"

local CLASSES_MAX = 1000

-- Whether the pool has no room for those of these classes that it does not know yet.
local function too_many(classes)
  local added, counted = 0, {}
  for _, class in ipairs(classes) do
    if not counted[class] and not redis.call('ZSCORE', K.classes, class) then added = added + 1 end
    counted[class] = true
  end
  return added > 0 and redis.call('ZCARD', K.classes) + added > CLASSES_MAX
end

-- What to answer instead of storing a run, which brings these classes with it: its idempotency key is known, or a limit is reached. Nil
-- when it is to be stored.
local function refusal(run, classes, limits)
  if run.key ~= '' then
    local known, count, hash = string.match(redis.call('GET', K.idempotency(run.org, run.key)) or '', '^(%S+) (%d+) (.*)$')
    if known and hash ~= run.hash then return { 'key_reused' } end
    if known then
      return { 'accepted', known, tonumber(count), 1, serving(run.class), tonumber(redis.call('HGET', K.run(known), 'created_ms') or now_ms), '', '' }
    end
  end
  local queued, most = count_queued(K.org(run.org), 0)
  if queued + run.planned > (most or limits.organisation) then return { 'full', 'organisation' } end
  if count_queued(K.counts, 0) + run.planned > limits.pool then return { 'full', 'pool' } end
  if too_many(classes) then return { 'full', 'classes' } end
end
