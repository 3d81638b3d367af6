// The exam: joins the paper, the outbox, the clock and the socket. The server decides; this page shows and keeps.
import { arrange, fetchBundle, openBundle } from "./bundle.js";
import { Clock } from "./clock.js";
import { Outbox, browserStore, memoryStore, purgeOthers } from "./outbox.js";
import { $, Paper, fill, make, say, screen } from "./paper.js";
import { Code, State, answer, batch, finish, flag, focusLost, oath, ready, view } from "./protocol.js";
import { showScore } from "./score.js";
import { Socket } from "./socket.js";
import { tryOut } from "./try.js";

const SLOW = 3_000; // longer than this, "saving" would no longer be honest
const facts = document.body.dataset;
const words = JSON.parse($("words").textContent);
const clock = new Clock();
const stored = { answers: new Map(), flags: new Set() };
const shown = new Set();
let state = State.ADMITTED;
let paperOpen = false;
let body = null; // promise of the bundle's bytes
let resumeAt = null;
let savedAt = 0;
let progress = 0; // when the server last stored something, or the first line began to wait
let oathTaken = false;
let finishing = false;
let finishN = 0; // the number of the last line of all
let stopTrial = () => {};

await purgeOthers(facts.attempt).catch(() => {});
const box = await Outbox.open(await browserStore(facts.attempt).catch(() => memoryStore()));
let leftovers = box.size;

const COUNTED = ["answer", "clear", "flag"];
const waiting = () => box.lines.filter((line) => COUNTED.includes(line.t));
const subject = (line) => (line.t === "flag" ? "flag" : "answer") + line.item;
const newest = new Map(waiting().map((line) => [subject(line), line.n]));
const add = (message) => {
  const line = box.add(message);
  if (COUNTED.includes(line.t)) newest.set(subject(line), line.n);
  return line;
};

// What the candidate does
const record = (message) => {
  if (state !== State.RUNNING || finishing || !clock.remaining) return;
  if (!box.size) progress = performance.now();
  socket.send(add(message));
  refresh();
};

const paper = new Paper(words);
const exam = {
  view: (item) => record(view(0, item.id)),
  answer: (item, option, ms) => record(answer(0, item.id, option, ms)),
  flag: (item, on) => record(flag(0, item.id, on)),
  end: () => {
    finishing = true;
    paper.lock(true);
    refresh();
    endIfAllStored();
  },
};

const endIfAllStored = (again = false) => {
  if (!finishing || box.size || (finishN && !again)) return;
  finishN ||= box.number();
  socket.send(finish(finishN));
};

let leftAt = 0;
const watchFocus = () => {
  const away = document.hidden || !document.hasFocus();
  if (away && !leftAt) leftAt = performance.now();
  if (away || !leftAt) return;
  record(focusLost(0, Math.round(performance.now() - leftAt)));
  leftAt = 0;
};
for (const name of ["blur", "focus"]) addEventListener(name, () => setTimeout(watchFocus, 0));
document.addEventListener("visibilitychange", watchFocus);

// The back button stays on the page; leaving asks only where something would be lost.
addEventListener("popstate", () => history.pushState(null, ""));
addEventListener("beforeunload", (event) => waiting().length && event.preventDefault());

// What the screen says
const apply = (line, { answers, flags }) => {
  if (line.t === "answer") answers.set(line.item, line.option);
  if (line.t === "clear") answers.delete(line.item);
  if (line.t === "flag") line.on ? flags.add(line.item) : flags.delete(line.item);
};

// What the server has, and over it what is still on its way.
const restore = () => {
  const seen = { answers: new Map(stored.answers), flags: new Set(stored.flags) };
  for (const line of box.lines) apply(line, seen);
  paper.restore(seen.answers, seen.flags, new Set(waiting().map((line) => line.item)));
};

