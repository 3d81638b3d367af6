// Draws the paper: one item, the number grid, sections, review. Tells its owner what the candidate does.
import { written } from "./clock.js";

export const $ = (id) => document.getElementById(id);
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
export const make = (tag, props = {}, ...inside) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...inside);
  return node;
};

// One of the page's screens; its heading takes the focus, so that it is read out.
export const screen = (name) => {
  document.body.dataset.screen = name;
  for (const part of document.querySelectorAll("[data-screen-of]")) {
    part.hidden = !part.dataset.screenOf.split(" ").includes(name);
  }
  document.querySelector(`section[data-screen-of="${name}"] h1`)?.focus();
};

// Said once by a screen reader; nothing is drawn. A line each, so that two at the same moment are both heard.
export const say = (text) => {
  const line = make("p", { textContent: text });
  $("said").append(line);
  setTimeout(() => line.remove(), 5_000);
};

// The second click of a double click does not do a second thing: skip an item, take a flag away, say yes.
const once = (event) => {
  if (event.detail !== 2 || !event.target.closest(".foot, .sheet, #fold")) return;
  event.preventDefault();
  event.stopPropagation();
};
addEventListener("click", once, true);

export class Paper {
  items = [];
  answers = new Map();
  flags = new Set();
  waiting = new Set();
  index = 0;
  #shown = 0;
  #locked = false;

  // on: view(item), answer(item, option, ms), flag(item, on), end()
  constructor(words) {
    this.words = words;
    $("options").addEventListener("change", (event) => this.#choose(Number(event.target.value)));
    $("prev").onclick = () => this.show(this.index - 1);
    $("next").onclick = () => (this.index + 1 < this.items.length ? this.show(this.index + 1) : this.review());
    $("flag").onclick = () => this.#flag();
    $("finish").onclick = () => this.review();
    $("back").onclick = () => this.#open(this.index);
    $("end").onclick = () => {
      $("sure").returnValue = ""; // an earlier yes is not this one's
      $("sure").showModal();
    };
    $("sure").onclose = () => $("sure").returnValue === "yes" && this.on.end();
    $("fold").onclick = () => {
      const open = $("side").classList.toggle("is-open");
      $("fold").setAttribute("aria-expanded", open);
    };
    $("grid").onclick = (event) => event.target.dataset.i && this.#open(Number(event.target.dataset.i));
    $("grid").addEventListener("keydown", (event) => this.#walk(event));
    $("letters").checked = localStorage.getItem("cat-letters") !== "off";
    $("letters").onchange = () => localStorage.setItem("cat-letters", $("letters").checked ? "on" : "off");
    addEventListener("keydown", (event) => this.#key(event));
  }

  load(sections, items) {
    this.items = items;
    this.answers.clear();
    this.flags.clear();
    this.waiting.clear();
    this.index = 0;
    $("grid").replaceChildren(
      ...items.map((_, i) => make("li", {}, make("button", { type: "button", className: "cell", textContent: i + 1 }))),
    );
    this.cells = [...$("grid").querySelectorAll("button")];
    this.cells.forEach((cell, i) => (cell.dataset.i = i));
    this.parts = sections.map(({ code, name }) => {
      const places = items.flatMap((item, i) => (item.section === code ? [i] : []));
      const count = make("b");
      const button = make("button", { type: "button", title: name }, code, " ", count);
      button.onclick = () => this.#open(places[0]);
      return { places, count, button };
    });
    $("sections").replaceChildren(...this.parts.map(({ button }) => make("li", {}, button)));
    this.refresh();
  }

  // What is answered, flagged and not yet stored; the screen follows.
  restore(answers, flags, waiting) {
    Object.assign(this, { answers, flags, waiting });
    this.refresh();
    const chosen = answers.get(this.items[this.index]?.id);
    for (const radio of $("options").querySelectorAll("input")) radio.checked = Number(radio.value) === chosen;
  }

  refresh() {
    const { cell: words } = this.words;
    this.items.forEach(({ id }, i) => {
      const cell = this.cells[i];
      const answered = this.answers.has(id);
      const told = [answered ? words.answered : words.empty];
      if (this.waiting.has(id)) told.push(words.waiting);
      else if (answered) told.push(words.stored);
      if (this.flags.has(id)) told.push(words.flagged);
      const label = `${fill(words.number, { n: i + 1 })}, ${told.join(", ")}`;
      if (cell.ariaLabel === label) return;
      cell.ariaLabel = label;
      cell.classList.toggle("is-answered", answered);
      cell.classList.toggle("is-waiting", this.waiting.has(id));
      cell.classList.toggle("is-flagged", this.flags.has(id));
    });
    for (const { places, count } of this.parts) {
      count.textContent = `${places.filter((i) => this.answers.has(this.items[i].id)).length}/${places.length}`;
    }
    $("flag").setAttribute("aria-pressed", this.flags.has(this.items[this.index]?.id));
  }

  show(index, { focus = true } = {}) {
    if (!(index in this.items)) return;
    const item = this.items[index];
    this.#mark(index);
    $("where").textContent = fill(this.words.where, { n: index + 1, of: this.items.length });
    $("topic").textContent = [item.section, item.topic].filter(Boolean).join(" · ");
    $("item").lang = item.lang || "id";
    $("stem").innerHTML = item.stem;
    $("options").replaceChildren(...item.options.map((option, i) => this.#option(item, option, i)));
    $("prev").disabled = index === 0;
    this.refresh();
    $("item").scrollTop = 0;
    if (focus) {
      $("where").focus({ preventScroll: true });
      if ($("item").getBoundingClientRect().top < 0) $("where").scrollIntoView();
    }
    this.#shown = performance.now();
    this.on.view(item);
  }

  #option(item, { id, html }, i) {
    const radio = make("input", { type: "radio", name: "option", value: id });
    radio.checked = this.answers.get(item.id) === id;
    const letter = make("span", { className: "option__letter", textContent: "ABCDEFGHIJ"[i] });
    return make("label", { className: "option" }, radio, letter, make("span", { className: "option__text", innerHTML: html }));
  }

  #mark(index) {
    this.cells[this.index].removeAttribute("aria-current");
    this.cells[index].setAttribute("aria-current", "true");
    this.cells.forEach((cell, i) => (cell.tabIndex = i === index ? 0 : -1));
    this.index = index;
  }

  #open(index) {
    screen("work");
    $("side").classList.remove("is-open");
    $("fold").setAttribute("aria-expanded", "false");
    this.show(index);
  }

  #choose(option) {
    if (this.#locked) return;
    const item = this.items[this.index];
    this.answers.set(item.id, option);
    this.on.answer(item, option, Math.round(performance.now() - this.#shown));
    this.refresh();
  }

  #flag() {
    const { id } = this.items[this.index];
    const on = !this.flags.has(id);
    if (on) this.flags.add(id);
    else this.flags.delete(id);
    this.on.flag(this.items[this.index], on);
    this.refresh();
  }

  // Nothing can be changed any more, or for the moment.
  lock(on) {
    this.#locked = on;
    for (const id of ["options", "flag", "finish", "end"]) $(id).disabled = on;
  }

  // Left and right: item; up and down: option; A–E and R only with the focus inside the item (WCAG 2.1.4).
  #key(event) {
    const { key, target } = event;
    if (event.ctrlKey || event.altKey || event.metaKey || document.body.dataset.screen !== "work") return;
    if ($("item").hidden || $("grid").contains(target) || document.querySelector("dialog[open]")) return;
    const radios = [...$("options").querySelectorAll("input")];
    const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (step) {
      event.preventDefault();
      if (!event.repeat) this.show(this.index + step);
    } else if ((key === "ArrowDown" || key === "ArrowUp") && target === $("where")) {
      event.preventDefault();
      (radios.find((radio) => radio.checked) ?? radios.at(key === "ArrowDown" ? 0 : -1)).focus();
    } else if ($("letters").checked && $("item").contains(target) && !this.#locked) {
      const radio = radios["abcde".indexOf(key.toLowerCase())];
      if (radio && !radio.checked) radio.click();
      if (radio) radio.focus();
      if (key.toLowerCase() === "r" && !event.repeat) this.#flag();
    }
  }

  #walk(event) {
    const wide = getComputedStyle($("grid")).gridTemplateColumns.split(" ").length;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -wide, ArrowDown: wide };
    const from = this.cells.indexOf(event.target);
    const to = { Home: 0, End: this.cells.length - 1 }[event.key] ?? from + steps[event.key];
    if (!(to in this.cells)) return;
    event.preventDefault();
    this.cells[from].tabIndex = -1;
    this.cells[to].tabIndex = 0;
    this.cells[to].focus();
  }

