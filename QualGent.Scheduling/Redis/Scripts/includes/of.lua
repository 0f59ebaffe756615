-- The table that belongs to a key, made when it is first asked for; the keys stand in the order in which they came.
local function of(all, key)
  if not all[key] then
    all[key] = {}
    all[#all + 1] = key
  end
  return all[key]
end
