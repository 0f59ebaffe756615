// The Appium server of one device, for as long as the batch lasts.
import net from 'node:net';
import path from 'node:path';
import { endGroup } from './groups.mjs';
import { LogSink } from './logs.mjs';
import { within } from './time.mjs';

const START_MS = 60_000;
const LISTENING = 'Appium REST http interface listener started on';

/** @returns {Promise<boolean>} whether anybody answers on the port */
export function answers(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    const done = (yes) => { socket.destroy(); resolve(yes); };
    socket.once('connect', () => done(true)).once('error', () => done(false)).setTimeout(1_000, () => done(true));
  });
}

export class Appium {
  constructor({ groups, port, projectDir, out, env, say, onNews, onDied }) {
    Object.assign(this, { groups, port, projectDir, out, env, say, onNews, onDied });
    this.child = null;
    this.stopping = false;
  }

  get pid() { return this.child?.pid; }

  get running() { return this.child !== null && this.child.exitCode === null && this.child.signalCode === null && !this.stopping; }

  /** @returns {Promise<{ms: number} | {failure: string}>} */
  async start() {
    const began = Date.now();
    this.stopping = false;
    const log = new LogSink(path.join(this.out, 'appium.log'), 'appium', this.say);
    const child = this.groups.start('appium', path.join(this.projectDir, 'node_modules/appium/index.js'), [
      'server', '--address', '127.0.0.1', '--port', String(this.port), '--use-plugins', 'qualgent-policy',
      '--log-no-colors', '--log-level', 'info', '--shutdown-timeout', '1000',
    ], { cwd: this.projectDir, env: this.env, channel: true });
    this.child = child;
    let up = false;
    const started = new Promise((resolve) => {
      log.follow(child.stdout, (line) => line.includes(LISTENING) && resolve({ ms: Date.now() - began }));
      log.follow(child.stderr);
      child.once('error', (error) => resolve({ failure: error.message }));
      child.once('exit', (code, signal) => resolve({ failure: `Appium ended (${signal ?? code}) before it listened on port ${this.port}: ${log.tail.join('\n')}` }));
    });
    child.on('message', (message) => this.onNews(message));
    child.once('close', () => log.close());
    child.once('exit', (code, signal) => { if (up && !this.stopping) this.onDied({ code, signal }); });
    const result = await within(started, START_MS, { failure: `Appium did not listen on port ${this.port} within ${START_MS / 1000} s` });
    if (result.failure) await this.stop();
    up = true;
    return result;
  }

  async stop() {
    const pid = this.child?.pid;
    this.stopping = true;
    if (pid) await endGroup(pid, [['SIGTERM', 1_500], ['SIGKILL', 1_000]]);
    this.child = null;
  }
}
