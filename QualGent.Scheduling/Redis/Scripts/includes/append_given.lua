-- Appends the fields that have a value, that is not '', to the arguments of an HSET, and returns them.
local function append_given(arguments, fields)
  for field, value in pairs(fields) do
    if value ~= '' then
      arguments[#arguments + 1] = field
      arguments[#arguments + 1] = value
    end
  end
  return arguments
end
