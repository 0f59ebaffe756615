'use strict';
// An app for the virtual device is data inside a genuine APK, assets/virtual-app.json: screens, their elements, and what
// a tap does. So another build really behaves differently. The format is described in README.md.
const crypto = require('node:crypto');
const fs = require('node:fs');
const { readEntry } = require('../runner/lib/zip.cjs');

function loadApp(file) {
  const apk = fs.readFileSync(file);
  let text;
  try {
    text = readEntry(apk, 'assets/virtual-app.json');
  } catch (error) {
    throw new Error(`INSTALL_PARSE_FAILED_NOT_APK: ${error.message}`);
  }
  if (!text) throw new Error('INSTALL_FAILED_INVALID_APK: it carries no assets/virtual-app.json, so the virtual device cannot run it');
  try {
    return { ...JSON.parse(text.toString('utf8')), sha256: crypto.createHash('sha256').update(apk).digest('hex') };
  } catch (error) {
    throw new Error(`INSTALL_FAILED_INVALID_APK: assets/virtual-app.json is not JSON: ${error.message}`);
  }
}

class RunningApp {
  /** @param data the app's own data; it outlives this instance, as a phone's storage does */
  constructor(model, data) {
    this.model = model;
    this.data = data;
    this.generation = 0;
    this.crashed = false;
    this.show(model.start);
  }

  show(screen) {
    if (!this.model.screens[screen]) throw new Error(`the app has no screen "${screen}"`);
    this.screen = screen;
    this.shownAt = Date.now();
    this.generation++; // elements of a former screen are stale
    this.focused = null;
  }

  text(template) {
    return String(template ?? '').replace(/\{(\w+)\}/g, (_, name) => this.data[name] ?? '');
  }

  elements() {
    if (this.crashed) return [];
    const age = Date.now() - this.shownAt;
    return this.model.screens[this.screen].elements.map((definition, i) => ({
      definition,
      key: `${this.generation}:${i}`,
      class: definition.class ?? 'android.widget.TextView',
      text: definition.bind ? this.data[definition.bind] || definition.hint || '' : this.text(definition.text),
      resourceId: definition.id ? `${this.model.package}:id/${definition.id}` : '',
      description: definition.description ?? '',
      visible: (definition.visibleAfterMs ?? 0) <= age && (definition.showIf === undefined || !!this.data[definition.showIf]),
      rect: { x: 16, y: 80 + i * 64, width: 328, height: 48 },
    })).filter((element) => element.visible);
  }

  tap(element) {
    this.focused = element.definition.bind ?? null;
    for (const action of element.definition.onTap ?? []) {
      if (action.set) Object.assign(this.data, action.set);
      if (action.inc) this.data[action.inc] = Number(this.data[action.inc] ?? 0) + 1;
      if (action.crash) this.crashed = true;
      if (action.goto) this.show(action.goto);
    }
  }

  type(text) {
    if (this.focused) this.data[this.focused] = (this.data[this.focused] ?? '') + text;
  }
}

module.exports = { loadApp, RunningApp };
