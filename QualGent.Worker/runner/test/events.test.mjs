// The door through which verdicts come: only who has read the round's secret gets in, and only once.
import assert from 'node:assert/strict';
import net from 'node:net';
import { describe, test } from 'node:test';
import { EventServer } from '../lib/events.mjs';

const passed = (file) => JSON.stringify({ type: 'fileEnd', file, status: 'passed' });

async function openDoor(t) {
  const server = new EventServer();
  await server.listen();
  t.after(() => server.close());
  const heard = { files: [], forged: 0 };
  const expect = () => server.expect({ onEvent: (event) => heard.files.push(event.file), onForged: () => heard.forged++ });
  return { server, heard, expect, ...expect() };
}

/** Says some lines and resolves when the connection is over. */
function say(port, ...lines) {
  const socket = net.connect(port, '127.0.0.1', () => socket.end(lines.join('\n') + '\n'));
  return new Promise((resolve) => socket.on('error', () => {}).on('close', resolve).resume());
}

describe('events', () => {
  test('a guess is turned away before the reporter has come, and told once', async (t) => {
    const { heard, port, secret } = await openDoor(t);
    for (const guess of ['guess', '', secret.slice(1), JSON.stringify({ secret })]) await say(port, guess, passed('forged'));
    assert.deepEqual(heard, { files: [], forged: 1 });
    await say(port, secret, passed('true'));
    assert.deepEqual(heard, { files: ['true'], forged: 1 });
  });

  test('the secret opens once', async (t) => {
    const { heard, port, secret } = await openDoor(t);
    const reporter = net.connect(port, '127.0.0.1', () => reporter.write(`${secret}\n${passed('true')}\n`));
    t.after(() => reporter.destroy());
    while (!heard.files.length) await new Promise(setImmediate);
    await say(port, secret, passed('forged'));
    assert.deepEqual(heard, { files: ['true'], forged: 1 });
  });

  test('the secret of the round before opens nothing', async (t) => {
    const { server, heard, expect, port, secret } = await openDoor(t);
    server.forget();
    expect();
    await say(port, secret, passed('late'));
    assert.deepEqual(heard, { files: [], forged: 1 });
  });
});
