// The live board: hears full pictures and changes, sorts, and marks what moved. It never asks for anything but bytes.
const WORDS = {
  id: {
    number: "Nomor peserta", name: "Nama", total: "Jumlah", rank: "No.", find: "Cari nomor peserta atau nama", turn: "Putar otomatis",
    left: "Sisa waktu", paused: "Dijeda", over: "Ujian selesai", updated: "diperbarui", lost: "Sambungan terputus; angka terakhir tetap tampil.",
    caption: "Skor sementara, terurut dari jumlah tertinggi; bukan hasil resmi", final: "Skor akhir sesi ini, terurut dari jumlah tertinggi; bukan hasil resmi",
    none: "Belum ada peserta yang masuk ruang.", unfound: "Tidak ada peserta yang cocok. Hapus isian pencarian.", hidden: "Skor ditampilkan setelah sesi ditutup.",
    states: { admitted: "siap", running: "mengerjakan", paused: "dijeda", submitted: "selesai", expired: "waktu habis", scored: "dinilai" }, other: "English",
  },
  en: {
    number: "Participant number", name: "Name", total: "Total", rank: "No.", find: "Find a participant number or name", turn: "Turn pages",
    left: "Time left", paused: "Paused", over: "Exam over", updated: "updated", lost: "Connection lost; the last figures stay on the screen.",
    caption: "Running scores, highest total first; not an official result", final: "Final scores of this sitting, highest total first; not an official result",
    none: "Nobody has entered the room yet.", unfound: "Nobody matches. Clear the search field.", hidden: "Scores are shown once the sitting is closed.",
    states: { admitted: "ready", running: "working", paused: "paused", submitted: "finished", expired: "time over", scored: "scored" }, other: "Bahasa Indonesia",
  },
};
const ZONES = { "Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT" };
const MARKED = 3_000;
const TURN = 10_000;
const GONE = 4410;

const $ = (id) => document.getElementById(id);
const reference = location.pathname.split("/")[2];
const people = new Map();
const lines = new Map();
let language = new URLSearchParams(location.search).get("lang") === "en" ? "en" : "id";
let words = WORDS[language];
let full = null;
let now = null; // the newest message: state, clock, moment
let heardAt = 0;
let tries = 0;
let turning = 0;

const cell = (kind, text, tag = "td") => {
  const made = document.createElement(tag);
  made.className = kind;
  made.textContent = text;
  if (tag === "th") made.scope = "col";
  return made;
};
const total = (row) => row.points.reduce((sum, part) => sum + part, 0);

const head = () => {
  const sections = full.sections.map(({ code }) => cell("wide", code, "th"));
  $("head").replaceChildren(cell("rank", words.rank, "th"), cell("who", words.number, "th"), cell("who wide", words.name, "th"), ...sections, cell("total", words.total, "th"));
};

const draw = (row) => {
  const line = lines.get(row.place) ?? document.createElement("tr");
  lines.set(row.place, line);
  const who = cell("who wide", row.name);
  const small = document.createElement("small");
  small.textContent = words.states[row.state] ?? "";
  who.append(small);
  const shown = full.sections.map((_, at) => cell("wide", row.points[at] ?? "–"));
  const number = cell("number", row.number); // a phone has no room for columns: the same in a line below
  number.append(cell("narrow", [row.name, ...full.sections.map(({ code }, at) => `${code} ${row.points[at] ?? "–"}`)].join(" · "), "small"));
  line.replaceChildren(cell("rank", ""), number, who, ...shown, cell("total", row.points.length ? total(row) : "–"));
  return line;
};

const mark = (line) => {
  line.classList.add("changed");
  clearTimeout(line.timer);
  line.timer = setTimeout(() => line.classList.remove("changed"), MARKED);
};

