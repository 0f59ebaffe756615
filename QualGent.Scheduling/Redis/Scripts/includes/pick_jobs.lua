--- @include "keys"
--- @include "avoids"
--- @include "expected_of"
--- @include "run_of"
--- @include "tests_of"

-- Which of a lane's most senior jobs a device should have next, at most want and, as far as their runs know, no more than batch_ms of
-- work: no file twice, a job marked alone by itself, none that is left to another device. Of each {id, run, file, was_tried, attempts,
-- queued_ms}, the last three where it ran before, which some may have if the group says tried; and whether any was passed_over.
local function pick_jobs(device, lane, want, batch_ms, tried)
  local picked, files, spent_ms, most = {}, {}, 0, math.max(16, 4 * want)
  -- Almost always the first ones will do.
  local from, to = 0, want
  while from < most do
    local jobs = redis.call('ZRANGE', K.ready(lane), from, to - 1)
    local tests = tests_of(jobs)
    for i, job in ipairs(jobs) do
      local elsewhere, alone, was_tried, attempts, queued_ms
      if tried then elsewhere, alone, was_tried, attempts, queued_ms = avoids(device, job) end
      if not files[tests[i]] and (#picked == 0 or not alone) and not elsewhere then
        local run, index = run_of(job)
        spent_ms = spent_ms + expected_of(run, index)
        if #picked > 0 and spent_ms > batch_ms then return picked end
        files[tests[i]] = true
        picked[#picked + 1] = { id = job, run = run, file = tests[i], was_tried = was_tried, attempts = attempts, queued_ms = queued_ms }
        if alone or #picked == want then return picked end
      else
        picked.passed_over = true
      end
    end
    if #jobs < to - from then break end
    from, to = to, most
  end
  return picked
end
