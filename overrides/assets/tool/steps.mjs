// The page's memory: what each tool showed at each step, and nothing anywhere else. A history entry holds
// a step number alone, because browsers write history state to disk; the screens live here and die with the page.

import { attempt } from "../shared/browser.mjs";

const BACK_WITHIN = 1_000; // milliseconds

export class Steps {
  #tools = [];
  #screens = new Map(); // step number -> one screen for each tool
  #current = 0;

  constructor() {
    window.addEventListener("popstate", ({ state }) => this.#travel(state?.step));
  }

  // A page starts at the number its entry already has. After a reload the entries behind it have smaller numbers
  // and are not in memory, so that they lead to the first question and never to a step of this visit.
  begin(tools) {
    this.#tools = tools;
    this.#current = written() ?? 0;
    this.#mark();
    this.forget();
  }

  // Keep what is shown now and no step before or after it.
  forget() {
    this.#screens = new Map([[this.#current, this.#tools.map((tool) => tool.shown)]]);
    this.guard();
  }

  // A new step of one tool; what lay ahead is forgotten, as the browser forgets it.
  push(tool, screen) {
    const screens = this.#with(tool, screen);
    for (const step of this.#screens.keys()) if (step > this.#current) this.#screens.delete(step);
    this.#arrive(screens);
  }

  // The same step again: a form with errors.
  replace(tool, screen) {
    this.#screens.set(this.#current, this.#with(tool, screen));
    this.guard();
  }

  // A new step that keeps nothing of the steps before it.
  restart(tool, screen) {
    const screens = this.#with(tool, screen);
    this.#screens.clear();
    this.#arrive(screens);
  }

  #with(tool, screen) {
    return this.#screens.get(this.#current).map((old, index) => (this.#tools[index] === tool ? screen : old));
  }

  #arrive(screens) {
    this.#current += 1;
    this.#screens.set(this.#current, screens);
    attempt(() => (history.scrollRestoration = "manual")); // each step scrolls to its own question
    attempt(() => history.pushState({ step: this.#current }, ""));
    this.guard();
  }

  // One step back. A browser refuses entries that come too fast; where there is none for this step, or going back does
  // nothing, the page goes back by itself.
  back() {
    const from = this.#current;
    const before = [...this.#screens.keys()].filter((step) => step < from);
    const alone = () => this.#current === from && before.length > 0 && this.#travel(Math.max(...before));
    if (written() !== from) return alone();
    attempt(() => history.back());
    setTimeout(alone, BACK_WITHIN);
  }

  #travel(step) {
    if (!Number.isInteger(step)) return this.#mark(); // a link to a place on this page made a new entry: same step
    if (step === this.#current) return;
    this.#current = step;
    if (!this.#screens.has(step))
      this.#screens.set(
        step,
        this.#tools.map((tool) => tool.first()),
      );
    this.#screens.get(step).forEach((screen, index) => {
      if (this.#tools[index].shown !== screen) this.#tools[index].show(screen);
    });
  }

  #mark() {
    attempt(() => history.replaceState({ step: this.#current }, ""));
  }

  // Listening to beforeunload keeps some browsers from caching the page, so listen only while something can be lost.
  guard() {
    window.removeEventListener("beforeunload", warn);
    if (this.#tools.some((tool) => tool.unsaved)) window.addEventListener("beforeunload", warn);
  }
}

// The step of the entry that the browser stands at; null where it has none.
function written() {
  const step = attempt(() => history.state?.step);
  return Number.isInteger(step) ? step : null;
}

function warn(event) {
  event.preventDefault();
  event.returnValue = true; // for browsers that go by this alone
}
