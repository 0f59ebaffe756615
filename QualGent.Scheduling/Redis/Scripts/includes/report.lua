local headers = {}

-- Device, epoch, outcome and how many values follow: what most reports of a call have in common, taken apart once.
local function header(text)
  local read = headers[text]
  if not read then
    local device, epoch, outcome, count = string.match(text, '^(.+) (%S+) (%S+) (%d+)$')
    read = { device = device, epoch = epoch, outcome = outcome, count = tonumber(count) }
    headers[text] = read
  end
  return read
end

-- A report as ARGV carries it from a position on: job, token, 'device epoch outcome count' (passed, failed, errored, lost,
-- install_failed, run_alone), and as many values as count says: the names and values of what else there is to say, of code, message,
-- duration_ms, tests 'passed,failed,skipped', installed '1' or '0', details (JSON), events that decided it, a line each; jitter, 0 to 1,
-- unless it passed; retries, if the code deserves one; charge, which loss counts: when_begun, never, always. next is the position behind it.
local function report(at)
  local common = header(ARGV[at + 2])
  local said = { job = ARGV[at], token = ARGV[at + 1], device = common.device, epoch = common.epoch, outcome = common.outcome }
  said.next = at + 3 + common.count
  for i = at + 3, said.next - 1, 2 do said[ARGV[i]] = ARGV[i + 1] end
  return said
end
