-- The table that belongs to a key, made when it is first asked for; the keys stand in the order in which they came.
local function of(all, key)
  local found = all[key]
  if not found then
    found = {}
    all[key], all[#all + 1] = found, key
  end
  return found
end
