-- Appends the fields that have a value, that is not '', to the arguments of an HSET, and returns them.
local function append_given(arguments, fields)
  local last = #arguments
  for field, value in pairs(fields) do
    if value ~= '' then
      arguments[last + 1], arguments[last + 2] = field, value
      last = last + 2
    end
  end
  return arguments
end
