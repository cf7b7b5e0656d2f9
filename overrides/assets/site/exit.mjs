// "Exit this page", for a reader who is being watched: what was answered goes, the page is blank at once, and another takes its
// place, also in the history. By a press, or by Shift three times (GOV.UK's pattern). Without a script it is a link.

import { attempt } from "../shared/browser.mjs";

const TIMES = 3;
const WITHIN = 5_000; // milliseconds

const link = document.querySelector("[data-exit]");
let shifts = [];

function leave(event) {
  event.preventDefault();
  dispatchEvent(new Event("exit"));
  document.title = link.hostname;
  document.body.replaceChildren();
  attempt(() => location.replace(link.href));
}

function press(event) {
  if (event.key !== "Shift") shifts = [];
  else if (!event.repeat) shifts = [...shifts, event.timeStamp].filter((time) => event.timeStamp - time < WITHIN);
  if (shifts.length >= TIMES) leave(event);
}

if (link) {
  link.addEventListener("click", leave);
  addEventListener("keydown", press, { capture: true });
}
