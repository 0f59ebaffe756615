--- @include "keys"
--- @include "clock"
--- @include "append_given"
--- @include "gather"
--- @include "lapse"
--- @include "numeral"

-- Stores the record of a matrix whose cells are stored: what readers ask of a run, the sums, and what ends all of it together. It has no
-- jobs of its own, so it stands in no index of jobs.
local function store_matrix(matrix, cells)
  matrix.app_digest = cells[1].app_digest
  local excluded, names = 0, {}
  for _, cell in ipairs(cells) do
    excluded = excluded + (cell.excluded or 0)
    for name in string.gmatch(cell.quarantined_tests or '', '[^\n]+') do
      if not names[name] then names[#names + 1] = name end
      names[name] = true
    end
  end
  matrix.quarantined_tests = table.concat(names, '\n')
  local limit_ms = matrix.limit_ms ~= '' and numeral(matrix.due_ms + matrix.limit_ms) or ''
  local fields = { 'org', matrix.org, 'app', matrix.app, 'priority', matrix.priority, 'class', matrix.class, 'created_ms', numeral(now_ms),
    'cells', #cells, 'planned', numeral(matrix.planned), 'queued', numeral(matrix.planned) }
  append_given(fields, { name = matrix.name, trace = matrix.trace, origin = matrix.origin, fail_fast = matrix.fail_fast, bundle = matrix.bundle,
    excluded = excluded > 0 and excluded or '', quarantined_tests = matrix.quarantined_tests,
    app_digest = matrix.app_digest, limit_ms = limit_ms, lease_ms = matrix.lease_ms, due_ms = matrix.due_ms > now_ms and numeral(matrix.due_ms) or '' })
  redis.call('HSET', K.run(matrix.id), unpack(fields))
  gather(K.runs, '0', matrix.id)
  gather(K.org_runs(matrix.org), '0', matrix.id)
  lapse(matrix.id, limit_ms, matrix.lease_ms)
  if matrix.key ~= '' then
    redis.call('SET', K.idempotency(matrix.org, matrix.key), matrix.id .. ' ' .. numeral(matrix.planned) .. ' ' .. matrix.hash, 'PX', 86400000)
  end
end
