// The notice on a page that came from the copy kept on this device: when it was fetched, and a warning once its 48 hours
// are over, also while the page stays open. It knows elements with `data-kept-notice`, whose own words serve meanwhile.

import { keptOf, since, ukTime, VALID_HOURS, validity } from "./kept.mjs";

const LONGEST_TIMER = 2 ** 31 - 1;
const kept = keptOf(document.documentElement);

/** The parts of the notice: a title and sentences. */
export function words(kept, now) {
  const is = validity(kept, now);
  const title = is === "valid" ? "Kept copy." : "Out of date: kept copy.";
  const from = `The site cannot be reached, so this page is from the copy on this device, ${since(kept)}.`;
  const advice =
    "The procedure may have changed since. To get a current copy, connect to a network and load this page again.";
  const age = {
    valid: `It is valid until ${ukTime(kept.ends)}.`,
    ended: `Its ${VALID_HOURS} hours ended on ${ukTime(kept.ends)}. ${advice}`,
    unclear: `The clock of this device shows an earlier time than that, so nobody can tell how old the copy is. ${advice}`,
  }[is];
  const harmed = kept.damaged
    ? ["Part of the copy is damaged, so a tool may not start. The text of this page is whole."]
    : [];
  return { is, title, sentences: [from, age, ...harmed] };
}

let shown = "";

function show() {
  const { is, title, sentences } = words(kept, new Date());
  const text = sentences.join(" ");
  if (text === shown) return;
  shown = text;
  for (const place of document.querySelectorAll("[data-kept-notice]")) {
    place.dataset.validity = is;
    const strong = Object.assign(document.createElement("strong"), { textContent: title });
    const again = Object.assign(document.createElement("a"), { textContent: "Try the site again", href: "" });
    again.addEventListener("click", (event) => {
      event.preventDefault(); // an address with a fragment would not load
      location.reload();
    });
    place.replaceChildren(strong, ` ${text} `, again);
  }
}

function watch() {
  show();
  const left = kept.ends - Date.now();
  if (left > 0) setTimeout(watch, Math.min(left + 1, LONGEST_TIMER));
}

if (kept) {
  watch();
  for (const event of ["pageshow", "focus"]) addEventListener(event, show); // timers stand still in a page that sleeps
  document.addEventListener("visibilitychange", show);
}
