--- @include "keys"
--- @include "policy"
--- @include "joinable"

-- The scheduling policy: which open group a device without one should visit, or nil. The organisation with the fewest
-- devices first; of its groups the one with the lowest head score, unless the device has the build of one that is at most
-- one priority level behind. Groups that are long enough for a busy device come before those only an idle one may join.
local function choose_group(device, classes, warm, aging_ms, except)
  local orgs = {}
  for _, class in ipairs(classes) do
    local found = redis.call('ZRANGE', K.open_orgs(class), 0, 3, 'WITHSCORES')
    for i = 1, #found, 2 do orgs[#orgs + 1] = { class = class, id = found[i], score = tonumber(found[i + 1]) } end
  end
  table.sort(orgs, function(a, b) return a.score < b.score or (a.score == b.score and a.class < b.class) end)
  for _, theta in ipairs({ POLICY.theta_busy, POLICY.theta_idle }) do
    for _, org in ipairs(orgs) do
      local best, best_score
      local groups = redis.call('ZRANGE', K.open_groups(org.class, org.id), 0, 7, 'WITHSCORES')
      for i = 1, #groups, 2 do
        local group, score = groups[i], tonumber(groups[i + 1])
        if group ~= except and joinable(device, warm, group, theta) then
          local has_build = redis.call('HGET', K.group(group), 'build') == warm
          if not best then
            best, best_score = group, score
          elseif has_build and score <= best_score + aging_ms then
            best, best_score = group, -math.huge
          end
        end
      end
      if best then return best end
    end
  end
  return nil
end
