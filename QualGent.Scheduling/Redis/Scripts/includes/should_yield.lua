--- @include "keys"
--- @include "clock"
--- @include "policy"
--- @include "choose_in_org"
--- @include "hungry_orgs"
--- @include "org_room"
--- @include "served_classes"

-- Whether a device should leave a group that still has work. At once when it is taken off duty or its organisation has more
-- devices than it may have. Once the visit has paid for an installation also when another organisation would have fewer devices
-- for its weight even afterwards, or when work of the same organisation is more than one priority level senior; but
-- not where an idle device could serve instead. In the last case also the group it should go to: without this device its
-- organisation may come behind an equal one, and the device would have left for nothing.
local function should_yield(device, aging_ms)
  local group, bound_ms, duty = unpack(redis.call('HMGET', K.device(device), 'group', 'bound_ms', 'duty'))
  if not group then return false end
  local org, install_ms = unpack(redis.call('HMGET', K.group(group), 'org', 'install_ms'))
  if duty or org_room(org) < 0 then return true end
  if now_ms - tonumber(bound_ms) < tonumber(install_ms or POLICY.install_ms) then return false end

  local classes = {}
  for _, class in ipairs(served_classes(device)) do
    if redis.call('EXISTS', K.idle(class)) == 0 then classes[#classes + 1] = class end
  end
  local share = math.floor(64 * redis.call('SCARD', K.org_devices(org)) / tonumber(redis.call('HGET', K.org(org), 'weight') or 1))
  for _, other in ipairs(hungry_orgs(classes)) do
    if math.floor(other.score / 2 ^ 32) >= share then break end
    if other.id ~= org and choose_in_org(device, other.id, classes, nil, aging_ms, POLICY.theta_busy) then return true end
  end

  local own = redis.call('ZRANGE', K.lanes(group), 0, 0, 'WITHSCORES')
  local other, score
  if own[2] then other, score = choose_in_org(device, org, classes, nil, aging_ms, POLICY.theta_busy) end
  if other and score + aging_ms < tonumber(own[2]) then return true, other end
  return false
end
