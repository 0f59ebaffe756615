// The Appium server of one device, for as long as the batch lasts.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { endGroup } from './groups.mjs';
import { LogSink } from './logs.mjs';

const START_MS = 60_000;
const LISTENING = 'Appium REST http interface listener started on';

/** Appears when Appium listens; the npx shim waits for it. */
export const readyFile = (out) => path.join(out, 'appium.ready');

/** @returns {Promise<boolean>} whether anybody answers on the port */
export function answers(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    const done = (yes) => { socket.destroy(); resolve(yes); };
    socket.once('connect', () => done(true)).once('error', () => done(false)).setTimeout(1_000, () => done(true));
  });
}

/**
 * Started, not awaited: the test process needs some seconds before it asks for a session, and Appium starts meanwhile.
 * Who needs it waits for the file `ready`.
 */
export class Appium {
  #stopping = false;

  constructor({ groups, port, projectDir, out, env, say, onNews, onDied }) {
    const log = new LogSink(path.join(out, 'appium.log'), 'appium', say);
    const ready = readyFile(out);
    fs.rmSync(ready, { force: true });
    this.child = groups.start('appium', path.join(projectDir, 'node_modules/appium/index.js'), [
      'server', '--address', '127.0.0.1', '--port', String(port), '--use-plugins', 'qualgent-policy',
      '--log-no-colors', '--log-level', 'info', '--shutdown-timeout', '1000',
    ], { cwd: projectDir, env, channel: true });
    const died = (how) => {
      if (this.#stopping) return;
      onDied({ ...how, message: log.tail.join('\n').slice(-4_000) });
      void this.stop();
    };
    const late = setTimeout(() => died({ late: true }), START_MS);
    log.follow(this.child.stdout, (line) => {
      if (!line.includes(LISTENING)) return;
      clearTimeout(late);
      fs.writeFileSync(ready, '');
    });
    log.follow(this.child.stderr);
    this.child.on('message', onNews);
    this.child.once('error', (error) => died({ error: error.message }));
    this.child.once('exit', () => clearTimeout(late));
    this.child.once('close', (code, signal) => {
      died({ code, signal });
      log.close();
    });
  }

  get pid() { return this.child.pid; }

  get running() { return !this.#stopping && this.child.exitCode === null && this.child.signalCode === null; }

  async stop() {
    this.#stopping = true;
    if (this.pid) await endGroup(this.pid, [['SIGTERM', 1_500], ['SIGKILL', 1_000]]);
  }
}
