// What must be true before a batch starts. Each refusal has a code for the worker and a sentence for people.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { readApk } from './apk.mjs';
import { answers } from './appium.mjs';

export class Refusal extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** @returns what was learned: the project's real folder and the app's manifest */
export async function check(open) {
  checkMessage(open);
  const projectDir = fs.realpathSync(open.project_dir);
  for (const [code, file] of [
    ['config_missing', open.config], ['appwright_missing', 'node_modules/appwright/dist/bin/index.js'], ['appium_missing', 'node_modules/appium/index.js'],
  ]) {
    if (!fs.existsSync(path.join(projectDir, file))) throw new Refusal(code, `${file} is not in the project`);
  }
  const apk = open.app && await checkApp(open.app);
  if (await answers(open.appium_port)) throw new Refusal('port_in_use', `port ${open.appium_port} already answers: another Appium, or the rest of a former batch, uses it`);
  return { projectDir, apk };
}

function checkMessage(open) {
  const bad = (what) => { throw new Refusal('bad_open', what); };
  if (open.v !== 1) bad(`this supervisor speaks version 1, not ${open.v}`);
  if (!/^[\w-]{1,100}$/.test(open.batch ?? '')) bad('batch must be a plain name');
  for (const name of ['out', 'project_dir', 'groups_file']) if (!path.isAbsolute(open[name] ?? '')) bad(`${name} must be an absolute path`);
  // AppWright hands paths below `out` to a shell, unquoted.
  if (!/^[\w./@+:,-]+$/.test(open.out)) bad(`out may hold only letters, digits and ./@+:,-_ : ${open.out}`);
  if (path.isAbsolute(open.config ?? '/') || open.config.split('/').includes('..')) bad('config must be a path inside the project');
  if (typeof open.project !== 'string' || !open.project) bad('project must name a Playwright project');
  if (open.device?.kind !== 'virtual') bad(`a device of kind "${open.device?.kind}" is not supported`);
  if (!open.device.udid || !path.isAbsolute(open.device.state_dir ?? '')) bad('device needs udid and state_dir');
  if (!Number.isInteger(open.appium_port)) bad('appium_port must be a number');
  if (!['clear', 'full'].includes(open.reset)) bad('reset must be clear or full');
  if (!(open.test_timeout_ms > 0)) bad('test_timeout_ms must be above 0');
}

async function checkApp(app) {
  if (!fs.existsSync(app.path)) throw new Refusal('app_missing', `there is no app at ${app.path}`);
  const digest = crypto.createHash('sha256');
  for await (const chunk of fs.createReadStream(app.path)) digest.update(chunk);
  const actual = digest.digest('hex');
  if (actual !== app.sha256) throw new Refusal('app_changed', `${path.basename(app.path)} has the digest ${actual}, the job asks for ${app.sha256}`);
  let apk;
  try {
    apk = readApk(app.path);
  } catch (error) {
    throw new Refusal('app_unreadable', `${path.basename(app.path)} is not an APK that can be installed: ${error.message}`);
  }
  if (app.package && app.package !== apk.package) throw new Refusal('app_changed', `${path.basename(app.path)} is ${apk.package}, the job asks for ${app.package}`);
  return apk;
}
