// Counts down between two words of the server, on the browser's monotonic clock. Knows nothing of the page.
export const MARKS = [30, 15, 5, 1];
const MINUTE = 60_000;

export class Clock {
  #now;
  #left = 0;
  #since = 0;
  #seen = 0;
  running = false;

  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  // The server's word: milliseconds that remain, and whether they run.
  set(left, running) {
    this.#left = left;
    this.#since = this.#now();
    this.running = running;
    if (left > this.#seen) this.#seen = left;
  }

  stop() {
    this.set(this.remaining, false);
  }

  get remaining() {
    return Math.max(0, this.running ? this.#left - (this.#now() - this.#since) : this.#left);
  }

  // The mark in minutes that was passed since the last call, if any; each is told once.
  mark() {
    const left = this.remaining;
    const passed = MARKS.filter((m) => this.#seen > m * MINUTE && left <= m * MINUTE).pop();
    this.#seen = left;
    return passed ?? null;
  }
}

// 01:12:09; a started second counts whole, so that zero means over.
export const written = (ms) => {
  const s = Math.ceil(ms / 1000);
  return [s / 3600, (s / 60) % 60, s % 60].map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");
};
