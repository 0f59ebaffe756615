'use strict';
// The driver: what Appium asks of a phone, answered by a Device and a RunningApp. Where the genuine UiAutomator2 driver
// (3.10) decides something, such as when to install, the same decision is made here.
const { BaseDriver, errors } = require('appium/driver');
const { loadApp, RunningApp } = require('./app');
const { Device } = require('./device');
const { drawBars } = require('./png');
const selectors = require('./selectors');

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
const SCREEN = { x: 0, y: 0, width: 360, height: 640 };
const sleep = (ms) => (ms ? new Promise((resolve) => setTimeout(resolve, ms)) : undefined);

class VirtualAndroidDriver extends BaseDriver {
  static executeMethodMap = {
    'mobile: clickGesture': { command: 'clickGesture', params: { optional: ['elementId', 'x', 'y'] } },
    'mobile: terminateApp': { command: 'terminateApp', params: { required: ['appId'] } },
    'mobile: activateApp': { command: 'activateApp', params: { required: ['appId'] } },
    'mobile: installApp': { command: 'installApp', params: { required: ['appPath'] } },
    'mobile: removeApp': { command: 'removeApp', params: { required: ['appId'] } },
    'mobile: isAppInstalled': { command: 'isAppInstalled', params: { required: ['appId'] } },
    'mobile: clearApp': { command: 'clearApp', params: { required: ['appId'] } },
    'mobile: scrollGesture': { command: 'scrollGesture' },
    'mobile: installedDigest': { command: 'installedDigest', params: { required: ['appId'] } },
  };

  locatorStrategies = selectors.names;

  desiredCapConstraints = { app: { isString: true }, appPackage: { isString: true }, udid: { isString: true } };

  // ---- sessions ----

  async createSession(...args) {
    const [sessionId, caps] = await super.createSession(...args);
    try {
      const { udid } = this.opts;
      if (!udid || !process.env.VIRTUAL_DEVICES_DIR) throw new errors.SessionNotCreatedError('a virtual device needs appium:udid, and VIRTUAL_DEVICES_DIR in the server\'s environment');
      this.device = new Device(process.env.VIRTUAL_DEVICES_DIR, udid);
      this.mustBePresent('session');
      const { sessionMs, model, osVersion } = this.device.describe();
      await sleep(sessionMs);
      this.device.log('session', { sessionId, app: this.opts.app, fullReset: !!this.opts.fullReset });
      await this.activateApp(await this.prepareApp());
      return [sessionId, { ...caps, udid, deviceUDID: udid, platformVersion: osVersion, deviceModel: model }];
    } catch (error) {
      await super.deleteSession(sessionId);
      throw error;
    }
  }

  // Given an app, it is installed anew in every session unless noReset forbids; given none, the data of what is
  // installed is cleared.
  async prepareApp() {
    const { app, appPackage, fullReset, noReset, skipUninstall } = this.opts;
    if (app) {
      const model = this.load(await this.helpers.configureApp(app, '.apk'));
      const installed = this.device.app(model.package);
      if (!noReset || !installed) {
        if (installed && !skipUninstall) this.device.uninstall(model.package);
        await this.install(model);
      }
      return model.package;
    }
    if (fullReset) throw new errors.SessionNotCreatedError('Full reset requires an app capability, use fastReset if app is not provided');
    if (!appPackage || !this.device.app(appPackage)) throw new errors.SessionNotCreatedError(`'${appPackage}' is not installed on ${this.device.udid}`);
    if (!noReset) this.device.clear(appPackage);
    return appPackage;
  }

  async deleteSession(sessionId) {
    if (this.device) {
      if (this.opts.fullReset && this.foreground) this.device.uninstall(this.foreground);
      this.device.log('endSession', { sessionId });
      this.device.save();
    }
    await super.deleteSession(sessionId);
  }

  async executeCommand(command, ...args) {
    if (this.device && command !== 'deleteSession' && command !== 'createSession') {
      await sleep(this.device.describe().commandMs);
      this.device.log('command', { command });
      this.device.commands++;
      if (this.device.commands === this.device.faults.crashAppAfterCommands && this.app) this.app.crashed = true;
      if (this.device.commands >= (this.device.faults.lostAfterCommands ?? Infinity)) this.device.lose();
      this.mustBePresent(command);
    }
    return super.executeCommand(command, ...args);
  }

  // ---- faults ----

  mustBePresent(event) {
    if (this.device.faults.lostOn === event) this.device.lose();
    if (!this.device.present) throw new errors.UnknownError(`adb: device '${this.device.udid}' not found`);
  }

  // ---- apps ----

  load(file) {
    try {
      return loadApp(file);
    } catch (error) {
      throw new errors.UnknownError(`Cannot install ${file}: Failure [${error.message}]`);
    }
  }

