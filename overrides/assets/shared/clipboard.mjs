// Copying text, and what a reader is told of it.

import { answered } from "./browser.mjs";
import { element } from "./dom.mjs";

export const COPIED = "Copied. Paste it now: it stays on this computer’s clipboard until something else is copied.";
export const COPY_BY_HAND = "Your browser did not let this page copy. The text is selected below: copy it from there.";

/**
 * Copy a text, or the promise of one: browsers let a page copy only at a click, so the clipboard is asked before a text
 * that is still to come. Rejects where the browser refuses, as it does on pages that did not come by https, or never answers.
 */
export async function toClipboard(text) {
  if (typeof text === "string") return answered(() => navigator.clipboard.writeText(text));
  try {
    const blob = text.then((words) => new Blob([words], { type: "text/plain" }));
    blob.catch(() => {}); // told by the call below
    const written = navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
    written.catch(() => {}); // told by the call below
    await text;
    await answered(() => written);
  } catch (error) {
    if (error.kind === "silent") throw error;
    const words = await text;
    await answered(() => navigator.clipboard.writeText(words));
  }
}

/** The field from which a reader copies by hand. */
export const fieldOf = (text) => element("textarea", { value: text, readOnly: true, rows: 12, className: "dt-text" });
