--- @include "keys"
--- @include "policy"
--- @include "has_work"
--- @include "is_barred"
--- @include "joinable"

-- Which group of an organisation and class a device should visit, with its head's score, or nil: the most senior one that pays for an installation,
-- or, when only idle devices still join, the one with the most work per device; but rather the one whose build the device has,
-- if that is at most one priority level behind.
local function choose_in_org(device, org, warm, aging_ms, theta)
  local best, best_score, best_work
  local groups = redis.call('ZRANGE', K.open_groups(org.class, org.id), 0, 7, 'WITHSCORES')
  for i = 1, #groups, 2 do
    local work = (not best or theta == POLICY.theta_idle) and joinable(device, warm, groups[i], theta)
    if work and (not best or work > best_work) then
      best, best_score, best_work = groups[i], tonumber(groups[i + 1]), work
    end
  end
  local home = warm and warm .. '|' .. org.class
  if best and home and home ~= best and redis.call('HGET', K.group(home), 'org') == org.id and has_work(home) and not is_barred(device, home) then
    local head = tonumber(redis.call('ZRANGE', K.lanes(home), 0, 0, 'WITHSCORES')[2])
    if head <= best_score + aging_ms then return home, head end
  end
  return best, best_score
end
