--- @include "keys"
--- @include "policy"
--- @include "group_facts"
--- @include "has_work"
--- @include "is_barred"
--- @include "joinable"

-- Which group of an organisation a device should visit, among all the classes given, with its head's score, or nil: the most senior one
-- that pays for an installation, or, when only idle devices still join, the one with the most work per device; but rather one
-- whose build the device has, if that is at most one priority level behind.
local function choose_in_org(device, org, classes, warm, aging_ms, theta)
  local best, best_score, best_work
  for _, class in ipairs(classes) do
    local groups = redis.call('ZRANGE', K.open_groups(class, org), 0, 7, 'WITHSCORES')
    for i = 1, #groups, 2 do
      local score = tonumber(groups[i + 1])
      local work = (not best or theta == POLICY.theta_idle or score < best_score) and joinable(device, warm, groups[i], theta)
      if work and (not best or theta ~= POLICY.theta_idle or work > best_work) then
        best, best_score, best_work = groups[i], score, work
      end
    end
  end
  local last = best and best_score + aging_ms
  for _, class in ipairs(best and warm and classes or {}) do
    local home = warm .. '|' .. class
    if home ~= best and group_facts(home) == org and has_work(home) and not is_barred(device, home) then
      local head = tonumber(redis.call('ZRANGE', K.lanes(home), 0, 0, 'WITHSCORES')[2])
      if head <= last then best, best_score, last = home, head, head end
    end
  end
  return best, best_score
end
