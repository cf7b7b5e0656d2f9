// What a tool in a frame needs besides the tool: it tells the page around it how tall it is, and nothing else; it keeps
// links to places inside; and it shows its dialog where the reader is. It listens to no message.

import { placeOf } from "../shared/address.mjs";
import { attempt } from "../shared/browser.mjs";
import { goTo } from "../shared/dom.mjs";

// Heights go up in steps, for an exact one would say more of what is on the screen than a frame needs to know.
const STEP = 100;
const AFTER_A_PRESS = 300; // milliseconds, where a browser does not watch sizes

// Who is told: the origins of the setting and the site's own. Where the browser says who is around the frame, the others
// are left out, for each message that does not arrive is an error in the console. Whoever it is, the browser delivers
// only to the origin that a message names.
function hosts() {
  const allowed = [...document.documentElement.dataset.mayFrame.split(" "), location.origin].filter(Boolean);
  if (allowed.includes("*")) return ["*"];
  const around = location.ancestorOrigins?.[0] ?? "null"; // some browsers say so of any host
  return allowed.filter((origin) => origin !== "null" && (around === "null" || origin === around));
}

const inSteps = () => Math.ceil(document.body.getBoundingClientRect().height / STEP) * STEP;

let told = 0;

function tell() {
  const height = inSteps();
  if (height === 0) return; // the frame is not shown
  told = height;
  for (const origin of hosts()) window.parent.postMessage({ type: "decision-tool:height", height }, origin);
}

if (window.parent !== window) {
  const grown = () => inSteps() !== told && tell();
  const watched = attempt(() => new ResizeObserver(grown).observe(document.body) ?? true);
  if (!watched) {
    tell();
    document.addEventListener("click", () => setTimeout(grown, AFTER_A_PRESS));
  }
  addEventListener("resize", tell); // a host whose script came late changes the frame's size to be told
}

// The template lets links open a new tab. Those to a place on this page go there, without an entry in the history that
// the page around shares; and where the browser would move the frame alone, the place is brought into view.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#"]');
  const place = link && placeOf(link.hash);
  if (!place || event.defaultPrevented) return;
  event.preventDefault();
  goTo(place);
});

// The middle of a tall frame can be far from what the reader sees of it, so that a dialog opens near what was pressed.
document.addEventListener(
  "click",
  ({ target }) => {
    const { top } = target.getBoundingClientRect();
    document.documentElement.style.setProperty("--embed-pressed", `${Math.round(top + window.scrollY)}px`);
  },
  { capture: true },
);
