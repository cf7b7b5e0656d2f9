// What the projected window tells the facilitator's: the id of a scenario and the name of a step, or that none is on.
// It goes from window to window of this browser, and no answer and no count goes with it.

const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("training") : null;

export const tell = {
  place(place) {
    channel?.postMessage(place ? { scenario: place.scenario, step: place.step } : {});
  },

  // A window that opens later asks where the session is.
  answerWith(current) {
    channel?.addEventListener("message", ({ data }) => data?.ask && tell.place(current()));
  },
};

// Calls with a place each time there is one, and with null when the session has ended.
export function follow(then) {
  channel?.addEventListener("message", ({ data }) => {
    if (data && !data.ask) then(typeof data.scenario === "string" ? data : null);
  });
  channel?.postMessage({ ask: true });
}
