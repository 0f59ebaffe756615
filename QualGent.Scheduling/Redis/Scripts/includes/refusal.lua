--- @include "keys"
--- @include "clock"
--- @include "gather"
--- @include "serving"

-- What to answer instead of storing a run: its idempotency key is known, or a limit is reached. Nil when it is to be stored.
-- Groups that the call has just kept have a class that counts already.
local function refusal(run, limits, groups)
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
  if not groups[run.group] and not redis.call('ZSCORE', K.classes, run.class) and redis.call('ZCARD', K.classes) >= 1000 then return { 'full', 'classes' } end
end
