// What a printed copy says of itself: when it was printed and until when it is valid, in UK time.
// It knows elements with `data-print-stamp`, whose own words serve where no script runs, and buttons with `data-print`.
// What was printed from the copy kept on this device says so, and its 48 hours began when that copy was the site's.

import { print } from "../shared/browser.mjs";
import { hoursAfter, keptOf, since, ukTime, VALID_HOURS, validity } from "./kept.mjs";

/** The words for a copy printed at a moment, from the site or from the kept copy. */
export function stamp(printed, kept = null) {
  const rule = `(${VALID_HOURS} hours; safest reading, open question 21)`;
  if (!kept) return `Printed on ${ukTime(printed)}; valid until ${ukTime(hoursAfter(printed, VALID_HOURS))} ${rule}`;
  const from = `Printed on ${ukTime(printed)} from a kept copy, ${since(kept)}`;
  return {
    valid: `${from}; valid until ${ukTime(kept.ends)} ${rule}`,
    ended: `${from}; OUT OF DATE since ${ukTime(kept.ends)} ${rule}`,
    unclear: `${from}; OUT OF DATE, because the clock of the device shows an earlier time than that ${rule}`,
  }[validity(kept, printed)];
}

addEventListener("beforeprint", () => {
  const words = stamp(new Date(), keptOf(document.documentElement));
  for (const place of document.querySelectorAll("[data-print-stamp]")) place.textContent = words;
});

for (const button of document.querySelectorAll("button[data-print]")) {
  button.addEventListener("click", () => print(button));
  button.hidden = false;
}
