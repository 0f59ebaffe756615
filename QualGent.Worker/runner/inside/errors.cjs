// Playwright's errors, in our words. Examples of each text parsed stand beside the pattern.
'use strict';

const plain = (text) => (text === undefined || text === null ? undefined : String(text).replace(/\u001b\[[0-9;]*m/g, ''));

function describe(error, relative) {
  return {
    message: plain(error.message ?? error.value ?? 'unknown error').slice(0, 8_000),
    stack: plain(error.stack)?.slice(0, 4_000), snippet: plain(error.snippet)?.slice(0, 2_000),
    file: relative(error.location?.file) ?? undefined, line: error.location?.line,
  };
}

/** Why a test failed; undefined when it did not. */
function failureOf(result, outcome) {
  if (outcome === 'skipped' || result.status === 'interrupted' || result.status === 'passed' || result.status === 'skipped') return undefined;
  if (result.status === 'timedOut') return 'timeout';
  // Error: worker process exited unexpectedly (code=null, signal=SIGKILL)
  if (result.errors.some((e) => /worker process exited unexpectedly/.test(e.message ?? ''))) return 'crash';
  return 'assertion';
}

/** What an error outside any test is about. `loaded`: whether Playwright got as far as having tests to run. */
function kindOf(error, loaded, globalSetup) {
  const text = plain(error.message ?? error.value ?? '');
  // Error: item focused with '.only' is not allowed due to the 'forbidOnly' option in 'x.config.ts': "a.spec.ts name"
  if (/focused with '\.only' is not allowed/.test(text)) return 'focused_tests';
  // Error: No tests found
  if (/^(Error: )?No tests found/.test(text)) return 'no_tests';
  // Timed out waiting 5s for the test suite to run
  if (/^Timed out waiting .* to run/.test(text)) return 'global_timeout';
  if (loaded) return 'runner_error';
  const trace = plain(error.stack ?? '') + (error.location?.file ?? '');
  return [globalSetup, 'appwright/dist/global-setup.js'].some((file) => file && trace.includes(file)) ? 'setup_failed' : 'load_error';
}

module.exports = { describe, failureOf, kindOf, plain };
