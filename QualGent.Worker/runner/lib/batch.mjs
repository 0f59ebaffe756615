// One batch: a device, an app and an Appium, and the rounds that run on them.
import fs from 'node:fs';
import path from 'node:path';
import { Appium } from './appium.mjs';
import { check } from './checks.mjs';
import { appiumEnvironment } from './environment.mjs';
import { EventServer } from './events.mjs';
import { endBatch, Groups } from './groups.mjs';
import { makeAppiumHome, makeHomes, makeSdk } from './homes.mjs';
import { Lease } from './lease.mjs';
import { Round } from './round.mjs';
import { within } from './time.mjs';

const HURRY_MS = 1_500; // grace when nobody waits for reports any more, or must not

export class Batch {
  #round = null;
  #rounds = 0;
  #running = null;
  #appium = null;
  #app = null;
  #installed = false;   // in this batch, or before it and seen on the device
  #told = false;        // the worker knows about it
  #ended = null;
  #events = new EventServer();
  #lease = new Lease(() => this.end('lease', HURRY_MS));

  /** @param {import('./speaker.mjs').Speaker} speaker */
  constructor(speaker, open, onEnded) {
    this.speaker = speaker;
    this.open = open;
    this.onEnded = onEnded;
  }

  say = (type, data, t) => this.speaker.say(type, data, t);

  get cancelGrace() { return this.open.cancel_grace_ms ?? 10_000; }

  async start() {
    const began = Date.now();
    const { open } = this;
    const { projectDir, apk } = await check(open);
    fs.mkdirSync(open.out, { recursive: true, mode: 0o700 });
    this.speaker.copyTo(open.out);
    this.open.project_dir = projectDir;
    if (open.lease_deadline_ns) this.#lease.renew(open.lease_deadline_ns);
    this.#installed = open.app_installed === true;
    this.homes = makeHomes(open.out);
    makeSdk(this.homes.sdk, apk);
    makeAppiumHome(this.homes.appium);
    if (open.app) this.#app = { path: this.#linkApp(open.app.path), sha256: open.app.sha256, package: apk.package };
    this.groups = new Groups(open.groups_file);
    await this.#events.listen();
    this.#startAppium();
    this.say('opened', { appium_pid: this.#appium.pid, ms: Date.now() - began, app: apk ?? undefined });
  }

  /** Takes note of a round at once, so that what the worker says next (yield, cancel) is about it. */
  accept(request) {
    if (this.#round) throw new Error('a round is running');
    this.#round = new Round({
      number: ++this.#rounds, request, open: this.open, events: this.#events, say: this.say,
    });
  }

  async run() {
    if (this.#ended) return;
    this.#running = this.#runRound(this.#round);
    await this.#running;
  }

  async #runRound(round) {
    this.speaker.round = round.request.round;
    if (!this.#appium.running && !round.reason) this.#startAppium();
    const { clean } = await round.run({ homes: this.homes, groups: this.groups, buildPath: this.#app?.path });
    this.#round = null;
    if (!clean) await this.#appium.stop();
  }

  renew(deadlineNs) { this.#lease.renew(deadlineNs); }

  yield() { this.#round?.yield(); }

  cancel() { return this.#stop('cancel', this.cancelGrace); }

  /** Ends the round, Appium, and whatever else carries the batch's name. */
  end(reason, graceMs = this.cancelGrace) {
    this.#ended ??= this.#end(reason, graceMs);
    return this.#ended;
  }

  async #end(reason, graceMs) {
    this.#lease.release();
    await this.#stop(reason, graceMs);
    await this.#running; // it says round_end
    await endBatch(this.open.batch);
    this.#events.close();
    this.say('closed', { reason });
    await this.onEnded();
  }

  async #stop(reason, graceMs) {
    const stopped = this.#round?.stop(reason, graceMs);
    await within(Promise.resolve(stopped), graceMs);
    await Promise.all([stopped, this.#appium?.stop()]);
  }

  #startAppium() {
    const { open } = this;
    this.#appium = new Appium({
      groups: this.groups, port: open.appium_port, projectDir: open.project_dir, out: open.out, say: this.say,
      env: appiumEnvironment({ ...open, app_installed: this.#installed }, this.homes, this.#app),
      onNews: (news) => this.#hear(news), onDied: (how) => this.#appiumDied(how),
    });
  }

  #appiumDied(how) {
    this.say('appium_died', how);
    void this.#round?.stop('appium_died', HURRY_MS);
  }

  /** What the policy plugin tells over its private channel. */
  #hear({ type, ...data }) {
    switch (type) {
      case 'warm':
        if (!this.#told) this.say('install_skipped', data);
        this.#told = this.#installed = true;
        break;
      case 'installed':
        this.#told = this.#installed = true;
        this.say('installed', data);
        break;
      case 'screen':
        this.say('screenshot', { ...this.#round?.current, path: path.relative(this.open.out, data.path) });
        break;
      case 'installing':
        this.say(type, data);
        break;
      case 'install_failed':
      case 'device_lost':
        this.say(type, data);
        void this.#round?.stop(type, HURRY_MS);
        break;
    }
  }

  // A name without surprises, because AppWright hands it to a shell.
  #linkApp(file) {
    const link = path.join(this.open.out, 'app.apk');
    fs.rmSync(link, { force: true });
    fs.symlinkSync(file, link);
    return link;
  }
}
