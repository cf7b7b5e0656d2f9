// What a printed copy says of itself: when it was printed and until when it is valid, in UK time.
// It knows elements with `data-print-stamp`, whose own words serve where no script runs, and buttons with `data-print`.
// The 48 hours are a safest reading (open question 21), and are hours that pass, whatever the clocks do meanwhile.

const VALID_HOURS = 48;
const UK_TIME = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London",
  day: "numeric",
  month: "long",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  timeZoneName: "short",
});

/** The words for a copy printed at a moment. */
export function stamp(printed) {
  const ends = new Date(printed.getTime() + VALID_HOURS * 3_600_000);
  const [from, until] = [printed, ends].map((moment) => UK_TIME.format(moment));
  return `Printed on ${from}; valid until ${until} (${VALID_HOURS} hours; safest reading, open question 21)`;
}

addEventListener("beforeprint", () => {
  const words = stamp(new Date());
  for (const place of document.querySelectorAll("[data-print-stamp]")) place.textContent = words;
});

for (const button of document.querySelectorAll("button[data-print]")) {
  button.addEventListener("click", () => window.print());
  button.hidden = false;
}
