// What the window of a session tells the room's screen and the facilitator's notes: where the session stands, or that it has
// ended; and what the room's screen tells it: what a clicker asked for. It goes from window to window of this browser, on
// this site alone. A window without a session says nothing, and each message names the session that it is of: whoever
// follows one hears no other until it has ended.

import { readings } from "../shared/address.mjs";
import { attempt, SITE } from "../shared/browser.mjs";

const channel = attempt(() => new BroadcastChannel(`training ${SITE}`), null);

/** Whether windows of this browser can speak with each other. */
export const speaks = channel !== null;

/** This window's own session, by a name that means nothing. It stays when the page is loaded again. */
export const own = attempt(() => history.state?.session) ?? Math.random().toString(36).slice(2, 12);

const send = (message) => attempt(() => channel?.postMessage(message));

export const tell = {
  // `current` is the place with the state and whether the screen is blank; null where the session has ended.
  place(current) {
    if (current) attempt(() => history.replaceState({ ...history.state, session: own }, ""));
    send({ ...current, session: own });
  },

  // A window that opens later asks where the session is; `hears` is told each question and each move.
  answerWith(current, hears) {
    channel?.addEventListener("message", ({ data }) => {
      if (!(data?.ask || data?.move) || (data.session ?? own) !== own || !current()) return;
      hears(data);
      if (data.ask) tell.place(current());
    });
  },
};

/**
 * Calls `then` with a place each time there is one, and with null when the session has ended: the session that is named, or
 * the first to speak. Gives what sends it a move.
 */
export function follow(then, { session = null, ...as } = {}) {
  let followed = session;
  channel?.addEventListener("message", ({ data }) => {
    if (!data || data.ask || data.move) return;
    const [from, on] = [data.session ?? "", typeof data.scenario === "string"];
    if (followed !== null ? from !== followed : !on) return;
    followed = on ? from : null;
    then(on ? data : null);
    if (data.hello && as.stage) send({ ask: true, session: followed, ...as });
  });
  send({ ask: true, session: followed ?? undefined, ...as });
  return (move) => send({ move, session: followed ?? undefined });
}

/** The session that an address names behind one of the pages that follow, as in #/stage/1a2b; null where it is another's. */
export function followed(hash, page) {
  for (const text of readings(hash)) {
    if (`#${text}` === page) return { session: null };
    if (`#${text}`.startsWith(`${page}/`)) return { session: text.slice(page.length) || null };
  }
  return null;
}
