import assert from "node:assert/strict";
import test from "node:test";
import { Outbox, memoryStore } from "../../../cat_exam/static/cat_exam/outbox.js";

const fresh = (store = memoryStore()) => Outbox.open(store, () => 77);
const numbers = (lines) => lines.map((line) => line.n);

test("lines are numbered from 1 without a gap", async () => {
  const box = await fresh();
  assert.deepEqual([box.add({ t: "answer" }).n, box.add({ t: "view" }).n, box.add({ t: "flag" }).n], [1, 2, 3]);
});

test("a line stays until the server acknowledges it", async () => {
  const box = await fresh();
  for (let i = 0; i < 4; i++) box.add({ t: "answer", item: i });
  assert.deepEqual(numbers(box.ack(2)), [1, 2]);
  assert.deepEqual(numbers(box.lines), [3, 4]);
  assert.deepEqual(box.ack(2), [], "an ack that comes twice drops nothing more");
});

test("a reload finds the same device, the waiting lines and the next number", async () => {
  const store = memoryStore();
  const before = await fresh(store);
  before.add({ t: "answer", item: 5, option: 9 });
  before.add({ t: "answer", item: 6, option: 8 });
  before.ack(1);
  await new Promise(setImmediate);
  const after = await Outbox.open(store, () => assert.fail("the device was kept"));
  assert.equal(after.device, 77);
  assert.deepEqual(after.lines, [{ t: "answer", item: 6, option: 8, n: 2 }]);
  assert.equal(after.add({ t: "view" }).n, 3);
});

test("after everything was acknowledged a reload counts on from the server's number", async () => {
  const box = await fresh();
  assert.deepEqual(box.meet(41), []);
  assert.equal(box.add({ t: "view" }).n, 42);
});

test("hello drops what the server already has, and keeps the rest", async () => {
  const box = await fresh();
  for (let i = 0; i < 5; i++) box.add({ t: "answer", item: i });
  assert.deepEqual(numbers(box.meet(3)), [1, 2, 3]);
  assert.deepEqual(box.batches().map(numbers), [[4, 5]]);
});

test("what waits is resent in order, in messages the server takes", async () => {
  const box = await fresh();
  for (let i = 0; i < 950; i++) box.add({ t: "view", item: i });
  const parts = box.batches();
  assert.deepEqual(parts.map((part) => part.length), [400, 400, 150]);
  assert.deepEqual(numbers(parts.flat()), Array.from({ length: 950 }, (_, i) => i + 1));
});

test("a final no drops that line alone", async () => {
  const box = await fresh();
  for (let i = 0; i < 3; i++) box.add({ t: "answer", item: i });
  assert.equal(box.refuse(2).item, 1);
  assert.equal(box.refuse(2), undefined);
  assert.deepEqual(numbers(box.lines), [1, 3]);
});

test("a storage that fails stops nothing, and is told", async () => {
  const broken = { ...memoryStore(), lasting: true, put: async () => Promise.reject(new Error("quota")) };
  const box = await fresh(broken);
  assert.equal(box.lasting, true);
  box.add({ t: "answer", item: 1 });
  await new Promise(setImmediate);
  assert.equal(box.size, 1);
  assert.equal(box.lasting, false);
});

test("purge leaves nothing for the next candidate", async () => {
  const store = memoryStore();
  const box = await fresh(store);
  box.add({ t: "answer", item: 1 });
  await box.purge();
  assert.equal(box.size, 0);
  assert.deepEqual((await store.load()).lines, []);
});