const time = new Intl.DateTimeFormat("id", { timeZone: facts.zone, hour: "2-digit", minute: "2-digit", second: "2-digit" });
const refresh = () => {
  if (!paperOpen) return;
  const lines = waiting();
  const late = !socket.up || performance.now() - progress > SLOW;
  const now = !lines.length ? "saved" : late ? "unsaved" : "saving";
  const line = $("saving");
  if (now === "unsaved" && line.dataset.state !== now) say(words.lost);
  if (now === "saved" && line.dataset.state === "unsaved") say(words.allStored);
  const text = fill(words[now], { n: lines.length, at: time.format(savedAt).replaceAll(":", "."), zone: facts.zoneName });
  if (line.textContent !== text) line.textContent = text;
  line.dataset.state = now;
  paper.waiting = new Set(lines.map(({ item }) => item));
  paper.refresh();
  if (facts.screen === "review" && !finishing) paper.review();
  $("lost").hidden = socket.up || facts.screen === "done";
  $("ending").hidden = !finishing;
};

const banner = (tone, text) => {
  if ([...$("banners").querySelectorAll(".banner__body")].some((old) => old.textContent === text)) return;
  const close = make("button", { type: "button", className: "button button--small", textContent: words.close });
  const note = make("div", { className: `banner banner--${tone}` }, make("p", { className: "banner__body", textContent: text }), close);
  close.onclick = () => note.remove();
  $("banners").append(note);
  say(text);
};

const check = (name, tone, text = words.checks[name][tone]) => {
  const row = $(`check-${name}`);
  row.dataset.state = tone;
  row.querySelector("span").textContent = text;
};

const stop = (title, text) => {
  socket.close();
  clock.stop();
  stopTrial();
  $("stop-title").textContent = title;
  $("stop-text").textContent = text;
  $("stem").textContent = "";
  $("options").replaceChildren();
  screen("stop");
  $("lost").hidden = true;
};

const pause = (on) => {
  const was = $("item").hidden;
  if (on) {
    $("sure").close();
    screen("work"); // also out of the review: that the clock stands is said in one place
  }
  $("paused").hidden = !on;
  $("item").hidden = on;
  paper.lock(on || finishing || !clock.remaining);
  paper.time(clock.remaining);
  if (was && !on) $("where").focus();
};

// What the server says
const resend = () => {
  if (![State.RUNNING, State.PAUSED, State.EXPIRED].includes(state)) return;
  for (const part of box.batches()) socket.send(batch(part));
  endIfAllStored(true);
};

const preflight = () => socket.send(ready(box.lasting, window.screen.width, window.screen.height, Date.now(), socket.latency));
const prepare = (bundle) => {
  check("bundle", "wait");
  body = fetchBundle(bundle);
  body.then(
    () => {
      check("bundle", "ok");
      preflight();
    },
    () => {
      check("bundle", "bad");
      body = null;
      setTimeout(() => body ?? prepare(bundle), 3_000);
    },
  );
};

