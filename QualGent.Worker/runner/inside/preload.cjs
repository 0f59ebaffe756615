// NODE_OPTIONS=--require …/preload.cjs: loaded by every Node process below appwright, before anybody else's code.
'use strict';
const net = require('node:net');

// 1. AppWright talks to an Appium on the fixed port 4723. Each device has an Appium of its own, so the connection is
// aimed there. It happens below http, got, node-fetch and fetch: whichever client is used, it comes through here.
const APPWRIGHT_PORT = 4723;
const port = Number(process.env.QUALGENT_APPIUM_PORT);
const isLoopback = (host) => !host || host === 'localhost' || host === '127.0.0.1' || host === '::1' || host === '0.0.0.0';
if (port) {
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function (...args) {
    const options = Array.isArray(args[0]) ? args[0][0] : args[0];
    if (options && typeof options === 'object' && Number(options.port) === APPWRIGHT_PORT && isLoopback(options.host)) {
      options.host = '127.0.0.1';
      options.port = port;
    }
    return connect.apply(this, args);
  };
}

// 2. The one process that runs the reporter (the npx shim names it) takes its secret before anything else can.
if (process.env.QUALGENT_ROLE === 'reporter') require('./channel.cjs').open();
