-- A report as ARGV carries it from a position on: job, token, device, epoch, outcome (passed, failed, errored, lost, install_failed,
-- run_alone), how many values follow, and these: the names and values of what else there is to say, of code, message,
-- duration_ms, tests 'passed,failed,skipped', installed '1' or '0', details (JSON), events that decided it, a line each; jitter, 0 to 1, unless it passed; retries, if the
-- code deserves one; charge, which loss counts: when_begun, never, always. next is the position behind it.
local function report(at)
  local said = { job = ARGV[at], token = ARGV[at + 1], device = ARGV[at + 2], epoch = ARGV[at + 3], outcome = ARGV[at + 4] }
  said.next = at + 6 + tonumber(ARGV[at + 5])
  for i = at + 6, said.next - 1, 2 do said[ARGV[i]] = ARGV[i + 1] end
  return said
end
