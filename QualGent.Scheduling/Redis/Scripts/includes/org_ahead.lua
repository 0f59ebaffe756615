--- @include "keys"
--- @include "group_work"
--- @include "policy"
--- @include "room"

-- Work of an organisation that comes before a group of it: groups that have devices already, and those whose head is more
-- senior; and how many devices the latter would take. At most 200 devices and 100 groups are looked at.
local function org_ahead(org, class, group)
  local ahead = { groups = 0, jobs = 0, work_ms = 0, width = 0 }
  local served, looked = { [group] = true }, 0
  for _, device in ipairs(redis.call('SMEMBERS', K.org_devices(org))) do
    local other = looked < 200 and redis.call('HGET', K.device(device), 'group')
    looked = looked + 1
    if other and not served[other] then
      served[other] = true
      local ready, estimate_ms = group_work(other)
      ahead.work_ms = ahead.work_ms + ready * estimate_ms
    end
  end
  local head = redis.call('ZRANGE', K.lanes(group), 0, 0, 'WITHSCORES')[2] or '+inf'
  for _, other in ipairs(redis.call('ZRANGEBYSCORE', K.open_groups(class, org), '-inf', head, 'LIMIT', 0, 100)) do
    if not served[other] then
      local ready, estimate_ms, install_ms = group_work(other)
      ahead.groups, ahead.jobs = ahead.groups + 1, ahead.jobs + ready
      ahead.work_ms = ahead.work_ms + ready * estimate_ms + install_ms
      ahead.width = ahead.width + room(other, 0, POLICY.theta_busy)
    end
  end
  return ahead
end
