-- now_ms and now_us: ARGV[1], the virtual time of tests and simulations, or the server's clock when that is 0.
local now_ms = tonumber(ARGV[1])
local now_us = now_ms * 1000
if now_ms == 0 then
  local time = redis.call('TIME')
  now_us = time[1] * 1000000 + time[2]
  now_ms = math.floor(now_us / 1000)
end
