'use strict';
// An Appium server plugin: the one place where the worker decides what a session may ask for. AppWright asks for a full
// reset with every session, which means one installation per test. With `reset: clear` the app is installed once and
// only its data is cleared between tests, and not even once when the device already carries the right build.
const fs = require('node:fs');
const path = require('node:path');
const { BasePlugin } = require('appium/plugin');
const { isDeviceLost, isInstallFailure } = require('./failures');

const policy = JSON.parse(process.env.QUALGENT_POLICY);

// The supervisor listens on a channel of its own, which tests do not have. When it is gone, this server is nobody's.
const tell = (type, data) => process.connected && process.send({ type, ...data });
if (!process.connected) process.exit(1); // it went while Appium was loading
process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM'); // Appium closes its sessions
  setTimeout(() => process.exit(1), 2_000);
});

let assumeInstalled = policy.installed; // only an assumption: every session looks at the device

class PolicyPlugin extends BasePlugin {
  async createSession(next, driver, ...args) {
    await this.endStaleSessions(driver);
    const all = args.filter((arg) => arg && typeof arg === 'object').map((arg) => arg.alwaysMatch ?? arg);
    for (const caps of all) force(caps);
    if (!policy.app) return next();
    if (policy.reset === 'full') return this.install(next, driver, all, true);
    if (assumeInstalled) {
      // Without the app the driver starts what is installed and clears its data (a fast reset).
      for (const caps of all) Object.assign(caps, { 'appium:app': undefined, 'appium:fullReset': false });
      const made = await next();
      if (made?.value && (await installedDigest(driver, made.value[0])) === policy.app.sha256) {
        tell('warm', { sha256: policy.app.sha256 });
        return made;
      }
      if (made?.value) await driver.deleteSession(made.value[0]);
      else if (isDeviceLost(made?.error)) return this.lost(made);
    }
    return this.install(next, driver, all, false);
  }

  async install(next, driver, all, fullReset) {
    for (const caps of all) Object.assign(caps, { 'appium:app': policy.app.path, 'appium:fullReset': fullReset });
    tell('installing', {});
    const began = Date.now();
    const made = await next();
    if (made?.value) {
      const digest = await installedDigest(driver, made.value[0]);
      if (digest !== undefined && digest !== policy.app.sha256) {
        tell('install_failed', { message: `after the installation the device carries ${digest ?? 'no such app'} instead of ${policy.app.sha256}` });
      } else {
        assumeInstalled = true;
        tell('installed', { sha256: policy.app.sha256, ms: Date.now() - began });
      }
    } else if (isDeviceLost(made?.error)) {
      return this.lost(made);
    } else if (isInstallFailure(made?.error)) {
      tell('install_failed', { message: made.error.message });
    }
    return made;
  }

  async deleteSession(next, driver, sessionId) {
    await this.keepLastScreen(driver, sessionId);
    return next();
  }

  async handle(next) {
    try {
      return await next();
    } catch (error) {
      if (isDeviceLost(error)) tell('device_lost', { message: error.message });
      throw error;
    }
  }

  lost(made) {
    tell('device_lost', { message: made.error.message });
    return made;
  }

  // A test process that was killed leaves its session behind, and UiAutomator2 allows one per device.
  async endStaleSessions(driver) {
    for (const id of Object.keys(driver.sessions ?? {})) {
      await driver.deleteSession(id).catch((error) => this.log.warn(`stale session ${id}: ${error.message}`));
    }
  }

  async keepLastScreen(driver, sessionId) {
    try {
      const png = await driver.sessions[sessionId].executeCommand('getScreenshot');
      const file = path.join(policy.screens, `${sessionId}.png`);
      fs.writeFileSync(file, Buffer.from(png, 'base64'));
      tell('screen', { path: file });
    } catch (error) {
      this.log.info(`no last screen: ${error.message}`);
    }
  }
}

function force(caps) {
  for (const [name, value] of Object.entries(policy.caps)) {
    if (value === null) delete caps[name];
    else caps[name] = value;
  }
}

/** The build on the device: its digest, null when there is none, undefined when this driver cannot tell. */
async function installedDigest(driver, sessionId) {
  try {
    return await driver.sessions[sessionId].executeCommand('execute', 'mobile: installedDigest', [{ appId: policy.app.package }]);
  } catch {
    return undefined;
  }
}

module.exports = { PolicyPlugin };
