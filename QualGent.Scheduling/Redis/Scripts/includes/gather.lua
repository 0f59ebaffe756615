--- @include "of"

-- Writes that many runs of one call have in common, collected here and made once: members of sorted sets, and counts of
-- queued jobs, which are known here before they are written.
local gathered, queued = {}, {}

-- Scores and members that wait to be added to a sorted set.
local function gathered_for(key)
  return of(gathered, key)
end

local function gather(key, score, member)
  local entries = gathered_for(key)
  entries[#entries + 1] = score
  entries[#entries + 1] = member
end

-- Queued jobs that a hash counts, with step more of them, and how many it allows, if it says.
local function count_queued(key, step)
  local count = queued[key]
  if not count then
    local before, most = unpack(redis.call('HMGET', key, 'queued', 'queued_max'))
    count = { before = tonumber(before or 0), added = 0, most = tonumber(most) }
    queued[key] = count
    queued[#queued + 1] = key
  end
  count.added = count.added + step
  return count.before + count.added, count.most
end

local function write_gathered()
  for _, key in ipairs(gathered) do redis.call('ZADD', key, unpack(gathered[key])) end
  for _, key in ipairs(queued) do
    if queued[key].added > 0 then redis.call('HINCRBY', key, 'queued', queued[key].added) end
  end
end
