// node bench/batch.mjs [1,5,10]   What a batch saves: N files in one AppWright process, and in one process each.
// Prints one JSON line per measurement; times are of the rounds, with Appium up.
import fs from 'node:fs';
import path from 'node:path';
import { makeSlot } from '../test/support/project.mjs';
import { Worker } from '../test/support/worker.mjs';

const counts = (process.argv[2] ?? '1,5,10').split(',').map(Number);
const slot = makeSlot();
const files = Array.from({ length: Math.max(...counts) }, (_, i) => `tests/bench-${String(i + 1).padStart(2, '0')}.spec.js`);
for (const file of files) fs.copyFileSync(path.join(slot.project, 'tests/onboarding.spec.js'), path.join(slot.project, file));

const worker = await Worker.start({ slot });
try {
  await worker.run(files.slice(0, 1)); // installs the app, warms the disk
  for (const count of counts) {
    const some = files.slice(0, count);
    const together = await measure(() => round(some));
    const alone = await measure(async () => { for (const file of some) await round([file]); });
    console.log(JSON.stringify({ files: count, together_ms: together, alone_ms: alone, ratio: Number((together / alone).toFixed(2)) }));
  }
} finally {
  await worker.close();
}

async function round(some) {
  const { end, events } = await worker.run(some);
  const passed = events.filter((e) => e.type === 'fileEnd' && e.status === 'passed').length;
  if (passed !== some.length) throw new Error(`${passed} of ${some.length} files passed: ${JSON.stringify(end)}`);
}

async function measure(work) {
  const began = performance.now();
  await work();
  return Math.round(performance.now() - began);
}