  // Lists what is unanswered, flagged and not yet stored, before the end.
  review() {
    const lists = {
      unanswered: ({ id }) => !this.answers.has(id),
      flagged: ({ id }) => this.flags.has(id),
      unsaved: ({ id }) => this.waiting.has(id),
    };
    for (const [name, test] of Object.entries(lists)) {
      const numbers = this.items.flatMap((item, i) => (test(item) ? [i] : []));
      if ($(name).dataset.now === String(numbers)) continue; // keeps the focus where it is
      $(name).dataset.now = numbers;
      $(name).hidden = !numbers.length;
      $(name).querySelector("b").textContent = numbers.length;
      const buttons = numbers.map((i) => {
        const button = make("button", { type: "button", className: "button", textContent: i + 1 });
        button.ariaLabel = this.cells[i].ariaLabel;
        button.onclick = () => this.#open(i);
        return make("li", {}, button);
      });
      $(name).querySelector("ul").replaceChildren(...buttons);
    }
    const answered = this.items.filter(({ id }) => this.answers.has(id)).length;
    $("tally").textContent = fill(this.words.tally, { n: answered, of: this.items.length });
    if (document.body.dataset.screen !== "review") screen("review");
  }

  time(ms) {
    $("clock").textContent = written(ms);
    $("clock").parentElement.classList.toggle("is-short", ms <= 300_000);
  }
}
