// The clocks of a screen: one that runs down from its seconds, and the hour with how far behind it the session is.

let ticking = null;

/** Move the clocks of a page; those before stop. `since` is when the session began, in milliseconds. */
export function clocks(root, since) {
  clearInterval(ticking);
  const all = [...root.querySelectorAll("[data-timer], [data-planned]")];
  if (all.length === 0) return;
  const shown = Date.now();
  const tick = () => {
    for (const one of all) one.textContent = one.dataset.timer ? left(one, shown) : spent(one, since ?? shown);
  };
  tick();
  ticking = setInterval(tick, 1000);
}

function left({ dataset }, shown) {
  const seconds = Math.max(0, Number(dataset.timer) - Math.floor((Date.now() - shown) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function spent({ dataset }, since) {
  const minutes = Math.floor((Date.now() - since) / 60_000);
  const late = minutes - Number(dataset.planned);
  const drift = Math.abs(late) < 2 ? "on time" : `${Math.abs(late)} minutes ${late > 0 ? "behind" : "ahead"}`;
  return `${minutes} of ${dataset.whole} minutes, ${drift}`;
}
