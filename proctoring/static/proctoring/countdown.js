// How long until something closes, counted on this PC's monotonic clock from what the server said.
const two = (n) => String(n).padStart(2, "0");
const began = performance.now();
const nodes = [...document.querySelectorAll("[data-countdown]")];
const draw = () => {
  const gone = Math.floor((performance.now() - began) / 1000);
  for (const node of nodes) {
    const left = Number(node.dataset.countdown) - gone;
    const [hours, rest] = [Math.floor(left / 3600), left % 3600];
    const clock = `${hours ? `${hours}:` : ""}${two(Math.floor(rest / 60))}:${two(rest % 60)}`;
    const text = left > 0 ? node.dataset.left.replace("{n}", clock) : node.dataset.over;
    if (node.textContent !== text) node.textContent = text;
    if (left <= 0 && left > -2) setTimeout(() => location.reload(), 3000);
  }
};
if (nodes.length) { draw(); setInterval(draw, 1000); }
