// One key of this device's storage, written only where the trainer ticked the box: the ids of the scenarios and the
// counts of hands. What stands there is read by the engine, which refuses anything else.

const KEY = "training-session";

export const kept = {
  on: false,

  start(state) {
    this.on = true;
    this.update(state);
  },

  update(state) {
    if (!this.on || !state) return;
    try {
      localStorage.setItem(KEY, JSON.stringify({ scenes: state.scenes, given: state.given }));
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

  get session() {
    try {
      const read = JSON.parse(localStorage.getItem(KEY));
      return read && Array.isArray(read.scenes) && read.scenes.every((id) => typeof id === "string") ? read : null;
    } catch {
      return null;
    }
  },
};
