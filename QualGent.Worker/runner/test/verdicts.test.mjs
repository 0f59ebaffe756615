// What each kind of broken test looks like in the event stream, alone and among others. Genuine AppWright throughout.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FAULTS, fault, PASSING, Worker } from './support/worker.mjs';

const faulty = { config: FAULTS, test_timeout_ms: 4_000 };
const ends = (events) => Object.fromEntries(events.filter((e) => e.type === 'fileEnd').map((e) => [e.file.replace(/.*\/|\.spec\.\w+/g, ''), e.code ?? e.status]));
const errors = (events) => events.filter((e) => e.type === 'error').map((e) => [e.kind, e.files]);

async function withWorker(options, work) {
  const worker = await Worker.start(options);
  try {
    await work(worker);
  } finally {
    assert.equal(await worker.close(), 0);
    assert.deepEqual(worker.processes(), [], 'processes left behind');
  }
}

describe('verdicts', { concurrency: 2 }, () => {
  test('three files that pass', () => withWorker({}, async (worker) => {
    const { end, events } = await worker.run(PASSING);
    assert.deepEqual(ends(events), { onboarding: 'passed', notes: 'passed', sync: 'passed' });
    assert.deepEqual([end.reason, end.code, end.unstarted, end.unfinished], [null, 0, [], []]);
    assert.equal(worker.deviceLog('install').length, 1, 'one installation for three tests');
    assert.equal(worker.deviceLog('session').length, 3, 'a session for each test');
    assert.equal(worker.of('screenshot').length, 3);
    assert.ok(worker.of('log').some((e) => e.stream === 'appwright' && /3 passed/.test(e.text)));
  }));

  test('failures of every kind among files that pass', () => withWorker(faulty, async (worker) => {
    const { end, events } = await worker.run(['after-all', 'app-crash', 'crash', 'fails', 'flaky', 'skipped', 'timeout', 'writes', 'no-tests'].map(fault));
    assert.deepEqual(ends(events), {
      'after-all': 'assertion', 'app-crash': 'assertion', crash: 'crash', fails: 'assertion', flaky: 'assertion', skipped: 'skipped', timeout: 'timeout', writes: 'passed',
    });
    assert.match(events.find((e) => e.type === 'testEnd' && e.file === fault('fails')).errors[0].message, /Expected: "Hello, Grace!"/);
    const begun = events.findIndex((e) => e.type === 'fileBegin' && e.file === fault('fails'));
    const itsOwn = events.slice(begun + 1, events.findIndex((e, at) => at > begun && e.type === 'fileBegin'));
    assert.ok(itsOwn.some((e) => e.type === 'log' && /Expected: "Hello, Grace!"/.test(e.text)), 'why it failed stands in the log of its file');
    assert.ok(!events.find((e) => e.type === 'begin').files.some((f) => f.file === fault('no-tests')));
    assert.deepEqual(end.unstarted, [fault('no-tests')]);
    assert.equal(worker.deviceLog('install').length, 1, 'a crash does not cost another installation');

    const again = await worker.run([fault('flaky')]);
    assert.deepEqual(ends(again.events), { flaky: 'passed' });
  }));

  test('a crash alone, and a test that ends its runner', () => withWorker(faulty, async (worker) => {
    assert.deepEqual(ends((await worker.run([fault('crash')])).events), { crash: 'crash' });
    const { end } = await worker.run([fault('crash-runner'), fault('fails')]);
    assert.deepEqual([end.reason, end.unfinished, end.unstarted], ['runner_died', [fault('crash-runner')], [fault('fails')]]);
  }));

  test('files that do not load stop everything, and are named', () => withWorker(faulty, async (worker) => {
    const mixed = await worker.run([fault('load-error'), fault('syntax-error'), fault('writes')]);
    assert.deepEqual(errors(mixed.events), [['load_error', [fault('load-error')]], ['load_error', [fault('syntax-error')]]]);
    assert.deepEqual(mixed.events.find((e) => e.type === 'begin').files, []);
    assert.deepEqual(mixed.end.unstarted.length, 3);
    assert.deepEqual(errors((await worker.run([fault('load-error')])).events), [['load_error', [fault('load-error')]]]);

    const rest = await worker.run([fault('writes')]);
    assert.deepEqual(ends(rest.events), { writes: 'passed' }, 'the others run without them, in the same batch');
  }));

  test('a forgotten test.only is named instead of hiding the others', () => withWorker(faulty, async (worker) => {
    assert.deepEqual(errors((await worker.run([fault('only'), fault('fails')])).events), [['focused_tests', [fault('only')]]]);
    assert.deepEqual(errors((await worker.run([fault('no-tests')])).events), [['no_tests', []]]);
  }));

  test('files that are not there, or not inside', () => withWorker(faulty, async (worker) => {
    const { end, events } = await worker.run(['tests-faults/nowhere.spec.ts', '../outside.spec.ts', fault('skipped')]);
    assert.deepEqual(events.filter((e) => e.type === 'notFound').map((e) => e.file), ['tests-faults/nowhere.spec.ts', '../outside.spec.ts']);
    assert.deepEqual(ends(events), { skipped: 'skipped' });
    assert.deepEqual(end.unstarted, ['tests-faults/nowhere.spec.ts', '../outside.spec.ts']);
  }));

  test('an error outside any test is not a pass', () => withWorker(faulty, async (worker) => {
    const { events } = await worker.run([fault('fails'), fault('outside')]);
    assert.deepEqual(errors(events), [['runner_error', [fault('outside')]]]);
    assert.equal(events.find((e) => e.type === 'end').status, 'failed');
  }));

  test('a set-up project that fails', () => withWorker({ config: 'appwright.setup-fails.config.ts' }, async (worker) => {
    const { end, events } = await worker.run(PASSING);
    const setup = events.find((e) => e.type === 'setup');
    assert.deepEqual([setup.status, setup.file, setup.errors[0].message], ['failed', 'tests-faults/accounts.setup.ts', 'Error: the account service is away']);
    assert.deepEqual(end.unstarted, PASSING);
  }));

  test('a global set-up that fails', () => withWorker({ config: 'appwright.global-setup-fails.config.ts' }, async (worker) => {
    const { end, events } = await worker.run(PASSING);
    assert.deepEqual(errors(events), [['setup_failed', []]]);
    assert.deepEqual(end.unstarted, PASSING);
  }));

  test('a config without the project', () => withWorker({ project: 'ios 17 beta' }, async (worker) => {
    const { end } = await worker.run(PASSING);
    assert.equal(end.reason, 'not_started');
    assert.match(end.message, /no project named "ios 17 beta"\. It has: android/);
  }));
});
