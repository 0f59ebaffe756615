// A Playwright reporter that tells the supervisor what happens, one JSON object per line. Paths of test files are
// relative to the project's folder. What the fields mean: ../README.md.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const channel = require('./channel.cjs');
const { describe, failureOf, kindOf, plain } = require('./errors.cjs');

const OUTPUT_CHARS = 2_000;         // of one piece of output
const OUTPUT_CHARS_PER_TEST = 20_000;
const STEPS_PER_TEST = 1_000;
const STEP_ERROR_CHARS = 2_000;
// A line that is too long for the channel counts as forged, so nothing a test can pile up may make it so.
const ERRORS_PER_TEST = 20;
const ATTACHMENTS_PER_TEST = 100;
const ANNOTATIONS_PER_TEST = 100;
const ATTACHMENT_NAME_CHARS = 200;
const ENDINGS = {
  'image/png': '.png', 'image/jpeg': '.jpg', 'video/mp4': '.mp4', 'video/webm': '.webm', 'application/zip': '.zip',
  'text/plain': '.txt', 'text/html': '.html', 'text/markdown': '.md', 'application/json': '.json',
};

class EventReporter {
  /** @param {{root: string, out: string, project: string, files: string[], kept: string}} options */
  constructor(options) {
    this.options = options;
    this.requested = new Set(options.files);
    this.files = new Map();     // file -> what is known of its tests
    this.testing = null;        // the test that runs: there is one worker, so there is one test
    this.worker = -1;           // Playwright's number of the worker process
    this.inWorker = new Set();  // files that had a test in it
    this.ended = [];            // [test, result, how many attachments were reported]
    this.notLoaded = false;     // some file did not load
    this.kept = 0;              // attachments without a file of their own that were written into one
    this.stopping = false;      // a yield was carried out: no file may begin any more
    this.yieldAsked = false;
    channel.listen((word) => word === 'yield' && this.yield());
  }

  printsToStdio() { return false; }

  onBegin(config, suite) {
    this.globalSetup = config.globalSetup;
    const setups = new Set();
    for (const test of suite.allTests()) {
      const file = this.relative(test.location.file);
      if (!this.isRequested(test)) {
        setups.add(file);
        continue;
      }
      const known = this.files.get(file) ?? { tests: 0, left: 0, passed: 0, failed: 0, skipped: 0, flaky: 0, ms: 0, begun: false, code: undefined };
      known.tests++;
      known.left++;
      this.files.set(file, known);
    }
    this.send('begin', {
      pid: process.pid, playwright: config.version, workers: config.workers,
      files: [...this.files].map(([file, { tests }]) => ({ file, tests })), setups: setups.size ? [...setups] : undefined,
    });
    if (this.yieldAsked) this.stop();
  }

  onTestBegin(test, result) {
    if (this.stopping && !this.fileOf(test)?.begun) return;
    this.testing = { test, output: 0, steps: 0 };
    const known = this.fileOf(test);
    if (result.workerIndex !== this.worker) this.inWorker = new Set();
    this.worker = result.workerIndex;
    if (known) this.inWorker.add(this.relative(test.location.file));
    if (known && !known.begun) {
      known.begun = true;
      this.beginFile(this.relative(test.location.file), known);
    }
    this.send('testBegin', { ...this.identify(test, result), worker: result.workerIndex });
  }

  onStepBegin(test, result, step) { this.step('stepBegin', test, step); }

  onStepEnd(test, result, step) {
    this.step('stepEnd', test, step, { ms: step.duration, error: step.error ? plain(step.error.message)?.slice(0, STEP_ERROR_CHARS) : undefined });
  }

  onStdOut(chunk, test) { this.output('out', chunk, test); }

  onStdErr(chunk, test) { this.output('err', chunk, test); }

