'use strict';
// Which of a driver's errors are about the device or the build, not about the test.

/** adb: device 'emulator-5554' not found · error: device offline · no devices/emulators found */
const isDeviceLost = (error) => !!error && !isAboutElements(error)
  && /\bdevice '[^']*' not found|\bdevice offline\b|no devices\/emulators found/i.test(error.message ?? '');

/** Failure [INSTALL_FAILED_INSUFFICIENT_STORAGE] · Failure [INSTALL_PARSE_FAILED_NOT_APK: …] · Cannot install …: */
const isInstallFailure = (error) => !!error && /\bINSTALL_(PARSE_)?FAILED|Cannot install|adb: failed to install/i.test(error.message ?? '');

// The message of these quotes the test's own selector, which may say anything.
const isAboutElements = (error) => /no such element|stale element|invalid selector/i.test(error.error ?? '');

module.exports = { isDeviceLost, isInstallFailure };
