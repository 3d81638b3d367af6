// The paper without an exam: nothing is sent, nothing is stored. For the tutorial item and for practice.
import { Clock } from "./clock.js";
import { $, screen } from "./paper.js";

// Gives a function that stops the try; done(answers) is called when the candidate or the time ends it.
export const tryOut = (paper, { sections, items, seconds }, done) => {
  const clock = new Clock();
  clock.set(seconds * 1000, true);
  const tick = () => {
    paper.time(clock.remaining);
    if (!clock.remaining) finish();
  };
  const timer = setInterval(tick, 250);
  const stop = () => clearInterval(timer);
  const finish = () => {
    stop();
    $("sure").close();
    done(paper.answers);
  };
  paper.on = { view() {}, answer() {}, flag() {}, end: finish };
  paper.lock(false);
  paper.load(sections, items);
  $("saving").dataset.state = "none";
  $("saving").textContent = paper.words.unstored;
  tick();
  screen("work");
  paper.show(0);
  return stop;
};
