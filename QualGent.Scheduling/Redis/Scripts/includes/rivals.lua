--- @include "keys"
--- @include "group_work"

-- The other organisations that want devices of a class, at most 100: their devices, weight, cap, and about how much work.
-- Nil when there are none: an empty table would not become a JSON list.
local function rivals(org, class)
  local found = {}
  for _, other in ipairs(redis.call('ZRANGE', K.open_orgs(class), 0, 99)) do
    if other ~= org then
      local queued, weight, cap = unpack(redis.call('HMGET', K.org(other), 'queued', 'weight', 'cap'))
      local first = redis.call('ZRANGE', K.open_groups(class, other), 0, 0)[1]
      local _, estimate_ms, install_ms = group_work(first)
      found[#found + 1] = {
        devices = redis.call('SCARD', K.org_devices(other)), weight = tonumber(weight or 1), cap = tonumber(cap or -1),
        work_ms = tonumber(queued or 0) * estimate_ms + redis.call('ZCARD', K.open_groups(class, other)) * install_ms,
      }
    end
  end
  return #found > 0 and found or nil
end
