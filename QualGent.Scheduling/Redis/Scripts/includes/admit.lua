--- @include "keys"
--- @include "clock"
--- @include "gather"
--- @include "pin_app"
--- @include "pin_quarantine"
--- @include "store_run"
--- @include "add_jobs"
--- @include "delay_jobs"
--- @include "keep_group"
--- @include "reindex_group"
--- @include "wake_group"

-- Groups that this call has kept already; lanes that got jobs, each by one of its runs.
local groups, lanes = {}, {}

-- Stores a run that was found to be in order, and makes its first jobs ready. write_admitted() belongs behind the last one.
local function admit(run)
  pin_app(run)
  pin_quarantine(run)
  store_run(run)
  if not groups[run.group] then keep_group(run.group, run.org, run.app, run.class) end
  groups[run.group] = true
  if run.due_ms > now_ms then
    delay_jobs(run.id, run.due_ms, 0, run.expanded)
  elseif run.expanded > 0 then
    add_jobs(gathered_for(K.ready(run.lane)), run.id, run.score, 0, run.expanded, run.order ~= '')
    if not lanes[run.lane] then lanes[#lanes + 1] = run end
    lanes[run.lane] = true
  end
end

local function write_admitted()
  write_gathered()
  for _, run in ipairs(lanes) do
    reindex_group(run.group, run.lane, true)
    wake_group(run.group)
  end
end
