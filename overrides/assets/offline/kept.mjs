// What a page knows of where it came from: the site, or the copy kept on this device, and how old that copy is.
// The service worker writes `data-kept` (when the copy was fetched), `data-kept-checked` (when it was last the same as the
// site) and perhaps `data-kept-damaged` on the root element of each page that it takes from the copy.

// How long a copy is valid: every page has the hours from the engine (a safest reading, open question 21).
export const VALID_HOURS = Number(document.querySelector("[data-valid-hours]").dataset.validHours);

const UK_TIME = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London",
  day: "numeric",
  month: "long",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  timeZoneName: "short",
});

/** A moment as people in the UK say it. */
export const ukTime = (moment) => UK_TIME.format(moment);

export const hoursAfter = (moment, hours) => new Date(moment.getTime() + hours * 3_600_000);

/** What stands on a root element: {fetched, checked, ends, damaged}, or null on a page that came from the site. */
export function keptOf(root) {
  const { kept, keptChecked, keptDamaged } = root.dataset;
  return kept === undefined ? null : keptFrom(kept, keptChecked, keptDamaged !== undefined);
}

/** The same from two texts. It ends VALID_HOURS after the copy was last known to be what the site has. */
export function keptFrom(fetchedText, checkedText, damaged) {
  const fetched = new Date(fetchedText);
  const checked = new Date(checkedText ?? fetchedText);
  return { fetched, checked, ends: hoursAfter(checked, VALID_HOURS), damaged };
}

/** "valid", "ended", or "unclear" where the clock shows an earlier time than the copy. */
export function validity({ checked, ends }, now) {
  if (!(now >= checked)) return "unclear";
  return now < ends ? "valid" : "ended";
}

/** When a copy was fetched, and when it was last found the same as the site if that was later. */
export function since({ fetched, checked }) {
  const [had, same] = [ukTime(fetched), ukTime(checked)];
  return had === same ? `fetched on ${had}` : `fetched on ${had} and still the same as the site on ${same}`;
}
