#!lua
-- Stores a matrix, all of it or nothing: a run of its own for each cell, and a record of the whole that has the idempotency key, the
-- limits and the sums. What its cells do is passed on to it (settle.lua).
-- KEYS: 1
--   1 pool prefix
-- ARGV: 1 now_ms  2 aging_ms  3 most queued jobs of an organisation  4 of the pool  5 the whole, as submission.lua reads it, without
--   tests  then the cells in the same form, with their tests
-- Returns: {'accepted', run, jobs, replayed, created_ms, digest of the pinned app or '', tests in quarantine, one a line, or '',
--     devices that serve each cell's class (-1: none is registered at all)…} | {'key_reused'} | {'full', which limit}
-- Events: wake-ups
--- @include "clock"
--- @include "submission"
--- @include "refusal"
--- @include "admit"
--- @include "store_matrix"

local aging_ms, limits = tonumber(ARGV[2]), { organisation = tonumber(ARGV[3]), pool = tonumber(ARGV[4]) }
local matrix = submission(5, aging_ms)
local cells, classes, at = {}, {}, matrix.next
while at <= #ARGV do
  local cell = submission(at, aging_ms)
  cell.repeats = matrix.repeats
  cells[#cells + 1], classes[#classes + 1] = cell, cell.class
  matrix.planned = matrix.planned + cell.planned
  at = cell.next
end

local function answer(id, planned, replayed, created_ms, digest, quarantined)
  local reply = { 'accepted', id, planned, replayed, created_ms, digest, quarantined }
  for _, cell in ipairs(cells) do reply[#reply + 1] = serving(cell.class) end
  return reply
end

local refused = refusal(matrix, classes, limits)
if refused and refused[1] == 'accepted' then return answer(refused[2], refused[3], 1, refused[6], '', '') end
if refused then return refused end
for _, cell in ipairs(cells) do admit(cell) end
store_matrix(matrix, cells)
write_admitted()
return answer(matrix.id, matrix.planned, 0, now_ms, matrix.app_digest, matrix.quarantined_tests)
