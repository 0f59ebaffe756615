// node bench/batch.mjs [1,5,10]   What a batch saves: N files in one AppWright process, and in one process each.
// Prints one JSON line per measurement; times are of the rounds, with Appium up and the app installed.
import fs from 'node:fs';
import path from 'node:path';
import { makeSlot } from '../test/support/project.mjs';
import { Worker } from '../test/support/worker.mjs';

const counts = (process.argv[2] ?? '1,5,10').split(',').map(Number);
const slot = makeSlot();
const files = Array.from({ length: Math.max(...counts) }, (_, i) => `tests/bench-${String(i + 1).padStart(2, '0')}.spec.js`);
for (const file of files) fs.copyFileSync(path.join(slot.project, 'tests/onboarding.spec.js'), path.join(slot.project, file));

const anHour = process.hrtime.bigint() + 3_600_000_000_000n;
const worker = await Worker.start({ slot, lease_deadline_ns: String(anHour) });
try {
  await run(files.slice(0, 1)); // installs the app, warms the disk
  const alone = [];
  for (const file of files) alone.push(await run([file]));
  for (const count of counts) {
    const together = await run(files.slice(0, count));
    const separate = alone.slice(0, count).reduce((sum, ms) => sum + ms, 0);
    console.log(JSON.stringify({ files: count, together_ms: together, alone_ms: separate, ratio: Number((together / separate).toFixed(2)) }));
  }
} finally {
  await worker.close();
}

/** One round; all must pass. Returns its milliseconds. */
async function run(some) {
  const began = performance.now();
  const { end, events } = await worker.run(some);
  const passed = events.filter((e) => e.type === 'fileEnd' && e.status === 'passed').length;
  if (passed !== some.length) throw new Error(`${passed} of ${some.length} files passed: ${JSON.stringify(end)}`);
  return Math.round(performance.now() - began);
}
