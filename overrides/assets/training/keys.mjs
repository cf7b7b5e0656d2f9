// Keys, and what a clicker sends: on, back, a blank screen, the whole screen, out of the large view.

const MOVES = {
  " ": "on",
  ArrowRight: "on",
  PageDown: "on",
  ArrowLeft: "back",
  PageUp: "back",
  b: "blank",
  B: "blank",
  ".": "blank",
  Escape: "leave",
  F5: "full",
};
/** Whether a word is one of the moves that keys ask for. */
export const isMove = (word) => Object.values(MOVES).includes(word);

const OWN_KEYS = "input, textarea, select, button, summary, a[href]"; // what has a use of its own for a key that writes or presses
const PAGING = ["PageDown", "PageUp", "F5"]; // what clickers send: theirs wherever the focus is

// Calls `moved` with what a key asks for; a key that it takes does nothing else. One that is held down asks once. A letter
// or a mark counts only while the focus is in the session (WCAG 2.1.4), or where the screen is blank and has none.
export function onKeys(root, moved) {
  const listen = (event) => {
    const { key, target, repeat, ctrlKey, altKey, metaKey } = event;
    if (!(key in MOVES) || ctrlKey || altKey || metaKey) return;
    if (target.closest(OWN_KEYS) && !PAGING.includes(key)) return;
    if (key.length === 1 && key !== " " && !root.contains(target) && !isBlank()) return;
    if (repeat || moved(MOVES[key])) event.preventDefault();
  };
  addEventListener("keydown", listen, { capture: true }); // single keys get no further (site/access.mjs)
}

const BLANK = "tr-blank";

export const isBlank = () => document.body.classList.contains(BLANK);

let focused = null;

/** Show nothing, or again what was shown: the focus goes back to where it was, for what is hidden loses it. */
export function blank(on) {
  if (on && !isBlank()) focused = document.activeElement;
  document.body.classList.toggle(BLANK, on);
  if (on) return;
  if (focused?.isConnected) focused.focus({ preventScroll: true });
  focused = null;
}