  async install(model) {
    await sleep(this.device.describe().installMs);
    this.mustBePresent('install');
    const { refuseInstall } = this.device.faults;
    if (refuseInstall) {
      const why = refuseInstall === true ? 'INSTALL_FAILED_INSUFFICIENT_STORAGE' : refuseInstall;
      this.device.log('installRefused', { package: model.package });
      throw new errors.UnknownError(`Cannot install ${model.package}: Failure [${why}]`);
    }
    this.device.install(model);
  }

  async activateApp(appId) {
    const installed = this.device.app(appId);
    if (!installed) throw new errors.UnknownError(`'${appId}' is not installed`);
    await sleep(this.device.describe().launchMs);
    this.mustBePresent('launch');
    this.foreground = appId;
    this.app = new RunningApp(installed.model, installed.data);
    if (this.device.faults.crashAppOnLaunch) this.app.crashed = true;
    this.device.log('launch', { package: appId });
  }

  async terminateApp(appId) {
    const ran = !!this.app && this.foreground === appId;
    this.app = null;
    return ran;
  }

  async installApp(appPath) { await this.install(this.load(appPath)); }

  async removeApp(appId) {
    const had = await this.isAppInstalled(appId);
    this.device.uninstall(appId);
    return had;
  }

  async isAppInstalled(appId) { return !!this.device.app(appId); }

  async clearApp(appId) { this.device.clear(appId); }

  /** What the runner asks before it trusts an app it did not install itself. */
  async installedDigest(appId) { return this.device.app(appId)?.sha256 ?? null; }

  // ---- elements ----

  elements() { return this.app?.elements() ?? []; }

  element(id) {
    const found = this.elements().find((e) => e.key === id);
    if (!found) throw new errors.StaleElementReferenceError(`element ${id} is no longer on the screen`);
    return found;
  }

  async findElOrEls(strategy, selector, many) {
    const matches = selectors.matcher(strategy, selector);
    if (!matches) throw new errors.InvalidSelectorError(`the virtual device does not understand this ${strategy}: ${selector}`);
    const found = this.elements().filter(matches).map((e) => ({ [ELEMENT]: e.key }));
    if (many) return found;
    if (!found.length) throw new errors.NoSuchElementError();
    return found[0];
  }

  async elementDisplayed(id) { return this.element(id).visible; }

  async elementEnabled(id) { return !!this.element(id); }

  async getText(id) { return this.element(id).text; }

  async getAttribute(name, id) { return selectors.attribute(this.element(id), name); }

  async getElementRect(id) { return this.element(id).rect; }

  async click(id) { this.app.tap(this.element(id)); }

  async setValue(text, id) {
    const { bind } = this.element(id).definition;
    if (!bind) throw new errors.InvalidElementStateError('this element takes no text');
    this.app.focused = bind;
    this.app.data[bind] = Array.isArray(text) ? text.join('') : String(text);
  }

  async clear(id) { this.app.data[this.element(id).definition.bind] = ''; }

  // ---- gestures and screen ----

  async performActions(sources) {
    const keys = sources.filter((source) => source.type === 'key').flatMap((source) => source.actions);
    for (const { type, value } of keys) if (type === 'keyDown') this.app?.type(value);
  }

  async releaseActions() {}

  async clickGesture(elementId, x, y) {
    if (elementId) return this.click(elementId);
    const hit = this.elements().find(({ rect }) => x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height);
    if (hit) this.app.tap(hit);
  }

  /** Every screen fits: there is nothing further to scroll to. */
  async scrollGesture() { return false; }

  async execute(script, args) { return this.executeMethod(script, args); }

  async getWindowRect() { return SCREEN; }

  async getScreenshot() {
    const colour = ({ class: name }) => (/Button/.test(name) ? [63, 110, 220] : /Edit/.test(name) ? [255, 255, 255] : [170, 178, 190]);
    return drawBars(SCREEN.width, SCREEN.height, this.elements().map((e) => ({ rect: e.rect, color: colour(e) }))).toString('base64');
  }

  async getPageSource() {
    const quote = (text) => text.replace(/[<>&"]/g, (c) => `&#${c.charCodeAt(0)};`);
    const nodes = this.elements().map((e) => `<${e.class} text="${quote(e.text)}" resource-id="${quote(e.resourceId)}" content-desc="${quote(e.description)}"/>`);
    return `<?xml version="1.0" encoding="UTF-8"?><hierarchy>${nodes.join('')}</hierarchy>`;
  }

  async getClipboard() { return Buffer.from(this.app?.data.clipboard ?? '').toString('base64'); }
}

module.exports = { VirtualAndroidDriver, default: VirtualAndroidDriver };
