-- What the jobs of a batch have in common stands in one field of each, 'claim': that keeps their records short, which Redis searches
-- from the front. Agent, provider, batch and when it was claimed, in milliseconds.
local function claim_text(agent, provider, batch, claimed_ms)
  return agent .. ' ' .. provider .. ' ' .. batch .. ' ' .. claimed_ms
end

-- The same four again; nothing of a job that was never claimed.
local function claim_of(text)
  return string.match(text or '', '^(%S+) (%S+) (%S+) (%d+)$')
end
