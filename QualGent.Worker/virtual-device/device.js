'use strict';
// What a virtual device is on disk, below VIRTUAL_DEVICES_DIR. It survives sessions, servers and crashes, as a phone does:
//   <udid>.json        its description and fault switches, written by whoever owns the device; read before every command
//   <udid>.state.json  what is installed, with digests and data; written by the driver only
//   <udid>.log.jsonl   what happened, so that a test can count installations
const fs = require('node:fs');
const path = require('node:path');

const DEFAULTS = { model: 'Virtual Pixel', osVersion: '14', sessionMs: 0, installMs: 0, launchMs: 0, commandMs: 0, online: true, faults: {} };

class Device {
  constructor(dir, udid) {
    fs.mkdirSync(dir, { recursive: true });
    this.path = (extension) => path.join(dir, `${udid}.${extension}`);
    this.udid = udid;
    this.description = DEFAULTS;
    this.state = { lost: false, apps: {}, ...read(this.path('state.json')) };
    this.commands = 0;
  }

  /** The description as it is now; one caught half-written counts as unchanged. */
  describe() {
    const found = fs.existsSync(this.path('json')) ? read(this.path('json')) : {};
    if (found) this.description = { ...DEFAULTS, ...found };
    return this.description;
  }

  get faults() { return this.describe().faults; }

  get present() { return this.describe().online && !this.state.lost; }

  /** Gone for good, until somebody removes `lost` from the state: a cable, a flat battery. */
  lose() {
    this.state.lost = true;
    this.save();
    this.log('lost');
  }

  app(name) { return this.state.apps[name]; }

  install(model) {
    this.state.apps[model.package] = { versionName: model.versionName, sha256: model.sha256, model, data: {} };
    this.log('install', { package: model.package, versionName: model.versionName, sha256: model.sha256 });
    this.save();
  }

  uninstall(name) {
    delete this.state.apps[name];
    this.log('uninstall', { package: name });
    this.save();
  }

  clear(name) {
    if (this.app(name)) this.app(name).data = {};
    this.log('clear', { package: name });
    this.save();
  }

  save() {
    const draft = this.path(`state.${process.pid}.tmp`); // renamed into place: a kill must not leave half a state
    fs.writeFileSync(draft, JSON.stringify(this.state, null, 1));
    fs.renameSync(draft, this.path('state.json'));
  }

  log(event, more = {}) {
    fs.appendFileSync(this.path('log.jsonl'), JSON.stringify({ t: Date.now(), pid: process.pid, event, ...more }) + '\n');
  }
}

function read(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

module.exports = { Device };
