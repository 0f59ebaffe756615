// BullMQ's own queue and worker on the Redis the bench started: no-op jobs, added one by one and in bulk, processed with
// its usual concurrency. Prints one JSON line. The connection comes from the environment: PEER_REDIS_PORT, PEER_REDIS_PASSWORD.
import { Queue, Worker } from 'bullmq';

const jobs = Number(process.argv[2] ?? 20_000);
const concurrency = Number(process.argv[3] ?? 64);
const connection = { host: '127.0.0.1', port: Number(process.env.PEER_REDIS_PORT), password: process.env.PEER_REDIS_PASSWORD, maxRetriesPerRequest: null };
const perSecond = (count, since) => Math.round(count / ((performance.now() - since) / 1000));

const queue = new Queue('peer', { connection, defaultJobOptions: { removeOnComplete: { count: 1000 } } });
await queue.waitUntilReady();

const single = Math.min(jobs, 10_000);
let started = performance.now();
let next = 0;
const adders = Array.from({ length: 64 }, async () => {
  while (next < single) await queue.add('test', { org: 'bench', app: 'v1', test: `tests/${next++}.spec.ts` });
});
await Promise.all(adders);
const addPerSecond = perSecond(single, started);

for (let i = single; i < jobs; i += 500) {
  await queue.addBulk(Array.from({ length: Math.min(500, jobs - i) }, (_, n) => ({ name: 'test', data: { org: 'bench', app: 'v1', test: `tests/${i + n}.spec.ts` } })));
}

let done = 0;
started = performance.now();
await new Promise((resolve, reject) => {
  const worker = new Worker('peer', async () => { if (++done === jobs) setImmediate(() => worker.close().then(resolve, reject)); }, { connection, concurrency });
  worker.on('error', reject);
});
console.log(JSON.stringify({ jobs, concurrency, add_per_second: addPerSecond, processed_per_second: perSecond(jobs, started) }));
await queue.obliterate({ force: true });
await queue.close();
