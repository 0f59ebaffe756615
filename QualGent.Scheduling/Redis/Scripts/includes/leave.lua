--- @include "keys"
--- @include "clock"
--- @include "append_given"
--- @include "is_quarantined"
--- @include "numeral"
--- @include "transition"
--- @include "work_of"

-- A run gives up one of its jobs. While other runs wait for the same work, the job ends for this run only; returns nil then, or
-- when it had ended before. Else returns the job in which the work is done: it is for the caller to end.
local function leave(id, run, to, code, message)
  local job = work_of(id)
  if not job or not run_facts(run).dedup then return job end
  local status, left = unpack(redis.call('HMGET', K.job(job), 'status', 'left'))
  if TERMINAL[status] then return nil end
  local others = redis.call('HLEN', K.attached(job))
  if job ~= id and left then others = others - 1 end
  if others == 0 then return job end
  tally_run(run, status or 'queued', -1)
  tally_run(run, to, 1)
  if is_quarantined(run, id) then tally_run(run, 'excluded_' .. to, 1) end
  if job == id then
    redis.call('HSET', K.job(id), unpack(append_given({ 'left', to, 'left_code', code, 'left_ms', numeral(now_ms) }, { left_message = message })))
  else
    redis.call('HDEL', K.attached(job), run)
    redis.call('HSET', K.job(id), unpack(append_given({ 'status', to, 'code', code, 'finished_ms', numeral(now_ms) }, { message = message })))
  end
  emit(run, id)
  tell_end(run, id)
  return nil
end
