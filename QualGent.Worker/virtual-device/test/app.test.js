'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { test } = require('node:test');
const { loadApp, RunningApp } = require('../app');
const { Device } = require('../device');
const { drawBars } = require('../png');
const { matcher } = require('../selectors');

const builds = path.join(__dirname, '../../../samples/notes/workspace/apps/qualgent');
const find = (app, strategy, selector) => app.elements().filter(matcher(strategy, selector));

test('an app is read from its APK, and another build is another app', () => {
  const [old, young] = ['1.0.0', '1.1.0'].map((version) => loadApp(path.join(builds, `notes-${version}.apk`)));
  assert.deepEqual([old.package, old.versionName, young.versionName], ['com.example.notes', '1.0.0', '1.1.0']);
  assert.notEqual(old.sha256, young.sha256);
  assert.equal(find(new RunningApp(young, {}), '-android uiautomator', 'textMatches("Version .*")')[0].text, 'Version 1.1.0');
});

test('a broken build cannot be installed', () => {
  assert.throws(() => loadApp(path.join(builds, 'broken.apk')), /INSTALL_PARSE_FAILED_NOT_APK/);
});

test('typing and tapping change what is shown', () => {
  const data = {};
  const app = new RunningApp(loadApp(path.join(builds, 'notes-1.0.0.apk')), data);
  app.tap(find(app, 'id', 'name')[0]);
  app.type('Ada');
  app.tap(find(app, '-android uiautomator', 'text("Get started")')[0]);
  assert.equal(find(app, 'xpath', '//*[contains(@text,"Hello")]')[0].text, 'Hello, Ada!');
  app.tap(find(app, 'xpath', '//android.widget.Button[@text="Add note"]')[0]);
  assert.equal(data.count, 1);
  app.tap(find(app, '-android uiautomator', 'new UiSelector().text("Crash")')[0]);
  assert.deepEqual(app.elements(), []);
});

test('a selector that is not understood is refused', () => {
  assert.equal(matcher('xpath', '//a/b[position()=1]'), null);
  assert.equal(matcher('-android uiautomator', 'scrollable(true)'), null);
});

test('a device keeps its state, and goes away when told', () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'qg-device-'));
  const device = new Device(dir, 'virtual-1');
  device.install({ package: 'a.b', versionName: '1', sha256: 'x' });
  assert.equal(new Device(dir, 'virtual-1').app('a.b').sha256, 'x');
  assert.equal(device.present, true);
  fs.writeFileSync(path.join(dir, 'virtual-1.json'), '{"online": false}');
  assert.equal(device.present, false);
  fs.writeFileSync(path.join(dir, 'virtual-1.json'), '{"onl'); // caught half-written
  assert.equal(device.present, false);
  fs.rmSync(path.join(dir, 'virtual-1.json'));
  device.lose();
  assert.equal(new Device(dir, 'virtual-1').present, false);
  fs.rmSync(dir, { recursive: true });
});

test('a screenshot is a PNG', () => {
  const png = drawBars(4, 4, [{ rect: { x: 0, y: 0, width: 2, height: 2 }, color: [1, 2, 3] }]);
  assert.equal(png.subarray(1, 4).toString(), 'PNG');
});
