// The live room: keeps tiles, counts and calls as the server says; the socket only listens, polling stands in for it.
const page = document.querySelector("[data-room]");
const data = JSON.parse(document.getElementById("room-data").textContent);
const words = data.words;
const language = document.documentElement.lang;
const $ = (selector, root = page) => root.querySelector(selector);
const all = (selector, root = page) => [...root.querySelectorAll(selector)];

// --- what is known
const tiles = new Map();
let room = null;
let calls = [];
let offset = 0; // hall time − this clock, milliseconds
const hall = () => Date.now() + offset;

// --- nodes by seat, once
const nodes = new Map();
for (const node of all("[data-ref]")) {
  const list = nodes.get(node.dataset.ref) ?? [];
  list.push({ node, word: $("[data-word]", node), shape: $("[data-shape]", node), age: $("[data-age]", node), left: $("[data-left]", node), answered: $("[data-answered]", node), place: $("[data-place]", node), seat: $(".seat", node), find: node.dataset.find.toLowerCase() });
  nodes.set(node.dataset.ref, list);
}
const icons = new Map([...document.querySelectorAll("template[data-icon]")].map((node) => [node.dataset.icon, node.content]));

// --- words of time
const two = (n) => String(n).padStart(2, "0");
const clockOf = (ms) => {
  const s = Math.max(0, Math.floor(ms / 1000));
  return `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
};
const span = (ms) => {
  const s = Math.max(0, Math.floor(ms / 1000));
  const [second, minute] = language === "en" ? ["s", "min"] : ["dtk", "mnt"];
  return s < 120 ? `${s} ${second}` : `${Math.floor(s / 60)} ${minute}`;
};
const setText = (node, text) => { if (node && node.textContent !== text) node.textContent = text; };

// --- drawing
const drawTile = (tile) => {
  const kind = data.kinds[tile.kind];
  for (const part of nodes.get(tile.ref) ?? []) {
    if (part.node.dataset.kind !== tile.kind) {
      part.node.dataset.kind = tile.kind;
      setText(part.word, kind.word);
      part.shape.replaceChildren(icons.get(tile.kind).cloneNode(true));
      if (part.seat) part.seat.className = `seat seat--${kind.tone}`;
    }
    part.seat?.classList.toggle("seat--paired", Boolean(tile.station || tile.moved));
    setText(part.place, tile.station ? `${words.wrong_seat}: ${tile.station}` : tile.moved ? `${words.moved} ${tile.moved}` : (tile.faults ?? []).map((code) => data.faults[code]).join(", "));
    setText(part.answered, String(tile.answered));
  }
};
const drawTimes = () => {
  const now = hall();
  for (const tile of tiles.values()) {
    const left = tile.ends ? clockOf(tile.ends - now) : tile.left !== null && room.state === "running" ? clockOf(tile.left) : "";
    const open = tile.kind === "working" || tile.kind === "disconnected" || tile.kind === "paused";
    let age = "";
    if (tile.kind === "disconnected" && tile.gone) age = `${words.gone} ${span(now - tile.gone)}`;
    else if (open && tile.saved && now - tile.saved > 10_000) age = `${words.saved} ${span(now - tile.saved)} ${words.ago}`;
    for (const part of nodes.get(tile.ref) ?? []) {
      setText(part.left, open ? left : "");
      setText(part.age, age);
    }
  }
  const zone = $("[data-clock]");
  if (zone) setText(zone, new Intl.DateTimeFormat(language === "en" ? "en-GB" : "id-ID", { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: data.zone, timeZoneName: "short" }).format(now));
};

// --- filter
const chosen = new Set();
let sought = "";
let behind = false; // only seats that are not ready yet
const drawFilter = () => {
  const counts = {};
  let seen = 0;
  for (const tile of tiles.values()) counts[tile.kind] = (counts[tile.kind] ?? 0) + 1;
  for (const button of all(".kind[data-kind]")) {
    const count = counts[button.dataset.kind] ?? 0;
    setText($("[data-count]", button), String(count));
    button.hidden = !count && !chosen.has(button.dataset.kind);
  }
  const ready = counts.ready ?? 0;
  setText($("[data-ready-count]"), words.ready.replace("{n}", ready).replace("{all}", tiles.size));
  setText($("[data-behind-count]"), String(tiles.size - ready));
  for (const tile of tiles.values()) {
    const parts = nodes.get(tile.ref) ?? [];
    const fits = !(behind && tile.kind === "ready") && (!chosen.size || chosen.has(tile.kind)) && (!sought || parts[0]?.find.includes(sought));
    seen += fits ? 1 : 0;
    for (const part of parts) part.node.hidden = !fits;
  }
  const none = $("[data-none]");
  if (none) none.hidden = seen > 0;
};
page.addEventListener("click", (event) => {
  const kind = event.target.closest(".kind[data-kind]");
  if (kind) {
    if (!chosen.delete(kind.dataset.kind)) chosen.add(kind.dataset.kind);
    kind.setAttribute("aria-pressed", String(chosen.has(kind.dataset.kind)));
    drawFilter();
  }
  const late = event.target.closest("[data-behind]");
  if (late) {
    behind = !behind;
    late.setAttribute("aria-pressed", String(behind));
    drawFilter();
  }
  const view = event.target.closest("[data-view]");
  if (view) show(view.dataset.view);
});
$("[data-search]")?.addEventListener("input", (event) => { sought = event.target.value.trim().toLowerCase(); drawFilter(); });
const show = (view) => {
  const [map, table] = [$("[data-map]"), $("[data-table]")];
  if (!map || !table) return;
  map.hidden = view !== "map";
  table.hidden = view !== "table";
  for (const button of all("[data-view]")) button.setAttribute("aria-pressed", String(button.dataset.view === view));
  try { localStorage.setItem("room-view", view); } catch { /* a locked browser keeps nothing */ }
};

// --- what needs a person
const callAddress = (call) => (call.code === "time_request" ? data.time : data.byId[call.code] ? data.byId[call.code].replace("ID", call.id) : call.ref ? data.seat.replace("REF", call.ref) : data.resume);
const drawCalls = () => {
  const list = $("[data-calls]");
  const known = new Map([...list.children].map((node) => [node.dataset.call, node]));
  const drawn = calls.map((call, index) => {
    const key = `${call.code}:${call.ref}:${call.id}`;
    const node = known.get(key) ?? document.createElement("li");
    if (!known.has(key)) {
      node.className = "call";
      node.dataset.call = key;
      const link = document.createElement("a");
      link.href = callAddress(call);
      link.dataset.sheet = "";
      const where = document.createElement("b");
      where.textContent = call.label ? `${words.seat} ${call.label}` : document.querySelector("h1").firstChild.textContent.trim();
      const what = document.createElement("span");
      what.textContent = data.calls[call.code];
      link.append(where, " ", what);
      node.append(link);
    }
    const link = node.querySelector("a");
    if (index < 9) link.dataset.key = String(index + 1); else delete link.dataset.key;
    return node;
  });
  if (drawn.length !== list.children.length || drawn.some((node, index) => list.children[index] !== node)) list.replaceChildren(...drawn);
  setText($("[data-call-count]"), String(calls.length));
  $("[data-no-calls]").hidden = calls.length > 0;
};

// --- frames
const take = (frame) => {
  offset = frame.now - Date.now();
  if (frame.t === "room") tiles.clear();
  for (const tile of frame.seats) { tiles.set(tile.ref, tile); drawTile(tile); }
  if (frame.room) {
    const before = room;
    room = frame.room;
    // The buttons of the exam's life are the server's: a changed state is a new page, unless a sheet is open.
    if (before && (before.state !== room.state || before.paused !== room.paused)) reload();
  }
  if (frame.calls) { calls = frame.calls; drawCalls(); }
  drawFilter();
  drawTimes();
};
let wanted = false;
const reload = () => {
  if (sheet.open || page.contains(document.activeElement?.closest("input"))) { wanted = true; return; }
  location.reload();
};

$("[data-search]")?.addEventListener("blur", () => { if (wanted) location.reload(); });

// --- socket, and polling while there is none
const state = (text, old = false) => { setText($("[data-link]"), text); page.classList.toggle("room--old", old); };
let tries = 0;
let polling = 0;
const poll = async () => {
  try {
    const answer = await fetch(data.snapshot, { headers: { Accept: "application/json" }, redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    take({ t: "room", ...(await answer.json()) });
    state(words.polling);
  } catch { state(words.lost, true); }
};
const connect = () => {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${data.socket}`);
  socket.addEventListener("message", (event) => {
    const frame = JSON.parse(event.data);
    if (frame.t === "refused") { state(frame.text, true); return; }
    tries = 0;
    clearInterval(polling);
    polling = 0;
    state(words.live);
    take(frame);
  });
  socket.addEventListener("close", (event) => {
    if (event.code >= 4400 && event.code < 4500) { page.classList.add("room--old"); return; }
    if (!polling) { polling = setInterval(poll, 3000); poll(); }
    tries += 1;
    setTimeout(connect, Math.min(1000 * 2 ** Math.min(tries, 4), 15_000) * (0.7 + Math.random() * 0.6));
  });
};

// --- sheets: the same pages, beside the map
const sheet = document.getElementById("lembar");
const body = sheet.querySelector("[data-sheet-body]");
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-sheet]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  try {
    const answer = await fetch(link.href, { headers: { "HX-Request": "true" }, redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
    body.replaceChildren(...drawn.body.childNodes);
    if (!sheet.open) sheet.showModal();
    body.querySelector("h2")?.focus();
  } catch { location.assign(link.href); }
});
sheet.addEventListener("close", () => { body.replaceChildren(); if (wanted) location.reload(); });

let view = "map";
try { view = localStorage.getItem("room-view") ?? "map"; } catch { /* nothing was kept */ }
show(view);
take({ t: "room", ...data.first });
setInterval(drawTimes, 1000);
connect();
