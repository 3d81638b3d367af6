// Just enough of node:test and node:assert for a browser.
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b) && (a === undefined) === (b === undefined);
const told = (message, a, b) => new Error(`${message ?? "not equal"}: ${JSON.stringify(a)} and ${JSON.stringify(b)}`);
const assert = {
  equal(a, b, message) {
    if (a !== b) throw told(message, a, b);
  },
  deepEqual(a, b, message) {
    if (!same(a, b)) throw told(message, a, b);
  },
  fail(message) {
    throw new Error(message);
  },
};
globalThis.setImmediate ??= (done) => setTimeout(done, 0);
globalThis.results ??= [];
export const test = (name, body) => globalThis.results.push([name, body]);
export { assert };
