// One key of this device's storage, for a reload or a laptop that was closed: where a session stands, with the ids of its
// scenarios and the counts of hands, until it is ended and for a day at most. What stands there is read by the engine,
// which refuses anything else.

import { attempt, SITE } from "../shared/browser.mjs";
import { own } from "./channel.mjs";

const KEY = `training-session ${SITE}`;
const LONGEST = 24 * 60 * 60 * 1000; // milliseconds

export const kept = {
  on: false,
  taken: false, // whether what is kept has come to be this window's

  // This window's session takes the place of what is kept: a new one, or with `goOn` the very one.
  begin(goOn = false) {
    if (!goOn) this.forget(true);
    [this.on, this.taken] = [true, false];
  },

  start(state) {
    this.begin();
    this.update(state);
  },

  // Where another window has taken the place, this session goes on without being kept.
  update(state) {
    if (!this.on || !state) return;
    if (this.taken && read()?.session !== own) {
      this.on = false;
      return;
    }
    const text = JSON.stringify({ since: this.since ?? Date.now(), session: own, state });
    attempt(() => localStorage.setItem(KEY, text));
    this.on = this.taken = attempt(() => localStorage.getItem(KEY)) === text; // some throw, and some only seem to keep
  },

  // What another window keeps is its own.
  forget(any = false) {
    this.on = false;
    if (any || (read()?.session ?? own) === own) attempt(() => localStorage.removeItem(KEY));
  },

  // The state that is kept; null where there is none, or where it is too old, which is forgotten.
  get state() {
    const { since, state } = read() ?? {};
    if (Number.isFinite(since) && since <= Date.now() && Date.now() - since < LONGEST) {
      const scenes = state?.scenes;
      if (Array.isArray(scenes) && scenes.every((id) => typeof id === "string")) return state;
    }
    if (since !== undefined) this.forget(true);
    return null;
  },

  get since() {
    return read()?.since;
  },
};

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY));
  } catch {
    return null;
  }
}
