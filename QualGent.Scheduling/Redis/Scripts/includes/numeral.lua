local numerals = {}

-- A whole number as text, made once per call: turning numbers into text is the dearest part of handing them to Redis.
local function numeral(number)
  numerals[number] = numerals[number] or string.format('%.0f', number)
  return numerals[number]
end
