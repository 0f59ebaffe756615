--- @include "keys"

-- The organisations a claim looks at, hungriest first: of every class the four that come first.
local function hungry_orgs(classes)
  local orgs, known = {}, {}
  for _, class in ipairs(classes) do
    local found = redis.call('ZRANGE', K.open_orgs(class), 0, 3, 'WITHSCORES')
    for i = 1, #found, 2 do
      if not known[found[i]] then orgs[#orgs + 1] = { id = found[i], score = tonumber(found[i + 1]) } end
      known[found[i]] = true
    end
  end
  table.sort(orgs, function(a, b) return a.score < b.score or (a.score == b.score and a.id < b.id) end)
  return orgs
end
