// What the training pages' scripts say themselves. No word of the procedure.

export const TITLE = {
  error: "Error",
  session: "Session",
  practise: "Practice",
  summary: "The close",
  stage: "Room’s screen",
  notes: "Facilitator’s notes",
  sorted: "Sorted",
  pair: "Both versions",
  found: "Scenarios found",
};

export const READYING = "Getting the scenarios ready…";
export const UNSUPPORTED =
  "Training cannot run in this browser, because WebAssembly or web workers are switched off. The sheets can be read and printed without it.";
export const TROUBLE = "This could not be worked out. Nothing that you did is lost.";
export const SLOW =
  "This is taking longer than usual. It is still trying. The sheets can be read and printed without it.";
export const STRANGE_LINK = "This link names a scenario that is not here. Choose from the list.";
export const KEPT_STRANGE =
  "The session that was kept cannot be gone on with: its scenarios have changed. Delete it and begin again.";
export const UNCOMMITTED = "What you typed on this screen is not committed, and will be gone.";
export const LEAVE_OUT = "Leave it out";
export const COUNT_ON = "Go back to it";
export const SUMMARY_LABEL = "The summary as text";
export const ON_STAGE =
  "This is the room’s screen. It shows a session as soon as one runs in another window of this browser.";
export const shown = (n) => `${n} ${n === 1 ? "scenario" : "scenarios"} shown.`;
// The minutes of some stories in a session, opening and close included, against the hour.
export function length(stories, { hour, open, close }) {
  const minutes = Number(open) + stories + Number(close);
  return minutes > hour
    ? `About ${minutes} minutes, ${minutes - hour} more than ${hour}`
    : `About ${minutes} of ${hour} minutes`;
}
export const ALONE =
  "This browser does not let two windows speak with each other. Run the session in one window, and print the sheets.";
export const OFF_PROJECTOR = "Is this window off the projector? The notes tell what each story comes to.";
export const OFF = "It is: show the notes";
export const FOLLOWING = "This window follows the session. Nothing is on yet.";
export const NOT_FOLLOWING =
  "This window shows all sheets. It follows a session as soon as one runs in another window of this browser.";
export const QR = "QR code of this story’s link";
