// Behaviour of the shared components; every page also works without it.
const words = document.documentElement.lang === "en"
  ? { close: "Close", chosen: "selected", none: "Select rows in the table.", keys: "Keyboard shortcuts", log: "Notifications so far",
      ready: "chosen", sending: "Sending", sent: "sent", big: "is larger than", failed: "The file was not sent; choose it again.", copied: "Copied." }
  : { close: "Tutup", chosen: "dipilih", none: "Pilih baris di tabel.", keys: "Tombol pintas", log: "Pemberitahuan sejauh ini",
      ready: "dipilih", sending: "Mengirim", sent: "terkirim", big: "lebih besar dari", failed: "Berkas belum terkirim; pilih sekali lagi.", copied: "Tersalin." };

const each = (selector, act, root = document) => root.querySelectorAll(selector).forEach(act);
const typing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

// --- what this tab remembers belongs to one person: on a shared PC the next one starts with nothing
const person = document.body.dataset.person ?? "";
if (sessionStorage.getItem("person") !== person) {
  sessionStorage.clear();
  sessionStorage.setItem("person", person);
}

// --- dialogs
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open-dialog]");
  if (opener) { document.getElementById(opener.dataset.openDialog)?.showModal(); return; }
  const closer = event.target.closest("[data-close-dialog]");
  if (closer) { closer.closest("dialog")?.close(); return; }
  if (event.target.closest("[data-print]")) window.print();
  const copier = event.target.closest("[data-copy]");
  if (copier) {
    const text = document.querySelector(copier.dataset.copy)?.textContent.trim() ?? "";
    navigator.clipboard?.writeText(text).then(() => toast("ok", words.copied));
  }
});

// --- toasts: shown, then kept in a log of this tab
const LOG = "toast-log";
const remember = (text) => {
  const log = JSON.parse(sessionStorage.getItem(LOG) ?? "[]");
  log.unshift({ at: new Date().toLocaleTimeString(document.documentElement.lang), text });
  sessionStorage.setItem(LOG, JSON.stringify(log.slice(0, 50)));
};
const dress = (node) => {
  remember(node.querySelector("p").textContent.trim());
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--quiet button--small";
  button.textContent = words.close;
  button.addEventListener("click", () => node.remove());
  node.append(button);
  if (!node.classList.contains("toast--stop")) setTimeout(() => node.matches(":hover, :focus-within") || node.remove(), 12000);
};
export function toast(tone, text) {
  const box = document.getElementById("toasts");
  if (!box) return;
  const node = document.createElement("div");
  node.className = `toast toast--${tone}`;
  const line = document.createElement("p");
  line.textContent = text;
  node.append(line);
  box.append(node);
  dress(node);
}
document.addEventListener("toast", (event) => toast(event.detail.tone, event.detail.text));
const drawLog = () => {
  const log = JSON.parse(sessionStorage.getItem(LOG) ?? "[]");
  const place = document.querySelector(".site-foot__in, .desk-side");
  if (!log.length || !place || document.querySelector(".toast-log")) return;
  const part = document.createElement("section");
  part.className = "toast-log";
  part.setAttribute("aria-label", words.log);
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = words.log;
  const list = document.createElement("ol");
  log.forEach((entry) => { const item = document.createElement("li"); item.textContent = `${entry.at} · ${entry.text}`; list.append(item); });
  list.tabIndex = 0;
  details.append(summary, list);
  part.append(details);
  place.append(part);
};

// --- tables: select all, bulk bar
const count = (form) => {
  const bar = form?.querySelector("[data-bulk-bar]");
  if (!bar) return;
  const chosen = form.querySelectorAll(".pick[name]:checked").length;
  bar.querySelector("[data-bulk-count]").textContent = chosen ? `${chosen} ${words.chosen}` : words.none;
};
document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-select-all]");
  const form = event.target.closest("form");
  if (all) each(`input[type=checkbox][name="${CSS.escape(all.dataset.selectAll)}"]`, (box) => { box.checked = all.checked; }, form ?? all.closest("table"));
  if (event.target.matches(".pick")) count(form);
  if (event.target.closest("[data-autosubmit]")) form?.requestSubmit();
});

