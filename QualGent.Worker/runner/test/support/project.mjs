// The sample project as a slot of a worker sees it: a private copy, with the packages linked.
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../../..', import.meta.url));
export const sample = path.join(repository, 'samples/notes/workspace/tests/qualgent');
export const apps = path.join(repository, 'samples/notes/workspace/apps/qualgent');

/** node_modules for the sample's lock file, below artifacts/, shared by everybody who tests with it. */
export function installedPackages() {
  const key = crypto.createHash('sha256').update(fs.readFileSync(path.join(sample, 'package-lock.json'))).digest('hex').slice(0, 16);
  const folder = path.join(repository, 'artifacts/node-modules', key);
  if (!fs.existsSync(folder)) {
    const draft = `${folder}.${process.pid}`;
    fs.mkdirSync(draft, { recursive: true });
    for (const name of ['package.json', 'package-lock.json']) fs.copyFileSync(path.join(sample, name), path.join(draft, name));
    execFileSync('npm', ['ci', '--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund'], { cwd: draft, stdio: ['ignore', 'ignore', 'inherit'] });
    fs.renameSync(draft, folder);
  }
  return path.join(folder, 'node_modules');
}

/** A folder of one's own for one test: project copy, out, devices. */
export function makeSlot() {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'qg-runner-'));
  const project = path.join(root, 'project');
  fs.cpSync(sample, project, { recursive: true });
  fs.symlinkSync(installedPackages(), path.join(project, 'node_modules'));
  fs.mkdirSync(path.join(root, 'devices'));
  return { root, project, devices: path.join(root, 'devices'), remove: () => fs.rmSync(root, { recursive: true, force: true }) };
}

export function digest(file) {
  return crypto.createHash('sha256').update(fs.readFileSync(file)).digest('hex');
}
