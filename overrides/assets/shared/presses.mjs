// The second click of a double click belongs to the screen of the first one, and never answers the next. A key that is held
// down sends once. A press meant for what is shown is let through at once, unless it follows on the last one at its place.

import { moment } from "./browser.mjs";
import { painted } from "./dom.mjs";

const WITHIN = 500; // milliseconds: the longest double click that systems wait for
const NEAR = 40; // pixels: about a fingertip

let last = null; // the last press that was let through, where on the screen, and when; a key ends it
let changed = null; // the press that the last change of what is shown came after
let seen = 0; // when that was painted
let began = null; // when the press that is under way began
let dropping = false;

/** Call as something else comes to stand where a press may have been made. */
export function shown() {
  changed = last;
  seen = Number.POSITIVE_INFINITY;
  painted(() => (seen = moment()));
}

function meantForBefore({ timeStamp, screenX, screenY }) {
  if (began < seen) return true;
  if (!changed || timeStamp - changed.time >= WITHIN) return false;
  return Math.hypot(screenX - changed.screenX, screenY - changed.screenY) < NEAR;
}

function judge(event) {
  const { type, timeStamp, screenX, screenY } = event;
  if (type === "click" && event.detail === 0) return; // of a key or a script
  if (type === "pointerdown") [began, dropping] = [timeStamp, false];
  else began ??= timeStamp;
  dropping ||= meantForBefore(event);
  if (dropping) {
    event.preventDefault(); // nor does it take the focus
    event.stopPropagation();
  } else {
    if (type === "pointerdown") changed = null; // whatever came before it is over
    last = { time: timeStamp, screenX, screenY };
  }
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