const LATER = [Code.BUSY, Code.PAUSED]; // the same line once more, later
const AGAIN = [...LATER, Code.NUMBER_CONFLICT, Code.NUMBER_SKIPPED];
let soon = 0;
const on = {
  welcome(m) {
    if (!m.writer) return on.fenced();
    box.meet(m.highest_n);
    stored.answers = new Map(m.answers);
    stored.flags = new Set(m.flags);
    state = m.state;
    resumeAt = box.lines.findLast((line) => line.item)?.item ?? m.last_item; // unsent lines know it better
    savedAt = m.server_time;
    progress = performance.now();
    check("socket", "ok");
    if (m.oath) on.oath_taken();
    if (m.remaining_ms !== null) clock.set(m.remaining_ms, state === State.RUNNING);
    if ([State.SUBMITTED, State.EXPIRED, State.SCORED].includes(state)) {
      resend();
      return on.ended();
    }
    if (paperOpen) {
      restore();
      pause(state === State.PAUSED);
    }
    if (!body) prepare(m.bundle);
    else if (!paperOpen) body.then(preflight);
    resend();
  },

  async start(m) {
    if (state === State.ADMITTED) state = State.RUNNING;
    clock.set(m.remaining_ms, state === State.RUNNING);
    if (paperOpen) return refresh();
    let bundle;
    while (!bundle) {
      try {
        bundle = await openBundle(await body, m.key);
      } catch {
        await new Promise((again) => setTimeout(again, 500));
      }
    }
    if (paperOpen) return;
    stopTrial();
    $("sure").close();
    paper.on = exam;
    paper.load(bundle.sections, arrange(bundle, m.order, m.options));
    paperOpen = true;
    screen("work");
    history.pushState(null, "");
    pause(state === State.PAUSED);
    restore();
    paper.show(Math.max(0, paper.items.findIndex(({ id }) => id === resumeAt)));
  },

  saved(m) {
    for (const line of box.ack(m.n)) apply(line, stored);
    savedAt = m.at;
    progress = performance.now();
    $("delayed").hidden = true;
    // Lines from before a reload may have been overtaken by another PC: read what counts once they are settled.
    if (leftovers && !box.size) {
      leftovers = 0;
      return socket.restart();
    }
    refresh();
    endIfAllStored();
    if (state === State.EXPIRED && !box.size) box.purge();
  },

  clock(m) {
    const was = state;
    state = m.state;
    clock.set(m.remaining_ms, state === State.RUNNING);
    $("begun").hidden = paperOpen || oathTaken || state !== State.RUNNING;
    if (!paperOpen) return;
    pause(state === State.PAUSED);
    if (state !== was) say(state === State.PAUSED ? words.paused : words.resumed);
    if (was === State.PAUSED) resend();
  },

  notice(m) {
    if (m.kind !== "message" || shown.has(m.number)) return;
    shown.add(m.number);
    banner("info", m.text);
  },

  oath_taken() {
    oathTaken = true;
    check("oath", "ok");
    $("oath").hidden = true;
    $("begun").hidden = true;
  },

  async ended(m) {
    state = m?.state ?? state;
    clock.stop();
    finishing = false;
    stopTrial();
    if (!box.size || state === State.SUBMITTED) box.purge();
    if (facts.screen === "done") return;
    screen("done");
    await showScore(facts.score, () => new Promise((done) => (on.score = done)));
    if (!box.size) socket.close();
  },

  refused(m) {
    if (m.code === Code.READ_ONLY) return on.fenced();
    if (m.code === Code.REMOVED) {
      $("return").hidden = true;
      return stop(words.stopped, m.text);
    }
    if (m.n && m.n === finishN) {
      finishN = 0;
      finishing = AGAIN.includes(m.code);
      pause(state === State.PAUSED);
    }
    const line = m.n && !LATER.includes(m.code) && box.refuse(m.n);
    if (AGAIN.includes(m.code)) {
      // Not stored under this number; where nothing newer was said about the item, it is said again.
      if (line && newest.get(subject(line)) === m.n) add(line);
      clearTimeout(soon);
      if (m.code !== Code.PAUSED) soon = setTimeout(resend, m.code === Code.BUSY ? 500 + Math.random() * 1_000 : 100);
    } else if (m.code !== Code.TRY_AGAIN) banner("warn", m.text);
    if (paperOpen) {
      restore();
      refresh();
    }
  },

  delayed() {
    $("delayed").hidden = false;
  },

  fenced() {
    stop(words.elsewhere, words.elsewhereText);
  },
};

const socket = new Socket({
  csrf: facts.csrf,
  device: box.device,
  on: {
    message: (m) => on[m.t]?.(m),
    up: () => refresh(),
    down: () => {
      check("socket", "bad");
      refresh();
    },
    out: (text) => stop(words.stopped, text || words.stoppedText),
  },
});

// The room's waiting page
$("agree").onchange = () => ($("swear").disabled = !$("agree").checked);
$("swear").onclick = () => socket.send(oath()) || say(words.lost);
$("try").onclick = async () => {
  const demo = await (await fetch(facts.practice)).json();
  if (!paperOpen) stopTrial = tryOut(paper, { ...demo, ...demo.tutorial }, () => screen("lobby"));
};

let wall = Date.now() - performance.now();
setInterval(() => {
  // A closed lid stops the monotonic clock: the server tells the time again.
  const drift = Date.now() - performance.now();
  if (Math.abs(drift - wall) > 2_000) socket.restart();
  wall = drift;
  if (!paperOpen || facts.screen === "done" || facts.screen === "stop") return;
  paper.time(clock.remaining);
  const mark = clock.mark();
  if (mark) say(fill(words.minutes, { n: mark }));
  const over = clock.running && !clock.remaining;
  if (over) paper.lock(true);
  $("over").hidden = !over;
  refresh();
}, 250);

socket.open();
