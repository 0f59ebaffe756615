#!/usr/bin/env node
// Runs one batch for the worker: JSON lines in, JSON lines out, as README.md describes. The worker's end of the pipe is
// the life line: when it closes, everything this process started ends, and then this process.
import net from 'node:net';
import readline from 'node:readline';
import { Batch } from './lib/batch.mjs';
import { Refusal } from './lib/checks.mjs';
import { Speaker } from './lib/speaker.mjs';

// Not process.stdout: writing there could wait for the reader, and a stopped worker must not stop the lease's clock.
const stdout = new net.Socket({ fd: 1, readable: false, writable: true });
const speaker = new Speaker(stdout);
let batch = null;
let queue = Promise.resolve();

const handlers = {
  open: (message) => inTurn(() => open(message)),
  run: (message) => {
    batch.accept(message);
    inTurn(() => batch.run());
  },
  close: () => inTurn(() => batch.end('close')),
  lease: (message) => batch.renew(message.deadline_ns),
  yield: () => batch.yield(),
  cancel: () => batch.cancel(),
};

async function open(message) {
  speaker.batch = message.batch;
  try {
    await batch.start();
  } catch (error) {
    speaker.say('open_failed', { code: error instanceof Refusal ? error.code : 'internal', message: error.message });
    await batch.end('open_failed', 0);
  }
}

function inTurn(work) {
  queue = queue.then(work).catch((error) => speaker.say('rejected', { message: String(error.stack ?? error) }));
}

function receive(line) {
  let message;
  try {
    message = JSON.parse(line);
  } catch {
    return speaker.say('rejected', { message: 'not a JSON line' });
  }
  const handle = handlers[message.type];
  if (!handle) return speaker.say('rejected', { message: `unknown message "${message.type}"` });
  if ((message.type === 'open') === (batch !== null)) return speaker.say('rejected', { message: message.type === 'open' ? 'a batch is open' : 'no batch is open' });
  if (message.type === 'open') batch = new Batch(speaker, message, leave);
  try {
    handle(message);
  } catch (error) {
    speaker.say('rejected', { message: error.message });
  }
}

async function leave() {
  await speaker.flush();
  process.exit(0);
}

const abandon = (reason) => (batch ? batch.end(reason, 1_500) : process.exit(0));

readline.createInterface({ input: process.stdin }).on('line', (line) => line.trim() && receive(line)).on('close', () => abandon('stdin'));
stdout.on('error', () => abandon('stdin'));
for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(name, () => abandon('signal'));
