// Keeps every line until the server has it. Knows nothing of the page, so that it can be tested anywhere.
import { MAX_BATCH } from "./protocol.js";

const PREFIX = "cat-hall-";

const asked = (request) =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });

// A store that forgets at a reload; used where the browser has no storage to give.
export const memoryStore = () => {
  const kept = new Map();
  let device = 0;
  return {
    lasting: false,
    load: async () => ({ device, lines: [...kept.values()] }),
    setDevice: async (value) => void (device = value),
    put: async (line) => void kept.set(line.n, line),
    remove: async (numbers) => numbers.forEach((n) => kept.delete(n)),
    purge: async () => kept.clear(),
  };
};

// One IndexedDB database per attempt.
export const browserStore = async (attempt) => {
  const opening = indexedDB.open(PREFIX + attempt, 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore("lines", { keyPath: "n" });
    opening.result.createObjectStore("facts");
  };
  const db = await asked(opening);
  db.onversionchange = () => db.close();
  const store = (name, mode = "readwrite") => db.transaction(name, mode).objectStore(name);
  return {
    lasting: true,
    load: async () => ({
      device: (await asked(store("facts", "readonly").get("device"))) || 0,
      lines: await asked(store("lines", "readonly").getAll()),
    }),
    setDevice: (value) => asked(store("facts").put(value, "device")),
    put: (line) => asked(store("lines").put(line)),
    remove: async (numbers) => {
      const lines = store("lines");
      numbers.forEach((n) => lines.delete(n));
    },
    purge: async () => {
      db.close();
      await asked(indexedDB.deleteDatabase(PREFIX + attempt));
    },
  };
};

// Shared PCs: nothing of an earlier candidate stays behind once somebody else has signed in.
export const purgeOthers = async (attempt) => {
  for (const { name } of (await indexedDB.databases?.()) ?? []) {
    if (name.startsWith(PREFIX) && name !== PREFIX + attempt) indexedDB.deleteDatabase(name);
  }
};

const randomDevice = () => (crypto.getRandomValues(new Uint32Array(1))[0] >>> 1) || 1;

export class Outbox {
  #store;
  #lines = new Map();
  #next = 1;

  static async open(store, random = randomDevice) {
    const box = new Outbox();
    const { device, lines } = await store.load();
    box.#store = store;
    box.device = device || random();
    if (!device) box.#quietly(store.setDevice(box.device));
    for (const line of lines.sort((a, b) => a.n - b.n)) box.#lines.set(line.n, line);
    box.#next = Math.max(0, ...box.#lines.keys()) + 1;
    box.lasting = store.lasting;
    return box;
  }

  // A store that fails must not stop the exam: the line is in memory and on its way to the server.
  #quietly(promise) {
    promise.catch(() => (this.lasting = false));
  }

  get size() {
    return this.#lines.size;
  }

  get lines() {
    return [...this.#lines.values()];
  }

  // Numbers a message, keeps it and gives it back ready to be sent.
  add(message) {
    const line = { ...message, n: this.#next++ };
    this.#lines.set(line.n, line);
    this.#quietly(this.#store.put(line));
    return line;
  }

  // A number for a message that is not kept (the last one of all).
  number() {
    return this.#next++;
  }

  #drop(lines) {
    for (const line of lines) this.#lines.delete(line.n);
    if (lines.length) this.#quietly(this.#store.remove(lines.map((line) => line.n)));
    return lines;
  }

  // The server has every line up to n; gives those that were waiting for it.
  ack(n) {
    return this.#drop(this.lines.filter((line) => line.n <= n));
  }

  // The server's final no to line n.
  refuse(n) {
    return this.#drop(this.lines.filter((line) => line.n === n))[0];
  }

  // What the server says at each hello: its highest stored line of this device.
  meet(highest) {
    const known = this.ack(highest);
    this.#next = Math.max(this.#next, highest + 1);
    return known;
  }

  // Everything that waits, in order, in messages the server takes.
  batches() {
    const waiting = this.lines;
    const parts = [];
    for (let i = 0; i < waiting.length; i += MAX_BATCH) parts.push(waiting.slice(i, i + MAX_BATCH));
    return parts;
  }

  async purge() {
    this.#lines.clear();
    await this.#store.purge().catch(() => {});
  }
}
