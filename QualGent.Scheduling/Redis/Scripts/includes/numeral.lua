local numerals = {}

-- A whole number as text, made once per call: turning numbers into text is the dearest part of handing them to Redis.
local function numeral(number)
  local text = numerals[number]
  if not text then
    text = string.format('%.0f', number)
    numerals[number] = text
  end
  return text
end