const order = () => {
  const sought = $("find").value.trim().toLowerCase();
  const sorted = [...people.values()].sort((a, b) => total(b) - total(a) || a.place - b.place);
  const ranked = sorted.map((row, at) => {
    lines.get(row.place).firstChild.textContent = at + 1;
    return row;
  });
  const found = ranked.filter((row) => `${row.number} ${row.name}`.toLowerCase().includes(sought));
  const body = $("rows");
  found.forEach((row, at) => {
    const line = lines.get(row.place);
    if (body.children[at] !== line) body.insertBefore(line, body.children[at] ?? null);
  });
  while (body.children.length > found.length) body.lastChild.remove();
  $("empty").hidden = found.length > 0;
  $("empty").textContent = people.size ? words.unfound : words.none;
};

const take = (message) => {
  if (message.t === "full") {
    full = message;
    const kept = new Set(full.rows.map((row) => row.place));
    for (const place of people.keys()) if (!kept.has(place)) people.delete(place) && lines.delete(place);
    speak();
  }
  now = message;
  heardAt = performance.now();
  for (const row of message.rows) {
    const before = people.get(row.place);
    people.set(row.place, row);
    if (before && JSON.stringify(before) === JSON.stringify(row) && message.t === "full") continue;
    const line = draw(row);
    if (before && total(before) !== total(row)) mark(line);
  }
  order();
  tick();
};

// Everything that is words, in the chosen language.
const speak = () => {
  words = WORDS[language];
  document.documentElement.lang = language;
  $("find-name").textContent = words.find;
  $("turn").textContent = words.turn;
  $("language").textContent = words.other;
  $("language").lang = language === "id" ? "en" : "id";
  if (!full) return;
  document.title = full.place;
  $("place").textContent = full.place;
  $("title").textContent = full.title;
  head();
  for (const row of people.values()) draw(row);
};

const two = (value) => String(value).padStart(2, "0");
const tick = () => {
  if (!now) return;
  const since = performance.now() - heardAt;
  const running = now.state === "running";
  const left = Math.max(0, now.remaining_ms - (running ? since : 0));
  const seconds = Math.ceil(left / 1_000);
  $("clock-name").textContent = running ? words.left : now.state === "paused" ? words.paused : words.over;
  $("clock").textContent = now.state === "scored" ? "" : `${two(Math.floor(seconds / 3600))}.${two(Math.floor(seconds / 60) % 60)}.${two(seconds % 60)}`;
  $("caption").textContent = now.state === "scored" ? words.final : [...people.values()].some((row) => row.points.length) ? words.caption : words.hidden;
  const at = new Date(now.at).toLocaleTimeString("id", { timeZone: full.zone, hour12: false }).replaceAll(":", ".");
  const late = since > 25_000;
  const text = `${late || !up ? words.lost + " " : ""}${words.updated} ${at} ${ZONES[full.zone] ?? full.zone}`;
  if ($("state").textContent !== text) $("state").textContent = text;
  $("state").toggleAttribute("data-lost", late || !up);
};

// A socket where it can be had; otherwise the cached picture every few seconds.
let up = false;
const listen = () => {
  const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/ws/papan/${reference}/`);
  socket.onmessage = ({ data }) => {
    up = true;
    tries = 0;
    take(JSON.parse(data));
  };
  socket.onclose = ({ code }) => {
    if (code === GONE) return location.reload();
    up = false;
    tries++;
    if (tries > 1) fetchWhole();
    setTimeout(listen, Math.min(15_000, 1_000 * 2 ** tries) * (0.5 + Math.random() / 2));
  };
};
const fetchWhole = async () => {
  try {
    const answer = await fetch(`/papan/${reference}/keadaan`);
    if (answer.ok) take(await answer.json());
  } catch {
    tick();
  }
};

$("find").oninput = order;
$("language").onclick = () => {
  language = language === "id" ? "en" : "id";
  history.replaceState(null, "", language === "en" ? "?lang=en" : location.pathname);
  speak();
  order();
  tick();
};
$("turn").onclick = () => {
  clearInterval(turning);
  const on = $("turn").getAttribute("aria-pressed") !== "true";
  $("turn").setAttribute("aria-pressed", on);
  turning = on && setInterval(() => {
    const end = innerHeight + scrollY >= document.documentElement.scrollHeight - 4;
    scrollTo(0, end ? 0 : scrollY + innerHeight * 0.8);
  }, TURN);
};

speak();
listen();
setInterval(tick, 500);
