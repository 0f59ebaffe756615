-- Since when a job waits, as one of its runs sees it: since what was last charged to it, or since that run has wanted it.
local function waits_since(is_own, queued_ms, wanted_ms)
  if is_own then return tonumber(queued_ms or wanted_ms) end
  return math.max(tonumber(queued_ms or 0), tonumber(wanted_ms))
end
