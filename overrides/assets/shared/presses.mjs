// A press that was meant for what stood there before never reaches what came in its place: the second of a double click, or
// one that began before the new screen was to be seen. Any other is let through at once. A key that is held down presses once.

import { moment } from "./browser.mjs";
import { painted } from "./dom.mjs";

const WITHIN = 500; // milliseconds after the new screen was painted: the longest double click that systems wait for
const NEAR = 24; // pixels from the press that brought it: the least size of a target (WCAG 2.5.8), so a neighbour is let through

let last = null; // the last press that was let through: when and where, and on what; a key ends it
let seen = 0; // when what is shown now was painted
let began = null; // when the press that is under way began
let dropping = false;

/** Call as something else comes to stand where a press may have been made. */
export function shown() {
  const by = last;
  if (by) by.on = null;
  seen = Number.POSITIVE_INFINITY;
  painted(() => (seen = moment() + (by ? by.time - by.heard : 0)));
}

const at = ({ clientX, clientY }) => document.elementFromPoint(clientX, clientY);

// Whether a press follows on the last one at its place, where something else stands by now.
function follows({ timeStamp, screenX, screenY }) {
  if (!last || timeStamp >= Math.max(seen, last.time) + WITHIN) return false;
  return Math.hypot(screenX - last.screenX, screenY - last.screenY) < NEAR && at(last) !== last.on;
}

function judge(event) {
  if (event.target.closest?.("[data-exit]")) return; // whoever is being watched must get away
  const { type, timeStamp, screenX, screenY, clientX, clientY } = event;
  if (type === "click" && event.detail === 0) return; // of a key or a script
  if (type === "pointerdown") [began, dropping] = [timeStamp, follows(event)];
  if (began === null) return; // of a label or a helping device
  dropping ||= began < seen;
  if (dropping) {
    event.preventDefault(); // nor does it take the focus
    event.stopPropagation();
  } else last = { time: timeStamp, heard: moment(), screenX, screenY, clientX, clientY, on: at(event) };
  if (type === "click") [began, dropping] = [null, false];
}

for (const type of ["pointerdown", "mousedown", "click"]) addEventListener(type, judge, { capture: true });
addEventListener("pointercancel", () => (began = null), { capture: true });
addEventListener(
  "keydown",
  (event) => {
    last = null;
    if (event.repeat && event.key === "Enter" && event.target.localName !== "textarea") event.preventDefault();
  },
  { capture: true },
);
