--- @include "keys"
--- @include "policy"
--- @include "choose_in_org"
--- @include "group_facts"
--- @include "has_work"
--- @include "hungry_orgs"
--- @include "is_barred"
--- @include "org_room"
--- @include "served_classes"

-- The scheduling policy: which group a device without one should visit, or nil. The hungriest organisation first; groups that
-- are long enough for a busy device before those only an idle one joins, and before what pays for no installation but needs
-- none on this device.
local function choose_group(device, warm, aging_ms)
  if redis.call('SISMEMBER', K.paused, '*') == 1 then return nil end
  local classes = served_classes(device)
  local orgs = hungry_orgs(classes)
  for _, theta in ipairs({ POLICY.theta_busy, POLICY.theta_idle }) do
    for _, org in ipairs(orgs) do
      local group = choose_in_org(device, org.id, classes, warm, aging_ms, theta)
      if group then return group end
    end
  end
  for _, class in ipairs(warm and classes or {}) do
    local home = warm .. '|' .. class
    if has_work(home) and not is_barred(device, home) and org_room((group_facts(home))) > 0 then return home end
  end
  return nil
end