  onTestEnd(test, result) {
    const known = this.fileOf(test);
    if (this.stopping && known && !known.begun) return;
    const outcome = test.outcome();
    const final = (result.status !== 'failed' && result.status !== 'timedOut') || result.retry >= test.retries;
    const code = failureOf(result, outcome);
    const errors = this.errors(result);
    this.ended.push([test, result, result.attachments.length]);
    this.testing = null;
    this.send('testEnd', {
      ...this.identify(test, result), status: result.status, expected: test.expectedStatus, outcome, final, code, ms: result.duration, errors,
      attachments: this.attachments(result.attachments), annotations: test.annotations.slice(0, ANNOTATIONS_PER_TEST),
    });
    if (!known) return this.setupEnded(test, result, final, errors);
    if (!final || result.status === 'interrupted') return;
    // Tests that never began (all skipped, or behind a crash in a serial suite) still belong to a file that ran.
    if (!known.begun) this.beginFile(this.relative(test.location.file), known);
    if (outcome === 'unexpected') this.print(errors);
    known.begun = true;
    known.ms += result.duration;
    known.left--;
    known.code ??= outcome === 'unexpected' ? code : undefined;
    known[outcome === 'expected' ? 'passed' : outcome === 'unexpected' ? 'failed' : outcome]++;
    if (known.left === 0) this.fileEnded(this.relative(test.location.file), known);
  }

  onError(error) {
    const kind = kindOf(error, this.files.size > 0, this.globalSetup);
    if (kind === 'no_tests' && this.notLoaded) return; // of course not
    this.notLoaded ||= kind === 'load_error' || kind === 'focused_tests';
    const described = this.describe(error);
    this.send('error', { kind, files: this.concerned(kind, error, described), error: described });
  }

  // Playwright says where an error is, but not whose it is. A missing import is reported at the importing file or with
  // "Require stack:\n- /…/a.spec.ts"; a worker that fails at its end with "Failed worker ran 1 test:\n… › a.spec.ts:3:1".
  concerned(kind, error, described) {
    const text = `${described.message}\n${plain(error.stack) ?? ''}\n${error.location?.file ?? ''}`;
    const named = this.options.files.filter((file) => text.includes(path.join(this.options.root, file)) || text.includes(`› ${file}:`));
    return named.length || kind !== 'runner_error' ? named : [...this.inWorker];
  }

  async onEnd(result) {
    // AppWright 0.1.16 and later attaches cloud videos only now.
    for (const [test, ended, reported] of this.ended) {
      if (ended.attachments.length > reported) {
        this.send('attachments', { ...this.identify(test, ended), attachments: this.attachments(ended.attachments.slice(reported)) });
      }
    }
    const unfinished = [...this.files].filter(([, f]) => f.left > 0).map(([file, f]) => ({ file, left: f.left, of: f.tests, begun: f.begun }));
    this.send('end', { status: result.status, ms: Math.round(result.duration), unfinished });
    await channel.end();
  }

  beginFile(file, known) {
    channel.showBegin(file);
    this.send('fileBegin', { file, tests: known.tests });
  }

  fileEnded(file, known) {
    const { tests, passed, failed, skipped, flaky, ms, code } = known;
    const status = failed ? 'failed' : passed + flaky ? 'passed' : 'skipped';
    this.send('fileEnd', { file, status, code, tests, passed, failed, skipped, flaky, ms: Math.round(ms) });
    if (this.yieldAsked) this.stop();
  }

  setupEnded(test, result, final, errors) {
    if (!final) return;
    const ok = test.ok() && result.status !== 'interrupted';
    this.send('setup', {
      ...this.identify(test, result), status: ok ? 'passed' : 'failed',
      errors: ok ? undefined : errors,
    });
  }

  // Playwright's list tells why a test failed only behind the last file. Told at once, behind the line that says it failed, it
  // stands in the log of its own file.
  print(errors) {
    const text = errors.map(({ message, snippet, file, line }) => [message, snippet, file && `at ${file}:${line}`].filter(Boolean).join('\n')).join('\n');
    queueMicrotask(() => process.stdout.write(text.replace(/^/gm, '      ') + '\n'));
  }

