// The environment of the two programs a batch runs: what the worker allowed, and what is needed. Nothing of our own
// environment goes along, because it may hold the worker's secrets.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readyFile } from './appium.mjs';

const shims = fileURLToPath(new URL('../inside/shims', import.meta.url));
const preload = fileURLToPath(new URL('../inside/preload.cjs', import.meta.url));
const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const base = (open, homes) => ({
  PATH: [path.dirname(process.execPath), open.env?.PATH ?? SYSTEM_PATH].join(path.delimiter),
  HOME: homes.home, TMPDIR: homes.tmp, LANG: open.env?.LANG ?? 'C.UTF-8',
  ANDROID_HOME: homes.sdk, JAVA_HOME: '/nonexistent', // AppWright only wants it to be set
  QUALGENT_BATCH: open.batch,
});

export function appiumEnvironment(open, homes, app) {
  return {
    ...base(open, homes),
    APPIUM_HOME: homes.appium,
    QUALGENT_ROLE: 'appium',
    VIRTUAL_DEVICES_DIR: open.device.state_dir,
    QUALGENT_POLICY: JSON.stringify({
      caps: { 'appium:udid': open.device.udid, 'appium:systemPort': open.system_port, ...open.device.caps },
      app, reset: open.reset, installed: open.app_installed, screens: homes.screens,
    }),
  };
}

export function appwrightEnvironment(open, homes, setupFile) {
  const common = base(open, homes);
  return {
    ...open.env, ...common,
    PATH: [shims, common.PATH].join(path.delimiter),
    CI: '1', FORCE_COLOR: '0', WDIO_LOG_LEVEL: 'warn',
    APPIUM_HOME: homes.noAppium, // should a `driver uninstall` slip past the shim, it finds nothing
    NODE_OPTIONS: [`--require ${JSON.stringify(preload)}`, open.env?.NODE_OPTIONS].filter(Boolean).join(' '),
    QUALGENT_NODE: process.execPath, QUALGENT_NPX: realNpx(common.PATH),
    QUALGENT_APPIUM_PORT: String(open.appium_port), QUALGENT_APPIUM_READY: readyFile(open.out),
    QUALGENT_ROUND_SETUP: setupFile,
  };
}

const realNpx = (search) => search.split(path.delimiter).map((dir) => path.join(dir, 'npx')).find((file) => fs.existsSync(file)) ?? '/bin/false';
