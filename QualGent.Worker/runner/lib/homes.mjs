// The folders a batch lives in. Everything is generated below `out`, so that nothing of the host or of another batch is
// seen, and nothing is left behind when the worker deletes `out`.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { badging } from './apk.mjs';

const driver = fileURLToPath(new URL('../../virtual-device', import.meta.url));
const plugin = fileURLToPath(new URL('../policy-plugin', import.meta.url));

export function makeHomes(out) {
  const at = (name) => path.join(out, name);
  const homes = { home: at('home'), tmp: at('tmp'), screens: at('screens'), sdk: at('sdk'), appium: at('appium-home'), noAppium: at('no-appium-home') };
  for (const dir of Object.values(homes)) fs.mkdirSync(dir, { recursive: true, mode: 0o700 });
  return homes;
}

/** As much of an Android SDK as AppWright looks at: an emulator that lists one device, and aapt's answer for one APK. */
export function makeSdk(sdk, apk) {
  script(path.join(sdk, 'emulator', 'emulator'), `[ "$1" = -list-avds ] && echo virtual\nexit 0`);
  const tools = path.join(sdk, 'build-tools', '34.0.0');
  script(path.join(tools, 'aapt'), 'exec cat "${0%/*}/badging.txt"');
  if (apk) fs.writeFileSync(path.join(tools, 'badging.txt'), badging(apk));
}

/** Appium reads its extensions from one file; naming them there needs neither npm nor network. */
export function makeAppiumHome(home) {
  const cache = path.join(home, 'node_modules', '.cache', 'appium');
  fs.mkdirSync(cache, { recursive: true });
  const extension = (dir, more) => {
    const { name, version, appium, peerDependencies } = JSON.parse(fs.readFileSync(path.join(dir, 'package.json'), 'utf8'));
    return { pkgName: name, version, installType: 'local', installSpec: dir, installPath: dir, appiumVersion: peerDependencies.appium, mainClass: appium.mainClass, ...more(appium) };
  };
  const extensions = {
    drivers: { uiautomator2: extension(driver, ({ automationName, platformNames }) => ({ automationName, platformNames })) },
    plugins: { 'qualgent-policy': extension(plugin, () => ({})) },
    schemaRev: 4,
  };
  fs.writeFileSync(path.join(cache, 'extensions.yaml'), JSON.stringify(extensions, null, 1)); // JSON is YAML
}

function script(file, text) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}
