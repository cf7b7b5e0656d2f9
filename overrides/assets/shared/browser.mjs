// What a browser may lack, refuse, never answer or only seem to do. Whatever may go so is asked for through here, so that no
// page dies of it, and none waits for it with nothing said for longer than SILENCE.

import { element } from "./dom.mjs";
import { Trouble } from "./trouble.mjs";

/** Where on its host this site lies: two sites below one host share no key and no channel. */
export const SITE = new URL("../../", import.meta.url).pathname;

export const SILENCE = 5_000; // milliseconds

const NOT_PRINTED = "If nothing opened to print with, use your browser’s own menu to print this page.";

/** What an act gives; `otherwise` where what it needs is not there or throws. */
export function attempt(act, otherwise) {
  try {
    return act();
  } catch {
    return otherwise;
  }
}

/** What the promise that `ask` gives settles to. Rejects with the Trouble "silent" where it has not in time. */
export async function answered(ask, within = SILENCE) {
  let timer;
  const silent = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Trouble("silent")), within);
  });
  try {
    return await Promise.race([ask(), silent]);
  } finally {
    clearTimeout(timer);
  }
}

/** A mark on the browser's own record of times, for whoever measures. */
export const mark = (name) => attempt(() => performance.mark(name));

/** The same of a span; `start` is the time stamp of an event. */
export const measure = (name, start) => attempt(() => performance.measure(name, { start, end: moment() }));

/** Now, as events have it in their time stamps. */
export const moment = () => new Event("now").timeStamp;

const undo = [];

function over() {
  for (const act of undo.splice(0)) act();
}

/** Calls when printing is over. */
export const untilPrinted = (act) => undo.push(act);

// Some browsers never tell that printing is over. Whoever moves in the page again is no longer printing.
for (const type of ["afterprint", "pointerdown", "pointermove", "keydown"]) addEventListener(type, over);

/**
 * Print, with what is to be on paper prepared and put back afterwards. What a browser does not do is said beside the
 * button: some have no printer, and say nothing.
 */
export async function print(button, prepare = () => () => {}) {
  over();
  const beside = button.parentElement;
  beside.querySelector("[data-print-failed]")?.remove();
  const began = new Promise((resolve) => addEventListener("beforeprint", resolve, { once: true }));
  untilPrinted(prepare());
  attempt(() => window.print());
  await answered(() => began).catch(() => {
    const said = element("p", { textContent: NOT_PRINTED });
    said.dataset.printFailed = "";
    said.setAttribute("role", "status");
    button.after(said);
  });
}
