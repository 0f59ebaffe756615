// Tests are foreign code: what they see, and what they cannot do.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { listProcesses } from '../lib/procfs.mjs';
import { FAULTS, fault, Worker } from './support/worker.mjs';

const commandLine = (pid) => fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').join(' ').trim();

test('noise, orphans, forgery and curiosity', async () => {
  const worker = await Worker.start({ config: FAULTS });
  const { end, events } = await worker.run(['environment', 'forge', 'noisy', 'orphan', 'writes'].map(fault));
  const of = (type, name) => events.filter((e) => e.type === type && (!name || e.file === fault(name)));

  // A forged verdict is dropped and reported once; the true one stands.
  assert.deepEqual(of('fileEnd', 'forge').map((e) => e.status), ['failed']);
  assert.equal(of('forged').length, 1);

  // The environment holds what the worker allowed and nothing of the supervisor's own.
  const seen = JSON.parse(of('output', 'environment').map((e) => e.text).find((text) => text.startsWith('environment: ')).slice(13));
  assert.equal(seen.NOTES_STATE_DIR, worker.slot.root);
  assert.equal(seen.REDIS_PASSWORD, undefined);
  assert.ok(seen.HOME.startsWith(worker.request.out) && seen.TMPDIR.startsWith(worker.request.out));
  assert.deepEqual(Object.keys(seen).filter((name) => name.startsWith('QUALGENT_')).sort(), ['QUALGENT_APPIUM_PORT', 'QUALGENT_APPIUM_READY', 'QUALGENT_BATCH', 'QUALGENT_NODE', 'QUALGENT_NPX']);

  // Much output is cut, in the events and on disk.
  assert.ok(of('output', 'noisy').reduce((sum, e) => sum + e.text.length, 0) <= 25_000);
  assert.ok(of('log').filter((e) => !e.quiet).length < 3_000); // of what may be followed
  assert.ok(of('log').reduce((sum, e) => sum + (e.text?.length ?? 0), 0) < 17 * 1024 * 1024); // of the whole log
  assert.ok(fs.statSync(path.join(worker.request.out, 'round-1/appwright.log')).size < 17 * 1024 * 1024);

  // Detached processes are gone when the round is, also one that gave up the batch's name.
  assert.equal(end.strays, 2);
  assert.deepEqual(listProcesses().map((p) => { try { return commandLine(p.pid); } catch { return ''; } }).filter((line) => /^sleep 333[34]$/.test(line)), []);

  assert.equal(await worker.close({ keep: true }), 0);
  assert.deepEqual(fs.readdirSync(worker.slot.project).filter((name) => name.startsWith('.qualgent')), []);
  worker.slot.remove();
});
