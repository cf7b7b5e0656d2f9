// What the window of a session tells the room's screen and the facilitator's notes: where the session stands, or that none
// is on; and what the room's screen tells it: what a clicker asked for. It goes from window to window of this browser.

const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("training") : null;

export const send = (message) => channel?.postMessage(message);

export const tell = {
  // `current` is the place with the state and whether the screen is blank; null where no session is on.
  place(current) {
    send(current ?? {});
  },

  // A window that opens later asks where the session is; `hears` is told each question and each move.
  answerWith(current, hears) {
    channel?.addEventListener("message", ({ data }) => {
      if (!data?.ask && !data?.move) return;
      hears(data);
      if (data.ask) tell.place(current());
    });
  },
};

// Calls with a place each time there is one, and with null when the session has ended.
export function follow(then, as = {}) {
  channel?.addEventListener("message", ({ data }) => {
    if (!data || data.ask || data.move) return;
    then(typeof data.scenario === "string" ? data : null);
    if (data.hello && as.stage) send({ ask: true, ...as });
  });
  send({ ask: true, ...as });
}