  /** Finish the file that runs, begin no other. */
  yield() {
    this.yieldAsked = true;
    if (![...this.files.values()].some((f) => f.begun && f.left > 0) && this.files.size) this.stop();
  }

  // Emitted, not sent: the handlers run now, inside the event that ended a file, so Playwright stops handing out files
  // before its worker can ask for the next one. A real signal would arrive a moment too late.
  stop() {
    if (this.stopping) return;
    this.stopping = true;
    this.send('yielded', {});
    process.emit('SIGINT');
  }

  step(type, test, step, more = {}) {
    const counted = this.testing;
    if (!counted || counted.test !== test || !isWanted(step) || ++counted.steps > STEPS_PER_TEST) return;
    this.send(type, { testId: test.id, file: this.relative(test.location.file), step: step.title, category: step.category, ...more });
  }

  output(stream, chunk, test) {
    const counted = this.testing;
    if (!counted || counted.test !== test || counted.output >= OUTPUT_CHARS_PER_TEST) return;
    const whole = plain(String(chunk)), text = whole.slice(0, OUTPUT_CHARS);
    counted.output += text.length;
    const cut = text.length < whole.length || counted.output >= OUTPUT_CHARS_PER_TEST;
    this.send('output', { testId: test.id, file: this.relative(test.location.file), stream, text, cut: cut || undefined });
  }

  errors(result) { return result.errors.slice(0, ERRORS_PER_TEST).map((error) => this.describe(error)); }

  describe(error) { return describe(error, (file) => this.relative(file)); }

  send(type, data) { channel.send(JSON.stringify({ type, t: Date.now(), ...data }) + '\n'); }

  relative(file) { return file ? path.relative(this.options.root, file).split(path.sep).join('/') : null; }

  isRequested(test) {
    return test.parent.project()?.name === this.options.project && this.requested.has(this.relative(test.location.file));
  }

  fileOf(test) { return this.isRequested(test) ? this.files.get(this.relative(test.location.file)) : undefined; }

  identify(test, result) {
    return {
      file: this.relative(test.location.file), testId: test.id, title: test.titlePath().slice(3).join(' › '),
      line: test.location.line, project: test.parent.project()?.name, retry: result.retry,
    };
  }

  /** Files below the batch's folder, named relative to it. What lies elsewhere is not handed on, but told. */
  attachments(list) {
    const told = list.filter((a) => !a.name.startsWith('_')).slice(0, ATTACHMENTS_PER_TEST).map((a) => ({
      name: a.name.slice(0, ATTACHMENT_NAME_CHARS), type: a.contentType?.slice(0, ATTACHMENT_NAME_CHARS), ...this.place(a),
    }));
    const more = list.length - ATTACHMENTS_PER_TEST;
    return more > 0 ? [...told, { name: 'left-out', missing: `The test attached ${more} files more than the ${ATTACHMENTS_PER_TEST} that are kept.` }] : told;
  }

  place(attachment) {
    try {
      const file = attachment.body ? this.keep(attachment) : attachment.path;
      if (!file) return { missing: 'It has no content.' };
      const relative = path.relative(this.options.out, file).split(path.sep).join('/');
      if (relative.startsWith('../') || path.isAbsolute(relative)) return { missing: 'It lies outside the folder of its batch.' };
      if (!fs.lstatSync(file, { throwIfNoEntry: false })?.isFile()) return { missing: 'It was not there, or is no plain file.' };
      return { path: relative };
    } catch (error) {
      return { missing: `It could not be kept: ${error.message}` };
    }
  }

  // Content that a test hands over as bytes is in no file yet.
  keep(attachment) {
    fs.mkdirSync(this.options.kept, { recursive: true });
    const file = path.join(this.options.kept, `${++this.kept}${ENDINGS[attachment.contentType] ?? ''}`);
    fs.writeFileSync(file, attachment.body);
    return file;
  }
}

const isWanted = (step) => step.category === 'test.step' || step.category === 'expect'
  || (step.category === 'fixture' && /"(device|persistentDevice)"/.test(step.title));

module.exports = EventReporter;
