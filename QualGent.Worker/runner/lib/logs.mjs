// What a process prints: kept in a file of bounded size, and handed on line by line at a bounded rate.
import fs from 'node:fs';

const FILE_BYTES = 16 * 1024 * 1024;
const LINE_CHARS = 4_000; // more than is shown: secrets are masked before the end is cut off
const LINES_PER_SECOND = 100;
const LINES_AT_ONCE = 1_000; // after a silence
const TAIL_LINES = 20;

export class LogSink {
  /** @param marks {{text: string, onMark: (file: string) => void, tell: (say: () => void) => void}=} where files begin, and how lines are told */
  constructor(file, stream, say, marks) {
    this.fd = fs.openSync(file, 'a', 0o600);
    this.stream = stream;
    this.say = marks ? (type, data) => marks.tell(() => say(type, data)) : say;
    this.marks = marks;
    this.left = FILE_BYTES;
    this.allowance = LINES_AT_ONCE;
    this.refilled = Date.now();
    this.dropped = 0;
    this.tail = [];
  }

  /** Calls `onLine` with every line, whatever the rate. Resolves when there are no more. */
  follow(readable, onLine = () => {}) {
    let rest = '';
    const ended = new Promise((resolve) => readable.once('close', resolve));
    readable.setEncoding('utf8');
    readable.on('data', (text) => {
      this.#keep(text);
      const lines = (rest + text).split('\n');
      rest = lines.pop().slice(-LINE_CHARS);
      for (const line of lines.flatMap((line) => this.#unmark(line))) {
        onLine(line);
        this.#tell(line);
      }
    });
    readable.on('end', () => { if (rest) this.#tell(rest); });
    readable.on('error', () => {});
    return ended;
  }

  // "printed without a line break<mark>tests/b.spec.ts<BEL>": what is in front belongs to the file before.
  #unmark(line) {
    const at = this.marks ? line.indexOf(this.marks.text) : -1;
    if (at < 0) return [line];
    if (at > 0) this.#tell(line.slice(0, at));
    this.marks.onMark(line.slice(at + this.marks.text.length).split('\u0007')[0]);
    return [];
  }

  close() {
    if (this.dropped) this.say('log', { stream: this.stream, dropped: this.dropped });
    fs.closeSync(this.fd);
    this.fd = null;
  }

  #keep(text) {
    if (this.left <= 0 || this.fd === null) return;
    try {
      fs.writeSync(this.fd, text.length > this.left ? text.slice(0, this.left) + '\n[cut here: the log is too long]\n' : text);
    } catch {
      this.left = 0; // full disk: the test goes on without its log
    }
    this.left -= text.length;
  }

  #tell(line) {
    this.tail.push(line.slice(0, LINE_CHARS));
    if (this.tail.length > TAIL_LINES) this.tail.shift();
    const now = Date.now();
    this.allowance = Math.min(LINES_AT_ONCE, this.allowance + ((now - this.refilled) * LINES_PER_SECOND) / 1000);
    this.refilled = now;
    const quiet = this.allowance < 1; // too fast to be followed live, but the whole log has it
    if (quiet && (this.left <= 0 || this.stream !== 'appwright')) {
      this.dropped++;
      return;
    }
    if (!quiet) this.allowance--;
    this.say('log', { stream: this.stream, text: line.slice(0, LINE_CHARS), dropped: this.dropped || undefined, quiet: quiet || undefined });
    this.dropped = 0;
  }
}