// --- file drop with progress (sends by itself only where data-drop holds an address)
const size = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
const sendFile = (drop, input, state) => {
  const bar = document.createElement("progress");
  bar.max = 1;
  state.replaceChildren(`${words.sending} ${input.files[0].name} `, bar);
  const body = new FormData(input.form);
  const request = new XMLHttpRequest();
  request.open("POST", drop.dataset.drop);
  request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; });
  request.addEventListener("load", () => { if (request.status < 300) { location.assign(request.responseURL || location.href); } else { state.textContent = request.getResponseHeader("X-Reason") ?? words.failed; } });
  request.addEventListener("error", () => { state.textContent = words.failed; });
  request.send(body);
};
each("[data-drop]", (drop) => {
  const input = drop.querySelector("input[type=file]");
  const state = drop.querySelector("[data-drop-state]");
  if (!input || !state) return;
  const chosen = () => {
    const file = input.files[0];
    if (!file) { state.textContent = ""; return; }
    const limit = Number(input.dataset.limit ?? 0);
    if (limit && file.size > limit) { state.textContent = `${file.name} (${size(file.size)}) ${words.big} ${size(limit)}.`; input.value = ""; return; }
    state.textContent = `${file.name} (${size(file.size)}) ${words.ready}.`;
    if (drop.dataset.drop) sendFile(drop, input, state);
  };
  input.addEventListener("change", chosen);
  for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("is-over"); });
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("is-over"));
  drop.addEventListener("drop", (event) => { event.preventDefault(); input.files = event.dataTransfer.files; chosen(); });
});

// --- keys: data-key on buttons and links, j/k over rows, ? lists them
const showKeys = () => {
  let dialog = document.getElementById("tombol-pintas");
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.id = "tombol-pintas";
    dialog.className = "dialog";
    const body = document.createElement("div");
    body.className = "dialog__in";
    const title = document.createElement("h2");
    title.textContent = words.keys;
    const list = document.createElement("div");
    list.className = "keys";
    each("[data-key]", (node) => {
      const key = document.createElement("kbd");
      key.textContent = node.dataset.key.toUpperCase();
      const what = document.createElement("span");
      what.textContent = node.getAttribute("aria-label") ?? node.textContent.trim();
      list.append(key, what);
    });
    const button = document.createElement("button");
    button.className = "button";
    button.dataset.closeDialog = "";
    button.textContent = words.close;
    body.append(title, list, button);
    dialog.append(body);
    document.body.append(dialog);
  }
  dialog.showModal();
};
const step = (by) => {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return;
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[Math.min(Math.max(here + by, 0), rows.length - 1)];
  (next.querySelector("a, button, input") ?? next).focus();
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "?" && document.querySelector("[data-key]")) { event.preventDefault(); showKeys(); return; }
  if (event.key === "j" || event.key === "k") { step(event.key === "j" ? 1 : -1); return; }
  const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (target) { event.preventDefault(); target.focus(); target.click(); }
});

// --- unsaved input survives a reload
each("[data-keep]", (form) => {
  const name = `keep:${location.pathname}:${form.dataset.keep}`;
  const kept = JSON.parse(sessionStorage.getItem(name) ?? "{}");
  for (const [key, value] of Object.entries(kept)) {
    const field = form.elements.namedItem(key);
    if (field && "value" in field && !field.value && field.type !== "password") field.value = value;
  }
  form.addEventListener("input", () => {
    const now = {};
    each("input:not([type=password]):not([type=file]):not([type=hidden]):not([type=checkbox]):not([type=radio]), textarea, select", (field) => { if (field.name) now[field.name] = field.value; }, form);
    sessionStorage.setItem(name, JSON.stringify(now));
  });
  form.addEventListener("submit", () => sessionStorage.removeItem(name));
});

// --- on load
const menu = document.querySelector("[data-menu]");
if (menu && window.matchMedia("(max-width: 59.99rem)").matches) menu.removeAttribute("open");
document.querySelector("[data-focus]")?.focus();
drawLog();
each("[data-toast]", dress);
