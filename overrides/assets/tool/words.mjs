// What the page script itself says: about getting ready, trouble, starting again and keeping a record. No word of the procedure.

export const TITLE = { question: "Question", error: "Error", result: "Result", record: "Opened record" };

export const READYING = "Getting the check ready…";

export const COMING = "This part comes when the check is ready.";

export const STALLED = "This check is taking longer than usual to get ready. It is still trying.";

export const TROUBLE = {
  unsupported: "This check cannot run in this browser, because WebAssembly or web workers are switched off.",
  worker: "This check could not start, because its script did not load.",
  wasm: "This check could not start, because the WebAssembly file it runs on is missing or was blocked.",
  python: "This check could not start, because Python did not start in this browser.",
  engine: "This check could not start, because the file that holds its questions is missing or damaged.",
  answer: "This check stopped, because of a fault in it. You did nothing wrong.",
};

export const LATER_FAILED = "This part could not be worked out. Everything else on this page holds.";

export const unticked = (options) => `No longer ticked: ${options.join("; ")}.`;

export const STILL_HERE = "Your answers so far are still on this page.";
export const READ_INSTEAD = "The same questions, and where each answer leads, are on this page as text.";
export const READ_LINK = "Read the whole check as text";

export const START_AGAIN =
  "Start again? Your answers and what you wrote will be cleared. What you copied, printed or downloaded stays.";
export const CLEAR = "Clear my answers and start again";
export const KEEP = "Keep my answers";

export const COPY_LABEL = { record: "The record as text", call: "The call sheet as text" };
export const FILE_LABEL = "What the file holds. If it is not there, copy this instead, all of it";
export const asked = (name) =>
  `Your browser was asked to save ${name}. Look in your downloads. The file stays on this computer until somebody deletes it.`;
export const HAVE = "I have the file";
export const HAD = "The record is kept: you have the file.";
