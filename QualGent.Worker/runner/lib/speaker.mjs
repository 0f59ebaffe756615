// Everything the worker hears: one JSON object per line on standard output, and a copy in <out>/events.jsonl.
import fs from 'node:fs';
import path from 'node:path';

export class Speaker {
  #seq = 0;
  #copy = null;

  constructor(stream) {
    this.stream = stream;
    this.batch = null;
    this.round = 0;
  }

  copyTo(out) {
    this.#copy = fs.createWriteStream(path.join(out, 'events.jsonl'), { flags: 'a' });
    this.#copy.on('error', () => { this.#copy = null; }); // a full disk must not end the batch: the worker has the stream
  }

  say(type, data = {}, t = Date.now()) {
    const line = JSON.stringify({ v: 1, seq: this.#seq++, t, batch: this.batch, round: this.round, type, ...data }) + '\n';
    this.stream.write(line);
    if (type !== 'log') this.#copy?.write(line); // the logs are files already
  }

  async flush() {
    await new Promise((resolve) => (this.#copy ? this.#copy.end(resolve) : resolve()));
    await new Promise((resolve) => this.stream.write('', resolve));
  }
}
