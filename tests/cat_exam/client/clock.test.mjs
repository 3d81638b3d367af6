import assert from "node:assert/strict";
import test from "node:test";
import { Clock, written } from "../../../cat_exam/static/cat_exam/clock.js";

const MINUTE = 60_000;
const at = () => {
  let now = 5_000;
  const clock = new Clock(() => now);
  return { clock, wait: (ms) => (now += ms) };
};

test("the clock counts down only while it runs", () => {
  const { clock, wait } = at();
  clock.set(10_000, false);
  wait(4_000);
  assert.equal(clock.remaining, 10_000);
  clock.set(10_000, true);
  wait(4_000);
  assert.equal(clock.remaining, 6_000);
});

test("it never goes below zero", () => {
  const { clock, wait } = at();
  clock.set(1_000, true);
  wait(99_000);
  assert.equal(clock.remaining, 0);
});

test("stopping keeps what remains", () => {
  const { clock, wait } = at();
  clock.set(10_000, true);
  wait(3_000);
  clock.stop();
  wait(60_000);
  assert.equal(clock.remaining, 7_000);
});

test("the server's word replaces what was counted", () => {
  const { clock, wait } = at();
  clock.set(10 * MINUTE, true);
  wait(MINUTE);
  clock.set(20 * MINUTE, true);
  assert.equal(clock.remaining, 20 * MINUTE);
});

test("30, 15, 5 and 1 minutes are told, each once", () => {
  const { clock, wait } = at();
  clock.set(100 * MINUTE, true);
  const told = [];
  for (let i = 0; i < 101 * 4; i++) {
    wait(MINUTE / 4);
    const mark = clock.mark();
    if (mark !== null) told.push([mark, clock.remaining / MINUTE]);
  }
  assert.deepEqual(told, [[30, 30], [15, 15], [5, 5], [1, 1]]);
});

test("a reload in the middle tells only what is still to come", () => {
  const { clock, wait } = at();
  clock.set(20 * MINUTE, true);
  assert.equal(clock.mark(), null);
  wait(6 * MINUTE);
  assert.equal(clock.mark(), 15);
});

test("after a long gap only the nearest mark is told", () => {
  const { clock, wait } = at();
  clock.set(40 * MINUTE, true);
  clock.mark();
  wait(36 * MINUTE);
  assert.equal(clock.mark(), 5);
});

test("time given back may pass a mark again", () => {
  const { clock, wait } = at();
  clock.set(16 * MINUTE, true);
  wait(2 * MINUTE);
  assert.equal(clock.mark(), 15);
  clock.set(20 * MINUTE, true);
  wait(6 * MINUTE);
  assert.equal(clock.mark(), 15);
});

test("time is written in hours, minutes and started seconds", () => {
  assert.equal(written(6_000_000), "01:40:00");
  assert.equal(written(4_329_000), "01:12:09");
  assert.equal(written(1), "00:00:01");
  assert.equal(written(0), "00:00:00");
});
