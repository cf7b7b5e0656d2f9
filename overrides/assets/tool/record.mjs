// Keeping a record and opening one: the clipboard, the printer, a file. The engine writes and reads every record; this
// moves it, at the reader's wish alone, and keeps nothing of it.

import { Trouble } from "../shared/engine.mjs";
import * as words from "./words.mjs";

// The time for the engine, which has no clock.
export function now() {
  return new Date().toISOString();
}

// What is in a chosen file, for the engine to judge. A file that is too large is not read, and nothing stays in the field.
export async function contents(input) {
  const [file] = input.files;
  input.value = "";
  if (!file) return {};
  const { size } = file;
  if (size > Number(input.dataset.most)) return { size };
  try {
    return { size, text: new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer()) };
  } catch {
    return { size, text: null };
  }
}

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

  // Resolves with the Trouble if there was any. A print dialog may be cancelled and does not tell, so that printing
  // does not count as kept.
  async keep(way) {
    if (way === "print") return window.print();
    this.outdated();
    const version = this.#version;
    const kept = () => version === this.#version && this.#kept();
    return way === "copy" ? this.#copy(kept) : this.#download(kept);
  }

  // What was said of a record, and its text, are of a record that is no longer the whole.
  outdated() {
    this.#version += 1;
    this.#part("[data-record-said]")?.replaceChildren();
    this.#part("[data-record-text]")?.replaceChildren();
  }

  // Why a file is not opened, in the engine's words, beside the field.
  refuse({ refused, html }) {
    const said = this.#part("[data-open-said]");
    said.dataset.refused = refused;
    said.innerHTML = html;
    this.#part("[data-open] input").setAttribute("aria-invalid", "true");
    this.#part("[data-open] input").focus();
  }

  // Browsers let a page copy only at a click, so the clipboard is asked before the text is there.
  async #copy(kept) {
    const asked = this.#ask({ record: "text", now: now() });
    const text = asked.then((answer) => (answer instanceof Trouble ? Promise.reject(answer) : answer.record));
    try {
      await toClipboard(text);
      this.#say(words.COPIED);
      kept();
    } catch {
      const answer = await asked;
      if (answer instanceof Trouble) return answer;
      this.#copyByHand(answer.record, kept);
    }
  }

  #copyByHand(text, kept) {
    const label = document.createElement("label");
    const field = document.createElement("textarea");
    [label.textContent, label.className] = [words.COPY_LABEL, "dt-legend"];
    label.htmlFor = field.id = `${this.#root.dataset.decisionTool}-record-text`;
    [field.value, field.readOnly, field.rows, field.className] = [text, true, 12, "dt-text"];
    field.addEventListener("copy", kept);
    this.#part("[data-record-text]").replaceChildren(label, field);
    this.#say(words.COPY_BY_HAND);
    field.focus();
    field.select();
  }

  async #download(kept) {
    const answer = await this.#ask({ record: "json", now: now() });
    if (answer instanceof Trouble) return answer;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([answer.record], { type: "application/json" }));
    link.download = answer.name;
    link.click();
    URL.revokeObjectURL(link.href);
    this.#say(words.saving(answer.name));
    kept();
  }

  #say(sentence) {
    const paragraph = document.createElement("p");
    paragraph.textContent = sentence;
    this.#part("[data-record-said]").replaceChildren(paragraph);
  }

  #part(selector) {
    return this.#root.querySelector(selector);
  }
}

async function toClipboard(text) {
  try {
    const blob = text.then((words) => new Blob([words], { type: "text/plain" }));
    blob.catch(() => {}); // told by the call below
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
  } catch {
    await navigator.clipboard.writeText(await text);
  }
}

// However it is printed, nothing that is folded away or scrolled out of a field is missing on paper. The time and the
// 48 hours stand on each sheet of every page (print-stamp.mjs).
function printWell(root) {
  let undo = [];
  addEventListener("beforeprint", () => {
    for (const act of undo.splice(0)) act(); // some browsers tell twice
    for (const details of root.querySelectorAll("details:not([open])")) {
      details.open = true;
      undo.push(() => (details.open = false));
    }
    for (const field of root.querySelectorAll("textarea")) {
      const copy = document.createElement("div");
      copy.className = "dt-on-paper";
      copy.textContent = field.value;
      field.after(copy);
      undo.push(() => copy.remove());
    }
  });
  addEventListener("afterprint", () => {
    for (const act of undo.splice(0)) act();
  });
}
