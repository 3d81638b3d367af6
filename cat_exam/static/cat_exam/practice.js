// Practice for everybody: the exam's own screen on items that belong to nobody's exam.
import { $, Paper, fill, make, screen } from "./paper.js";
import { tryOut } from "./try.js";

const words = JSON.parse($("words").textContent);
const paper = new Paper(words);
const demo = await (await fetch(document.body.dataset.practice)).json();

const result = (answers) => {
  const points = (part) =>
    part.reduce((sum, item) => sum + (item.options.find(({ id }) => id === answers.get(item.id))?.points ?? 0), 0);
  const rows = demo.sections.map(({ code, name }) => {
    const part = demo.items.filter((item) => item.section === code);
    const most = part.reduce((sum, { options }) => sum + Math.max(...options.map((option) => option.points)), 0);
    const score = fill(words.worth, { n: points(part), of: most });
    return make("tr", {}, make("th", { scope: "row", textContent: `${code} · ${name}` }), make("td", { className: "num", textContent: score }));
  });
  $("scores").replaceChildren(...rows);
  screen("done");
};

const start = () => tryOut(paper, demo, result);
$("start").onclick = start;
$("again").onclick = start;
$("start").disabled = false;
