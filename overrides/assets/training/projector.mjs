// What a projected window asks of the browser: the whole screen, and that it does not go dark. Either may be refused or
// missing; then everything works in the window as it is.

import { attempt } from "../shared/browser.mjs";

/** Fill the screen, or leave it again. */
export function fullScreen() {
  const asked = attempt(() =>
    document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen(),
  );
  asked?.catch(() => {}); // refused: the window stays as it is
}

let awake = false;

/** Keep the screen lit from now on while this window is to be seen. */
export function stayAwake() {
  if (!awake) document.addEventListener("visibilitychange", ask);
  awake = true;
  ask();
}

function ask() {
  if (!document.hidden) attempt(() => navigator.wakeLock.request("screen"))?.catch(() => {}); // refused: it may go dark
}
