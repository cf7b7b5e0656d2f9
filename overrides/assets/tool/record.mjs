// Keeping a record and opening one: the clipboard, the printer, a file. The engine writes and reads every record; this
// moves it, at the reader's wish alone, and keeps nothing of it.

import { attempt, print, untilPrinted } from "../shared/browser.mjs";
import { COPIED, COPY_BY_HAND, fieldOf, toClipboard } from "../shared/clipboard.mjs";
import { button, element } from "../shared/dom.mjs";
import { Trouble } from "../shared/trouble.mjs";
import * as words from "./words.mjs";

// The time for the engine, which has no clock.
export const now = () => new Date().toISOString();

// What is in a chosen file, for the engine to judge. A file that is too large is not read, and nothing stays in the field.
export async function contents(input) {
  const [file] = input.files;
  input.value = "";
  if (!file) return {};
  const { size } = file;
  if (size > Number(input.dataset.most)) return { size };
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return { size, bytes: btoa(Array.from(bytes, (one) => String.fromCharCode(one)).join("")) };
  } catch {
    return { size }; // the file is gone, or cannot be read
  }
}

const PLACES = { record: ".dt-keep", call: ".dt-call" };

export class Keeper {
  #root;
  #ask;
  #kept;
  #version = 0; // of what there is to keep: what was asked for before a change is not all of it

  // `ask` asks the engine; `kept` is told when the reader has the record elsewhere.
  constructor(root, ask, kept) {
    this.#root = root;
    this.#ask = ask;
    this.#kept = kept;
    printWell(root);
  }

  // `what` is the record or the call sheet. Resolves with the Trouble if there was any. A print dialog may be cancelled
  // and does not tell, so that printing does not count as kept.
  async keep(way, what, pressed) {
    if (way === "print") return print(pressed, () => only(what));
    this.outdated();
    const version = this.#version;
    const kept = () => version === this.#version && this.#kept(what);
    return way === "copy" ? this.#copy(what, kept) : this.#download(kept);
  }

  // What was said of a record, and its text, are of a record that is no longer the whole.
  outdated() {
    this.#version += 1;
    this.#byHandNoMore();
    for (const said of this.#root.querySelectorAll("[data-record-said]")) said.replaceChildren();
  }

  // Why a file is not opened, in the engine's words, beside the field.
  refuse({ refused, html }) {
    const said = this.#part("[data-open-said]");
    said.dataset.refused = refused;
    said.innerHTML = html;
    this.#part("[data-open] input").setAttribute("aria-invalid", "true");
    this.#part("[data-open] input").focus();
  }

  async #copy(what, kept) {
    const asked = this.#ask({ record: what === "call" ? "call" : "text", now: now() });
    const text = asked.then((answer) => (answer instanceof Trouble ? Promise.reject(answer) : answer.record));
    try {
      await toClipboard(text);
      this.#say(COPIED, what);
      kept();
    } catch {
      const answer = await asked;
      if (answer instanceof Trouble) return answer;
      const field = this.#byHand(answer.record, what, kept);
      this.#say(COPY_BY_HAND, what);
      field.focus({ preventScroll: true }); // or another way would come to stand under the pointer
      field.select();
    }
  }

  // The text in a field. Only who copies all of it has it elsewhere.
  #byHand(text, what, kept, textContent = words.COPY_LABEL[what]) {
    const id = `${this.#root.dataset.decisionTool}-${what}-text`;
    const label = element("label", { textContent, className: "dt-legend", htmlFor: id });
    const field = Object.assign(fieldOf(text), { id });
    field.addEventListener("copy", () => whole(field) && kept());
    this.#part(`${PLACES[what]} [data-record-text]`).replaceChildren(label, field);
    return field;
  }

  async #download(kept) {
    const answer = await this.#ask({ record: "json", now: now() });
    if (answer instanceof Trouble) return answer;
    attempt(() => save(answer));
    const have = button(words.HAVE, () => {
      kept();
      this.#byHandNoMore();
      this.#say(words.HAD, "record").focus();
    });
    this.#byHand(answer.record, "record", kept, words.FILE_LABEL);
    this.#say(words.asked(answer.name), "record", have);
  }

  #byHandNoMore() {
    for (const place of this.#root.querySelectorAll("[data-record-text]")) place.replaceChildren();
  }

  #say(sentence, what, ...ways) {
    const said = element("p", { textContent: sentence, tabIndex: -1 });
    this.#part(`${PLACES[what]} [data-record-said]`).replaceChildren(said, ...ways);
    return said;
  }

  #part(selector) {
    return this.#root.querySelector(selector);
  }
}

// No browser tells whether anything came of it: that is for the reader to say.
function save({ record, name }) {
  const href = URL.createObjectURL(new Blob([record], { type: "application/json" }));
  element("a", { href, download: name }).click();
  URL.revokeObjectURL(href);
}

const whole = ({ selectionStart, selectionEnd, value }) => selectionStart === 0 && selectionEnd === value.length;

// The call sheet is printed by itself.
function only(what) {
  document.documentElement.dataset.printing = what;
  return () => delete document.documentElement.dataset.printing;
}

// However it is printed, what belongs on paper stands open there, and nothing written is scrolled out of its field. The
// time and the 48 hours stand on each sheet of every page (print-stamp.mjs).
function printWell(root) {
  const undo = [];
  const putBack = () => {
    for (const act of undo.splice(0)) act();
  };
  addEventListener("beforeprint", () => {
    putBack(); // some browsers tell twice
    for (const details of root.querySelectorAll("details[data-printed]:not([open])")) {
      details.open = true;
      undo.push(() => (details.open = false));
    }
    for (const field of root.querySelectorAll("textarea")) {
      const copy = element("div", { className: "dt-on-paper", textContent: field.value });
      field.after(copy);
      undo.push(() => copy.remove());
    }
    untilPrinted(putBack);
  });
}
