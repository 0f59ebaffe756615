// Where the reporter's events arrive: loopback TCP, opened by a secret only the reporter's process has read.
import crypto from 'node:crypto';
import net from 'node:net';

const LINE_BYTES = 1024 * 1024;
const KNOWN = new Set(['begin', 'setup', 'fileBegin', 'fileEnd', 'testBegin', 'testEnd', 'stepBegin', 'stepEnd', 'output', 'attachments', 'error', 'yielded', 'end']);

export class EventServer {
  #round = null;

  async listen() {
    this.server = net.createServer((socket) => this.#accept(socket));
    await new Promise((resolve, reject) => this.server.once('error', reject).listen(0, '127.0.0.1', resolve));
    this.port = this.server.address().port;
  }

  /** One round, one secret, one connection. Returns what the reporter's process must be told. */
  expect({ onEvent, onForged }) {
    const secret = crypto.randomBytes(32).toString('hex');
    this.#round = { secret, onEvent, onForged, socket: null, closed: null, forged: false, words: [] };
    return { port: this.port, secret };
  }

  /** Says a word to the reporter, at once or as soon as it is there. */
  tell(word) {
    if (this.#round?.socket) this.#round.socket.write(word + '\n');
    else this.#round?.words.push(word);
  }

  /** Resolves when the reporter has said everything it had to say. */
  get drained() {
    return this.#round?.closed ?? Promise.resolve();
  }

  forget() {
    this.#round?.socket?.destroy();
    this.#round = null;
  }

  close() {
    this.forget();
    this.server?.close();
  }

  #accept(socket) {
    const round = this.#round;
    let text = '', trusted = false;
    const refuse = () => {
      socket.destroy();
      if (round && round === this.#round && !round.forged) {
        round.forged = true;
        round.onForged();
      }
    };
    socket.setEncoding('utf8');
    socket.on('error', () => {});
    socket.setTimeout(5_000, () => { if (!trusted) socket.destroy(); });
    socket.on('data', (chunk) => {
      text += chunk;
      const lines = text.split('\n');
      text = lines.pop();
      for (const line of lines) {
        if (!trusted) {
          if (!round || round.socket || !equal(line, round.secret)) return refuse();
          trusted = true;
          socket.setTimeout(0);
          round.socket = socket;
          for (const word of round.words) socket.write(word + '\n');
          round.closed = new Promise((resolve) => socket.once('close', resolve));
        } else if (round === this.#round) {
          this.#hear(round, line);
        }
      }
      if (text.length > (trusted ? LINE_BYTES : 200)) refuse();
    });
  }

  #hear(round, line) {
    let event;
    try {
      event = JSON.parse(line);
    } catch {
      return;
    }
    if (KNOWN.has(event.type)) round.onEvent(event);
  }
}

function equal(given, secret) {
  const digest = (s) => crypto.createHash('sha256').update(s).digest();
  return crypto.timingSafeEqual(digest(given), digest(secret));
}
