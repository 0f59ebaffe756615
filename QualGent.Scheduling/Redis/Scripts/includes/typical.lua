--- @include "keys"
--- @include "policy"

-- Expected times, in milliseconds, of a file and of an installation of a group that has not measured its own: the median of
-- the groups used last that have, at most 50 looked at; of its own organisation, where these are at least three.
local function typical(group, org)
  local estimate_ms, install_ms = unpack(redis.call('HMGET', K.group(group), 'estimate_ms', 'install_ms'))
  if not estimate_ms or not install_ms then
    local own, all = { files = {}, installs = {} }, { files = {}, installs = {} }
    for _, other in ipairs(redis.call('ZREVRANGE', K.groups, 0, 49)) do
      local owner, file_ms, installing_ms = unpack(redis.call('HMGET', K.group(other), 'org', 'estimate_ms', 'install_ms'))
      for _, known in ipairs(owner == org and { own, all } or { all }) do
        known.files[#known.files + 1] = tonumber(file_ms or nil)
        known.installs[#known.installs + 1] = tonumber(installing_ms or nil)
      end
    end
    local function median(of, otherwise)
      local list = #own[of] >= 3 and own[of] or all[of]
      table.sort(list)
      return list[math.ceil(#list / 2)] or otherwise
    end
    estimate_ms, install_ms = estimate_ms or median('files', POLICY.estimate_ms), install_ms or median('installs', POLICY.install_ms)
  end
  return tonumber(estimate_ms), tonumber(install_ms)
end
