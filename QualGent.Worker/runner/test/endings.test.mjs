// However a batch ends, it ends in time and leaves nothing behind.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { describe, test } from 'node:test';
import { readProcess } from '../lib/procfs.mjs';
import { sleep } from '../lib/time.mjs';
import { FAULTS, fault, PASSING, Worker } from './support/worker.mjs';

const faulty = { config: FAULTS, test_timeout_ms: 20_000 };
const inFuture = (ns) => String(process.hrtime.bigint() + BigInt(ns));

async function running(options, files) {
  const worker = await Worker.start({ ...faulty, ...options });
  worker.begin(files);
  await worker.next('installed');
  return worker;
}

async function nothingLeft(worker) {
  assert.ok(await worker.gone(100), `left: ${JSON.stringify(worker.processes())}`);
  const groups = fs.readFileSync(worker.request.groups_file, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  for (const { pgid, start, what } of groups) assert.notEqual(readProcess(pgid)?.start, start, `${what} lives`);
  assert.deepEqual(fs.readdirSync(worker.slot.project).filter((name) => name.startsWith('.qualgent')), [], 'wrapper config left');
}

describe('endings', { concurrency: 2 }, () => {
  test('cancel: all processes gone within 3 s, the next round starts afresh', async () => {
    const worker = await running({}, [fault('slow'), fault('writes')]);
    const began = Date.now();
    worker.send({ type: 'cancel', reason: 'asked' });
    assert.ok(await worker.gone(3_000), 'within 3 s');
    const end = await worker.ended();
    assert.ok(Date.now() - began < 3_500);
    assert.deepEqual([end.reason, end.unfinished, end.unstarted], ['cancel', [fault('slow')], [fault('writes')]]);
    assert.equal(worker.of('testEnd')[0].status, 'interrupted');
    assert.equal(worker.deviceLog('endSession').length, 1, 'the device was let go');

    const { events } = await worker.run([fault('writes')]);
    assert.equal(events.find((e) => e.type === 'fileEnd').status, 'passed');
    assert.equal(worker.deviceLog('install').length, 1, 'what was installed is still known');
    assert.equal(await worker.close(), 0);
    assert.deepEqual(worker.processes(), []);
  });

  test('cancel before anything began', async () => {
    const worker = await Worker.start(faulty);
    worker.begin([fault('slow')]);
    await sleep(300);
    worker.send({ type: 'cancel' });
    const end = await worker.ended();
    assert.deepEqual([end.reason, end.unstarted], ['cancel', [fault('slow')]]);
    await worker.close({ keep: true });
    await nothingLeft(worker);
    worker.slot.remove();
  });

  test('hangs end by the watchdog, also one that never yields its thread', async () => {
    const worker = await Worker.start({ ...faulty, idle_timeout_ms: 6_000, cancel_grace_ms: 1_000 });
    const hang = await worker.run([fault('hang'), fault('writes')]);
    assert.deepEqual([hang.end.reason, hang.end.unfinished, hang.end.unstarted], ['idle', [fault('hang')], [fault('writes')]]);
    const freeze = await worker.run([fault('freeze')]);
    assert.deepEqual([freeze.end.reason, freeze.end.unfinished], ['idle', [fault('freeze')]]);
    const after = await worker.run([fault('writes')]);
    assert.equal(after.events.find((e) => e.type === 'fileEnd').status, 'passed');
    await worker.close({ keep: true });
    await nothingLeft(worker);
    worker.slot.remove();
  });

  test('the worker dies: everything ends', async () => {
    const worker = await running({}, [fault('slow')]);
    worker.child.stdin.end();
    worker.child.stdout.destroy();
    const began = Date.now();
    await worker.exited;
    assert.ok(Date.now() - began < 4_000);
    await nothingLeft(worker);
    worker.slot.remove();
  });

  test('the supervisor is killed: what it started ends by itself', async () => {
    const worker = await running({}, [fault('slow')]);
    worker.child.kill('SIGKILL');
    assert.ok(await worker.gone(6_000), JSON.stringify(worker.processes()));
    worker.slot.remove();
  });

  test('the lease is not renewed: the batch ends before the deadline, even when nobody reads', async () => {
    const worker = await running({}, [fault('slow')]);
    worker.child.stdout.pause();
    const deadline = process.hrtime.bigint() + 7_000_000_000n;
    worker.send({ type: 'lease', deadline_ns: String(deadline) });
    worker.child.stdout.resume();
    const end = await worker.ended();
    assert.equal(end.reason, 'lease');
    assert.equal(await worker.exited, 0);
    assert.ok(process.hrtime.bigint() < deadline, 'before the deadline');
    await nothingLeft(worker);
    worker.slot.remove();
  });

  test('a renewed lease lets the batch go on', async () => {
    const worker = await running({}, [fault('slow')]);
    worker.send({ type: 'lease', deadline_ns: inFuture(7_000_000_000) });
    await sleep(500);
    worker.send({ type: 'lease', deadline_ns: inFuture(60_000_000_000) });
    await sleep(2_500);
    assert.deepEqual(worker.of('cancelling'), []);
    worker.send({ type: 'cancel' });
    await worker.ended();
    await worker.close();
  });

  test('yield: the file that runs is finished, no other begins', async () => {
    const worker = await Worker.start({});
    worker.begin(PASSING);
    await worker.next('fileBegin');
    worker.send({ type: 'yield' });
    const end = await worker.ended();
    assert.equal(end.reason, 'yield');
    assert.equal(worker.of('fileBegin').length, 1);
    assert.equal(worker.of('fileEnd').length, 1);
    assert.equal(worker.of('fileEnd')[0].status, 'passed');
    assert.deepEqual(end.unstarted, [PASSING[0], PASSING[2]]);
    assert.equal(worker.deviceLog('session').length, 1, 'no other test touched the device');

    worker.begin(end.unstarted);
    worker.send({ type: 'yield' }); // before anything runs: nothing runs
    assert.deepEqual((await worker.ended()).unstarted, end.unstarted);

    const { events } = await worker.run(end.unstarted);
    assert.equal(events.filter((e) => e.type === 'fileEnd' && e.status === 'passed').length, 2);
    assert.equal(worker.deviceLog('install').length, 1, 'the same Appium, the same installation');
    await worker.close();
  });

  test('Appium is killed: the round ends at once, the next one has a new Appium', async () => {
    const worker = await running({}, [fault('slow'), fault('writes')]);
    process.kill(worker.of('opened')[0].appium_pid, 'SIGKILL');
    const began = Date.now();
    const end = await worker.ended();
    assert.ok(Date.now() - began < 5_000);
    assert.equal(end.reason, 'appium_died');
    assert.equal(worker.of('appium_died').length, 1);
    const { events } = await worker.run([fault('writes')]);
    assert.equal(events.find((e) => e.type === 'fileEnd').status, 'passed');
    await worker.close({ keep: true });
    await nothingLeft(worker);
    worker.slot.remove();
  });
});
