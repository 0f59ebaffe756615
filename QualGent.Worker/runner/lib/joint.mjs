// Events come over TCP and lines over a pipe, so the two may overtake each other. The reporter marks in both where a file
// begins; whichever comes first waits here for the other, so that every line is told behind the beginning of its file.
// A mark may never come: somebody else's output is not ours to rely on. On a busy machine it may take seconds.
export const PATIENCE_MS = 5_000;

export class Joint {
  #marked = new Set();   // files whose mark was seen
  #begun = new Set();    // files whose beginning was told
  #events = [];          // held back, the first is a fileBegin whose mark is not there
  #lines = [];           // held back behind a mark whose fileBegin is not there
  #awaited = null;       // the file that the lines wait for
  #timer = null;

  event(event, tell) {
    this.#events.push([event, tell]);
    if (this.#events.length === 1) this.#forward();
  }

  line(tell) {
    if (this.#awaited === null) tell();
    else this.#lines.push(tell);
  }

  mark(file) {
    this.#marked.add(file);
    if (this.#awaited !== null) return void this.#lines.push(() => this.mark(file));
    if (this.#events.length && this.#events[0][0].file === file) this.#forward();
    if (!this.#begun.has(file)) {
      this.#awaited = file;
      this.#wait();
    }
  }

  /** Tells everything that is held back. */
  flush() {
    clearTimeout(this.#timer);
    this.#timer = null;
    for (const [event] of this.#events) if (event.type === 'fileBegin') this.#marked.add(event.file);
    this.#forward();
    this.#release();
  }

  #forward() {
    while (this.#events.length) {
      const [event, tell] = this.#events[0];
      if (event.type === 'fileBegin' && !this.#marked.has(event.file)) return this.#wait();
      this.#events.shift();
      tell();
      if (event.type !== 'fileBegin') continue;
      this.#begun.add(event.file);
      if (this.#awaited === event.file) this.#release();
    }
  }

  #release() {
    this.#awaited = null;
    while (this.#lines.length && this.#awaited === null) this.#lines.shift()();
  }

  #wait() {
    this.#timer ??= setTimeout(() => { this.#timer = null; this.flush(); }, PATIENCE_MS);
    this.#timer.unref?.();
  }
}
