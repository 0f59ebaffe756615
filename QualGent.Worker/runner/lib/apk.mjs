// Package, version and start activity of an APK, read from its binary manifest. AppWright asks aapt for them before
// every session; we read them once, so no Android SDK is needed and a broken build is found before any test runs.
import fs from 'node:fs';
import { createRequire } from 'node:module';

const { readEntry } = createRequire(import.meta.url)('./zip.cjs');

const STRINGS = 0x0001, RESOURCES = 0x0180, START = 0x0102, END = 0x0103, TYPE_STRING = 0x03, TYPE_INT = 0x10;
const UTF8 = 1 << 8;
// Attribute names may be stripped from a manifest; the numbers the platform gave them never are.
const NAMES = { 0x01010003: 'name', 0x0101021b: 'versionCode', 0x0101021c: 'versionName' };

export function readApk(file) {
  const manifest = readEntry(fs.readFileSync(file), 'AndroidManifest.xml');
  if (!manifest) throw new Error('it has no AndroidManifest.xml');
  const seen = { package: '', versionCode: '', versionName: '', activity: '' };
  let component = null, filter = null;
  for (const { kind, tag, attributes: a } of elements(manifest)) {
    if (kind === END) {
      if (tag === 'intent-filter' && component && filter?.has('android.intent.action.MAIN') && filter.has('android.intent.category.LAUNCHER')) seen.activity ||= component;
      if (tag === 'activity' || tag === 'activity-alias') component = null;
    } else if (tag === 'manifest') Object.assign(seen, { package: a.package ?? '', versionCode: a.versionCode ?? '', versionName: a.versionName ?? '' });
    else if (tag === 'activity' || tag === 'activity-alias') component = fullName(seen.package, a.name ?? '');
    else if (tag === 'intent-filter') filter = new Set();
    else if (tag === 'action' || tag === 'category') filter?.add(a.name);
  }
  if (!seen.package) throw new Error('its manifest names no package');
  if (!seen.activity) throw new Error('its manifest has no activity that the launcher could start');
  return seen;
}

/** The two lines of `aapt dump badging` that AppWright looks for. */
export function badging(apk) {
  return `package: name='${apk.package}' versionCode='${apk.versionCode}' versionName='${apk.versionName}'\n`
    + `launchable-activity: name='${apk.activity}'  label='' icon=''\n`;
}

// ".Main" and "Main" are short for "<package>.Main".
const fullName = (pkg, name) => (name.startsWith('.') ? pkg + name : name.includes('.') ? name : `${pkg}.${name}`);

function* elements(xml) {
  let strings = [], resources = [];
  for (let at = 8, size; at < xml.length; at += size) {
    const type = xml.readUInt16LE(at);
    size = xml.readUInt32LE(at + 4);
    if (size < 8) throw new Error('its manifest is damaged');
    if (type === STRINGS) strings = readStrings(xml.subarray(at, at + size));
    else if (type === RESOURCES) resources = Array.from({ length: (size - 8) / 4 }, (_, i) => xml.readUInt32LE(at + 8 + 4 * i));
    else if (type === START) yield { kind: START, tag: strings[xml.readUInt32LE(at + 20)], attributes: readAttributes(xml, at, strings, resources) };
    else if (type === END) yield { kind: END, tag: strings[xml.readUInt32LE(at + 20)] };
  }
}

function readAttributes(xml, element, strings, resources) {
  const found = {};
  const start = element + 16 + xml.readUInt16LE(element + 24);
  for (let i = 0, at = start; i < xml.readUInt16LE(element + 28); i++, at += xml.readUInt16LE(element + 26)) {
    const name = xml.readUInt32LE(at + 4), type = xml[at + 15], data = xml.readUInt32LE(at + 16);
    found[NAMES[resources[name]] ?? strings[name]] = type === TYPE_STRING ? strings[data] : type === TYPE_INT ? String(data) : '';
  }
  return found;
}

function readStrings(pool) {
  const count = pool.readUInt32LE(8), utf8 = pool.readUInt32LE(16) & UTF8, data = pool.readUInt32LE(20);
  return Array.from({ length: count }, (_, i) => {
    let at = data + pool.readUInt32LE(28 + 4 * i);
    if (utf8) {
      at += pool[at] & 0x80 ? 2 : 1; // the length in characters
      const long = pool[at] & 0x80, bytes = long ? ((pool[at] & 0x7f) << 8) | pool[at + 1] : pool[at];
      at += long ? 2 : 1;
      return pool.toString('utf8', at, at + bytes);
    }
    const first = pool.readUInt16LE(at), long = first & 0x8000;
    const chars = long ? ((first & 0x7fff) << 16) | pool.readUInt16LE(at + 2) : first;
    at += long ? 4 : 2;
    return pool.toString('utf16le', at, at + 2 * chars);
  });
}
