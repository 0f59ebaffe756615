// Installations, warm devices, and what a device can do wrong.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describe, test } from 'node:test';
import { makeSlot } from './support/project.mjs';
import { freePort, PASSING, Worker } from './support/worker.mjs';

const describeDevice = (slot, description) => fs.writeFileSync(path.join(slot.devices, 'virtual-1.json'), JSON.stringify(description));

async function passing(worker, files = PASSING) {
  const { events } = await worker.run(files);
  assert.equal(events.filter((e) => e.type === 'fileEnd' && e.status === 'passed').length, files.length);
}

describe('devices', { concurrency: 2 }, () => {
  test('a second batch of the same build installs nothing, another build does', async () => {
    const slot = makeSlot();
    const first = await Worker.start({ slot });
    await passing(first, [PASSING[0]]);
    assert.equal(first.of('installed').length, 1);
    await first.close({ keep: true });

    const warm = await Worker.start({ slot, app_installed: true });
    await passing(warm, PASSING.slice(0, 2));
    assert.deepEqual([warm.of('installed').length, warm.of('install_skipped').length], [0, 1]);
    assert.equal(warm.deviceLog('install').length, 1);
    await warm.close({ keep: true });

    const other = await Worker.start({ slot, app: 'notes-1.1.0.apk', app_installed: true }); // a wrong assumption
    await passing(other, PASSING.slice(0, 2));
    assert.deepEqual([other.of('installed').length, other.of('install_skipped').length], [1, 0]);
    assert.deepEqual(other.deviceLog('install').map((e) => e.versionName), ['1.0.0', '1.1.0']);
    await other.close();
  });

  test('reset full installs for every test', async () => {
    const worker = await Worker.start({ reset: 'full' });
    await passing(worker, PASSING.slice(0, 2));
    assert.equal(worker.of('installed').length, 2);
    assert.equal(worker.deviceLog('install').length, 2);
    await worker.close();
  });

  test('two devices at once, each with its own Appium and app', async () => {
    const slot = makeSlot();
    const other = makeSlot();
    const workers = await Promise.all([
      Worker.start({ slot, udid: 'virtual-1' }),
      Worker.start({ slot: { ...other, devices: slot.devices }, udid: 'virtual-2', app: 'notes-1.1.0.apk', system_port: 8202 }),
    ]);
    await Promise.all(workers.map((worker) => passing(worker)));
    assert.deepEqual(workers.map((worker) => worker.deviceLog('install').map((e) => e.versionName)), [['1.0.0'], ['1.1.0']]);
    assert.deepEqual(workers.map((worker) => worker.deviceLog('session').length), [3, 3]);
    await Promise.all(workers.map((worker) => worker.close({ keep: true })));
    slot.remove();
    other.remove();
  });

  test('a build that is no APK is refused before anything runs', async () => {
    const worker = await Worker.start({ app: 'broken.apk' });
    const { code, message } = worker.of('open_failed')[0];
    assert.equal(code, 'app_unreadable');
    assert.match(message, /broken\.apk is not an APK that can be installed: not a zip file/);
    assert.equal(await worker.close(), 0);
  });

  test('a device that refuses the installation', async () => {
    const slot = makeSlot();
    describeDevice(slot, { faults: { refuseInstall: true } });
    const worker = await Worker.start({ slot });
    const { end } = await worker.run(PASSING);
    assert.equal(end.reason, 'install_failed');
    assert.match(worker.of('install_failed')[0].message, /INSTALL_FAILED_INSUFFICIENT_STORAGE/);
    assert.deepEqual(worker.files('fileEnd'), []);
    await worker.close();
  });

  test('a device that goes away', async () => {
    const slot = makeSlot();
    describeDevice(slot, { faults: { lostAfterCommands: 12 } });
    const worker = await Worker.start({ slot });
    const { end } = await worker.run(PASSING);
    assert.equal(end.reason, 'device_lost');
    assert.match(worker.of('device_lost')[0].message, /device 'virtual-1' not found/);
    assert.equal(worker.of('fileEnd').filter((e) => e.status === 'failed').length, 0, 'no test is blamed');
    await worker.close();
  });

  test('an Appium that cannot start', async () => {
    const slot = makeSlot();
    fs.rmSync(path.join(slot.project, 'node_modules'));
    for (const [file, text] of [['appwright/dist/bin/index.js', 'setInterval(() => {}, 1000)'], ['appium/index.js', 'throw new Error("no such luck")']]) {
      fs.mkdirSync(path.dirname(path.join(slot.project, 'node_modules', file)), { recursive: true });
      fs.writeFileSync(path.join(slot.project, 'node_modules', file), text);
    }
    const worker = await Worker.start({ slot });
    const { end } = await worker.run(PASSING);
    assert.equal(end.reason, 'appium_died');
    assert.match(worker.of('appium_died')[0].message, /no such luck/);
    assert.equal(await worker.close(), 0);
  });

  test('a round that cannot even be prepared has an end too', async () => {
    const worker = await Worker.start({});
    fs.mkdirSync(path.join(worker.slot.project, `.qualgent-${worker.request.appium_port}.config.ts`)); // in the wrapper's place
    const { end } = await worker.run(PASSING);
    assert.deepEqual([end.reason, end.unstarted], ['spawn_failed', PASSING]);
    assert.match(end.message, /EISDIR/);
    assert.equal(await worker.close(), 0);
  });

  test('a port that answers already', async () => {
    const port = await freePort();
    const server = net.createServer().listen(port, '127.0.0.1');
    const worker = await Worker.start({ appium_port: port });
    assert.equal(worker.of('open_failed')[0].code, 'port_in_use');
    await worker.close();
    server.close();
  });
});
