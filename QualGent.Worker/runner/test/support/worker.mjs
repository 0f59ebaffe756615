// A worker's side of the protocol, for tests.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import readline from 'node:readline';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { hasVariable, listProcesses } from '../../lib/procfs.mjs';
import { until, within } from '../../lib/time.mjs';
import { apps, digest, makeSlot } from './project.mjs';

const supervise = fileURLToPath(new URL('../../supervise.mjs', import.meta.url));
const started = new Set();
let batches = 0;

// A test that failed half-way leaves its supervisor open, which would keep this process alive.
after(() => started.forEach((child) => child.kill('SIGTERM')));

export const FAULTS = 'appwright.faults.config.ts';
export const fault = (name) => `tests-faults/${name}.spec.ts`;
export const PASSING = ['tests/onboarding.spec.js', 'tests/notes.spec.ts', 'tests/sync.spec.ts'];

export async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** One supervisor, one batch. `using` ends it; every test also asks that nothing is left. */
export class Worker {
  static async start({ slot = makeSlot(), app = 'notes-1.0.0.apk', udid = 'virtual-1', wait = true, ...more } = {}) {
    const worker = new Worker(slot, udid);
    const file = app && path.join(apps, app);
    worker.request = {
      type: 'open', v: 1, batch: worker.batch, out: path.join(slot.root, worker.batch), project_dir: slot.project,
      node_modules: path.join(slot.project, 'node_modules'), config: 'appwright.config.ts', project: 'android',
      device: { udid, kind: 'virtual', caps: {}, state_dir: slot.devices }, appium_port: await freePort(), system_port: 8201,
      app: file ? { path: file, sha256: digest(file), package: undefined } : null, app_installed: false, reset: 'clear',
      test_timeout_ms: 20_000, idle_timeout_ms: 30_000, cancel_grace_ms: 3_000, env: { PATH: process.env.PATH, NOTES_STATE_DIR: slot.root },
      groups_file: path.join(slot.root, 'groups.jsonl'), lease_deadline_ns: String(process.hrtime.bigint() + 300_000_000_000n), ...more,
    };
    worker.send(worker.request);
    if (wait) await worker.next((e) => e.type === 'opened' || e.type === 'open_failed', 30_000);
    return worker;
  }

  constructor(slot, udid) {
    this.slot = slot;
    this.udid = udid;
    this.batch = `bat_${process.pid}_${++batches}`;
    this.events = [];
    this.listeners = new Set();
    this.rounds = 0;
    this.child = spawn(process.execPath, [supervise], { detached: true, stdio: ['pipe', 'pipe', 'inherit'], env: { PATH: process.env.PATH, REDIS_PASSWORD: 'never-seen' } });
    this.child.stdin.on('error', () => {});
    started.add(this.child);
    this.exited = new Promise((resolve) => this.child.once('exit', (code, signal) => resolve(code ?? signal)));
    readline.createInterface({ input: this.child.stdout }).on('line', (line) => {
      this.events.push(JSON.parse(line));
      for (const listener of this.listeners) listener();
    });
  }

  send(message) { this.child.stdin.write(JSON.stringify(message) + '\n'); }

  of(type) { return this.events.filter((e) => e.type === type); }

  files(type) { return this.of(type).map((e) => e.file); }

  /** The first event, seen already or still to come, that the test accepts. */
  async next(accept, ms = 30_000) {
    const wanted = typeof accept === 'string' ? (e) => e.type === accept : accept;
    let listener;
    const found = new Promise((resolve) => {
      listener = () => { const event = this.events.find(wanted); if (event) resolve(event); };
      this.listeners.add(listener);
      listener();
    });
    const event = await within(found, ms);
    this.listeners.delete(listener);
    if (!event) throw new Error(`waited ${ms} ms for ${accept}; seen:\n${this.events.filter((e) => !/step|log/.test(e.type)).map((e) => JSON.stringify(e)).join('\n')}`);
    return event;
  }

  /** Asks for a round; returns its number. */
  begin(files, more = {}) {
    this.send({ type: 'run', round: ++this.rounds, files, global_timeout_ms: 120_000, ...more });
    return this.rounds;
  }

  ended(round = this.rounds) { return this.next((e) => e.type === 'round_end' && e.round === round, 130_000); }

  async run(files, more) {
    const round = this.begin(files, more);
    const end = await this.ended(round);
    return { end, events: this.events.filter((e) => e.round === round) };
  }

  async close({ keep = false } = {}) {
    if (this.child.exitCode === null) this.send({ type: 'close' });
    const code = await within(this.exited, 15_000, 'still there');
    if (!keep) this.slot.remove();
    return code;
  }

  deviceLog(event) {
    const file = path.join(this.slot.devices, `${this.udid}.log.jsonl`);
    const all = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line)) : [];
    return event ? all.filter((e) => e.event === event) : all;
  }

  /** Every process with the batch's name, except the supervisor. */
  processes() { return listProcesses().filter((p) => hasVariable(p.pid, 'QUALGENT_BATCH', this.batch)); }

  async gone(ms) { return until(() => this.processes().length === 0, ms); }
}
