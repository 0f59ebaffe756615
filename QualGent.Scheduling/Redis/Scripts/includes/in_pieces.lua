-- Calls a command with a key and values, or pairs of them, a thousand at a time: Lua hands over 8,000 at most.
local function in_pieces(command, key, values)
  for from = 1, #values, 1000 do redis.call(command, key, unpack(values, from, math.min(#values, from + 999))) end
end
