// One round: one appwright process that runs some files, from its start until nothing of it is left.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { appwrightEnvironment } from './environment.mjs';
import { endGroup, Family, signal } from './groups.mjs';
import { Joint } from './joint.mjs';
import { LogSink } from './logs.mjs';
import { within } from './time.mjs';
import { writeWrapper } from './wrapper.mjs';

const channel = createRequire(import.meta.url)('../inside/channel.cjs');
const LOOK_MS = 1_000;
const START_MS = 120_000; // between tests there are process starts and set-up code, which no test may be blamed for
const ACTIVITY = new Set(['begin', 'setup', 'fileBegin', 'fileEnd', 'testBegin', 'testEnd', 'stepBegin', 'stepEnd', 'end']);

export class Round {
  #reason = null;
  #runnerPid = 0;
  #begun = new Set();
  #finished = new Set();
  #current = null;
  #lastActivity = Date.now();
  #exited = null;
  #stopped = null;
  #sawEnd = false;
  #joint = new Joint();

  constructor({ number, request, open, events, say }) {
    Object.assign(this, { number, request, open, events, say });
    this.out = path.join(open.out, `round-${number}`);
    this.files = request.files;
  }

  /** The test that runs now: there is one worker process, so there is at most one. */
  get current() { return this.#current; }

  get reason() { return this.#reason; }

  /** @param means what the batch has prepared: its homes, its groups, and the app where AppWright may see it */
  async run(means) {
    Object.assign(this, means);
    const began = Date.now();
    fs.mkdirSync(this.out, { recursive: true });
    const files = this.#existing();
    const code = files.length && !this.#reason ? await this.#runFiles(files).catch((error) => this.#notStarted(error)) : null;
    this.say('round_end', {
      code, reason: this.#reason, message: this.message,
      unstarted: this.files.filter((f) => !this.#begun.has(f)),
      unfinished: this.files.filter((f) => this.#begun.has(f) && !this.#finished.has(f)),
      strays: this.strays || undefined, ms: Date.now() - began,
    });
    // Clean means: the next round may use the same Appium.
    return { clean: this.#reason === null || this.#reason === 'yield' };
  }

  // A full disk, say: the worker must hear the end of every round.
  #notStarted(error) {
    this.#reason ??= 'spawn_failed';
    this.message = error.message;
    return null;
  }

  /** Finish the file that runs, then end. */
  yield() {
    if (this.#exited) this.events.tell('yield');
    else this.#reason ??= 'yield'; // run() sees it and begins nothing
  }

  /**
   * Ends the round. Playwright, asked with SIGINT, reports interrupted tests, closes its session and writes its reports;
   * the process that must be asked is the one that said `begin`. Signalling only the appwright command would leave
   * Playwright running, so everything else goes to the whole group.
   */
  stop(reason, graceMs) {
    if (this.#exited === null) this.#reason ??= reason; // it has not begun: run() sees the reason
    this.#stopped ??= this.#end(reason, graceMs);
    return this.#stopped;
  }

  async #end(reason, graceMs) {
    if (this.#exited === null || this.done) return;
    this.#reason = reason;
    this.say('cancelling', { reason });
    this.family.look();
    if (this.#runnerPid && signal(this.#runnerPid, 'SIGINT')) await within(this.#exited, graceMs);
    if (!this.done) await endGroup(this.child.pid, [['SIGTERM', 1_000], ['SIGKILL', 1_000]]);
  }

  /** Files that are not there are named now; asking Playwright for them would only make it say "No tests found". */
  #existing() {
    return this.files.filter((file) => {
      const inside = !path.isAbsolute(file) && !file.split('/').includes('..');
      if (inside && fs.statSync(path.join(this.open.project_dir, file), { throwIfNoEntry: false })?.isFile()) return true;
      this.say('notFound', { file });
      return false;
    });
  }

  async #runFiles(files) {
    const { open, out } = this;
    const wrapper = writeWrapper({
      projectDir: open.project_dir, config: open.config, project: open.project, files, out: open.out, roundOut: out, port: open.appium_port,
      buildPath: this.buildPath, timeoutMs: open.test_timeout_ms, globalTimeoutMs: this.request.global_timeout_ms ?? 0,
    });
    const setup = path.join(out, 'setup.json');
    const told = this.events.expect({ onEvent: (event) => this.#hear(event), onForged: () => this.say('forged') });
    fs.writeFileSync(setup, JSON.stringify({ ...told, config: wrapper, project: open.project }), { mode: 0o600 });
    const log = new LogSink(path.join(out, 'appwright.log'), 'appwright', this.say, {
      text: channel.markOf(told.secret), onMark: (file) => this.#joint.mark(file), tell: (say) => this.#joint.line(say),
    });
    try {
      return await this.#supervise(setup, log);
    } finally {
      fs.rmSync(path.join(open.project_dir, wrapper), { force: true });
      fs.rmSync(setup, { force: true });
      this.events.forget();
      log.close();
      this.#joint.flush();
    }
  }

  async #supervise(setup, log) {
    const { open } = this;
    const child = this.groups.start('appwright', path.join(open.project_dir, 'node_modules/appwright/dist/bin/index.js'),
      ['test', '--config', '@config', '--project', '@project'], { cwd: open.project_dir, env: appwrightEnvironment(open, this.homes, setup) });
    this.child = child;
    this.family = new Family(child.pid, open.batch);
    const printed = Promise.all([log.follow(child.stdout), log.follow(child.stderr)]);
    this.#lastActivity = Date.now();
    this.#exited = new Promise((resolve) => {
      child.once('error', (error) => { this.message = error.message; this.#reason = 'spawn_failed'; resolve(null); });
      child.once('exit', (code, name) => resolve(code ?? name));
    });
    const watch = setInterval(() => this.#watch(), LOOK_MS);
    const code = await this.#exited;
    this.done = true;
    clearInterval(watch);
    await this.#stopped;
    await within(this.events.drained, 1_000); // the last events may still be on their way
    if (child.pid) await endGroup(child.pid, [['SIGKILL', 1_000]]);
    this.strays = await this.family.end();
    await within(printed, 1_000); // nothing holds its output open any more
    this.#judgeEnd(log);
    return code;
  }

  // A process that ends without saying so ended by itself or by a test's hand. Never taken from the exit code.
  #judgeEnd(log) {
    if (this.#reason || this.#sawEnd) return;
    this.#reason = this.#runnerPid ? 'runner_died' : 'not_started';
    this.message = log.tail.join('\n').slice(-4_000);
  }

  #watch() {
    this.family.look();
    const limit = this.#current ? this.open.idle_timeout_ms : Math.max(this.open.idle_timeout_ms, START_MS);
    if (Date.now() - this.#lastActivity > limit) void this.stop('idle', this.open.cancel_grace_ms);
  }

  #hear({ type, t, ...data }) {
    if (ACTIVITY.has(type)) this.#lastActivity = Date.now(); // not output: a test that only prints has hung too
    if (type === 'begin') this.#runnerPid = data.pid;
    if (type === 'fileBegin') this.#begun.add(data.file);
    if (type === 'fileEnd') this.#finished.add(data.file);
    if (type === 'testBegin') this.#current = { file: data.file, testId: data.testId };
    if (type === 'testEnd') this.#current = null;
    if (type === 'yielded') this.#reason ??= 'yield';
    if (type === 'end') this.#sawEnd = true;
    this.#joint.event({ type, file: data.file }, () => this.say(type, data, t));
  }
}
