--- @include "keys"
--- @include "clock"

-- When the devices that visit a group will have done what they hold, in milliseconds from now, of the first 100 of them; and
-- nil instead of nothing, because an empty table would not become a JSON list. One that installs has its installation before
-- it; a file that has begun is met, on average, with most of a file's time to go, because long ones are met more often.
local function visits(group, estimate_ms, install_ms)
  local free = {}
  for _, device in ipairs(redis.call('SMEMBERS', K.bound(group))) do
    if #free == 100 then break end
    local cold_ms = redis.call('HGET', K.device(device), 'cold_ms')
    local first = redis.call('ZRANGE', K.device_jobs(device), 0, 0)[1]
    local left_ms = redis.call('ZCARD', K.device_jobs(device)) * estimate_ms
    if cold_ms then
      left_ms = left_ms + math.max(0.1 * install_ms, cold_ms + install_ms - now_ms)
    elseif first and redis.call('HGET', K.job(first), 'begun') then
      left_ms = left_ms - 0.3 * estimate_ms
    end
    free[#free + 1] = left_ms
  end
  return #free > 0 and free or nil
end
