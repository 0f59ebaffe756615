// The reporter's connection to the supervisor. It is opened before the user's config is loaded; the file that holds the
// secret is gone by then, and neither environment nor arguments ever held it. Test workers are forked later, without
// the variables that named the file.
'use strict';
const crypto = require('node:crypto');
const fs = require('node:fs');
const net = require('node:net');

let socket = null;
const unheard = []; // words that came before the reporter existed
let onWord = (word) => unheard.push(word);
let ending = false;
let mark = null;

// In front of a file's name on standard output: a sequence that terminals ignore, and that tests cannot know.
const markOf = (secret) => `\u001b]7773;${crypto.createHash('sha256').update(`mark ${secret}`).digest('hex').slice(0, 16)};`;

function open() {
  const file = process.env.QUALGENT_ROUND_SETUP;
  delete process.env.QUALGENT_ROLE;
  delete process.env.QUALGENT_ROUND_SETUP;
  let setup;
  try {
    setup = JSON.parse(fs.readFileSync(file, 'utf8'));
    fs.unlinkSync(file);
  } catch {
    return; // a Playwright that a test started for itself: it has no reporter of ours
  }
  // AppWright's command line cannot carry names with spaces, so it carries these two stand-ins.
  process.argv = process.argv.map((arg) => (arg === '@config' ? setup.config : arg === '@project' ? setup.project : arg));
  mark = markOf(setup.secret);
  socket = net.connect(setup.port, '127.0.0.1');
  socket.setEncoding('utf8');
  socket.write(setup.secret + '\n');
  socket.on('data', (text) => text.split('\n').filter(Boolean).forEach((word) => onWord(word)));
  socket.on('error', () => {});
  socket.on('close', () => { if (!ending) supervisorDied(); });
  socket.unref();
}

// Nobody is left to stop this run, so it stops itself: politely, then for certain.
function supervisorDied() {
  process.emit('SIGINT');
  setTimeout(() => process.exit(1), 3_000);
}

module.exports = {
  open,
  markOf,
  /** Shows on standard output that a file begins: what is printed from now on is its. */
  showBegin: (file) => mark && process.stdout.write(`${mark}${file}\u0007\n`),
  send: (line) => socket?.write(line),
  listen: (listener) => {
    onWord = listener;
    unheard.splice(0).forEach(listener);
  },
  end: () => new Promise((resolve) => {
    ending = true;
    if (!socket || socket.destroyed) return resolve();
    socket.ref();
    socket.once('close', resolve);
    socket.end();
  }),
};
