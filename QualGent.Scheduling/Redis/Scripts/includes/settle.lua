--- @include "keys"
--- @include "clock"
--- @include "add_event"
--- @include "cell_of"
--- @include "matrix_of"
--- @include "count_run"
--- @include "in_pieces"
--- @include "numeral"
--- @include "of"
--- @include "plan_deliveries"
--- @include "run_facts"

-- What jobs of one call change together is collected here and written once, by settle().
local moves, tallies, changes, news, verdicts = {}, {}, {}, {}, {}

-- Notes that one of a run's jobs has another status.
local function move(run, from, to)
  local reached = of(of(moves, run), from)
  reached[to] = (reached[to] or 0) + 1
end

-- Adds to a count of a hash.
local function tally(key, field, step)
  local counts = of(tallies, key)
  counts[field] = (counts[field] or 0) + step
end

-- Adds to a count of a run.
local function tally_run(run, field, step)
  local counts = of(changes, run)
  counts[field] = (counts[field] or 0) + step
end

-- Tells who watches the run that a job has changed.
local function emit(run, job)
  local jobs = of(news, run)
  jobs[#jobs + 1] = job
end

-- Tells who is called when jobs end that one has.
local function tell_end(run, job)
  local jobs = of(verdicts, run)
  jobs[#jobs + 1] = job
end

-- What the organisation and the pool count follows from the moves; what the run does, too, unless its jobs are others' as well.
local function count_moves()
  for _, run in ipairs(moves) do
    local facts = run_facts(run)
    for _, from in ipairs(moves[run]) do
      for to, jobs in pairs(moves[run][from]) do
        for status, step in pairs({ [from] = -jobs, [to] = jobs }) do
          if status == 'queued' then tally(K.org(facts.org), status, step) end
          if status == 'queued' or status == 'running' then tally(K.counts, status, step) end
          if not facts.dedup then tally_run(run, status, step) end
        end
      end
    end
  end
end

-- What cells do, their matrix does: it stands behind them, so that it ends last.
local function pass_on()
  for i = 1, #news do
    local matrix = matrix_of(news[i])
    for _, job in ipairs(matrix and news[news[i]] or {}) do emit(matrix, job) end
  end
  for i = 1, #changes do
    local matrix = matrix_of(changes[i])
    for field, step in pairs(matrix and changes[changes[i]] or {}) do tally_run(matrix, field, step) end
  end
end

-- Runs that end with this one, for the retention: a cell waits for its matrix, which takes them all along.
local function ended_with(run)
  if matrix_of(run) then return {} end
  local ended = { run }
  for index = 0, tonumber(redis.call('HGET', K.run(run), 'cells') or 0) - 1 do ended[#ended + 1] = cell_of(run, index) end
  return ended
end

-- Writes counts, ends and events. Every script in which a job may change ends with this.
local function settle()
  count_moves()
  pass_on()
  for _, key in ipairs(tallies) do
    for field, step in pairs(tallies[key]) do
      if step ~= 0 then redis.call('HINCRBY', key, field, step) end
    end
  end
  for _, run in ipairs(news) do add_event(run, 'job', table.concat(news[run], ' ')) end
  local closed, by_end = {}, {}
  for _, run in ipairs(changes) do
    if count_run(run, changes[run]) then
      add_event(run, 'run_ended', '')
      closed[#closed + 1] = run
      for _, ended in ipairs(ended_with(run)) do
        by_end[#by_end + 1] = numeral(now_ms)
        by_end[#by_end + 1] = ended
      end
    end
  end
  if #closed > 0 then
    in_pieces('ZADD', K.ended, by_end)
    in_pieces('ZREM', K.deadlines, closed)
    in_pieces('ZREM', K.cancelling, closed)
    in_pieces('ZREM', K.lapsing, closed)
  end
  plan_deliveries(verdicts, closed)
  for _, run in ipairs(news) do redis.call('PUBLISH', K.news(run), 'job') end
  moves, tallies, changes, news, verdicts = {}, {}, {}, {}, {}
end
