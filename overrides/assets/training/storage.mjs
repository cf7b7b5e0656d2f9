// One key of this device's storage, for a reload or a laptop that was closed: where a session stands, with the ids of its
// scenarios and the counts of hands, until it is ended and for a day at most. What stands there is read by the engine,
// which refuses anything else.

const KEY = "training-session";
const LONGEST = 24 * 60 * 60 * 1000; // milliseconds

export const kept = {
  on: false,

  start(state) {
    this.on = true;
    this.update(state);
  },

  update(state) {
    if (!this.on || !state) return;
    try {
      localStorage.setItem(KEY, JSON.stringify({ since: this.since ?? Date.now(), state }));
    } catch {
      this.on = false; // no storage here: the session goes on without
    }
  },

  forget() {
    this.on = false;
    try {
      localStorage.removeItem(KEY);
    } catch {
      // nothing can have been kept
    }
  },

  // The state that is kept; null where there is none, or where it is too old, which is forgotten.
  get state() {
    const { since, state } = read() ?? {};
    if (Number.isFinite(since) && since <= Date.now() && Date.now() - since < LONGEST) {
      const scenes = state?.scenes;
      if (Array.isArray(scenes) && scenes.every((id) => typeof id === "string")) return state;
    }
    if (since !== undefined) this.forget();
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
