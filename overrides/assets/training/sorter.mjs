// The sorter: it hands lines and where they were put to the engine, and shows what comes back. What was pasted stays in
// the page.

import { focusOn, typedIn } from "../shared/dom.mjs";
import { Engine } from "../shared/engine.mjs";
import { shown } from "../shared/presses.mjs";
import { Desk } from "./desk.mjs";
import * as words from "./words.mjs";

export class Sorter extends Desk {
  #lines = [];

  constructor(root) {
    super(root);
    this.part("[data-lines]").addEventListener("submit", (event) => this.#begin(event));
    this.part("[data-screen]").addEventListener("change", () => this.#sort());
    this.part("[data-screen]").addEventListener("submit", (event) => event.preventDefault());
    this.part("[data-clear]").addEventListener("click", () => this.clear());
  }

  get unsaved() {
    return typedIn(this.root).length > 0 || this.#lines.length > 0;
  }

  offer() {
    if (!Engine.possible) return this.say(words.UNSUPPORTED);
    this.part("[data-lines] button").disabled = false;
    this.engine.prepare();
  }

  async #begin(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const { bins, purpose } = this.#put();
    const put = new Map(Object.entries(bins).map(([i, bin]) => [this.#lines[i], bin]));
    const asked = [...form.get("lines").split("\n"), ...form.getAll("take")];
    await this.ask({ do: "sort", lines: asked }, ({ lines, html, report }) => {
      this.#lines = lines;
      this.title = lines.length > 0 ? words.TITLE.sorted : "";
      this.part("[data-screen]").innerHTML = html; // the engine's own HTML; it escapes the lines
      this.part("[data-report]").innerHTML = report;
      shown();
      this.part("[data-cleared]").hidden = false;
      const target = this.part("[data-focus]");
      if (target) focusOn(target);
      this.#putAgain(put, purpose);
    });
  }

  // A line that was there before stays where it was put.
  #putAgain(put, purpose) {
    const places = this.#lines.map((line, i) => [`line-${i}`, put.get(line)]);
    for (const [name, value] of [["purpose", purpose], ...places]) {
      const radio = value && this.part(`[name="${name}"][value="${CSS.escape(value)}"]`);
      if (radio) radio.checked = true;
    }
    if (purpose || put.size > 0) this.#sort();
  }

  // The form stays as it is, so that the focus does.
  async #sort() {
    await this.ask({ do: "sort", lines: this.#lines, ...this.#put() }, ({ report, said }) => {
      this.part("[data-report]").innerHTML = report;
      for (const [i, words] of said.entries()) this.part(`[data-said-beside="line-${i}"]`).textContent = words;
    });
  }

  #put() {
    const form = new FormData(this.part("[data-sorting]") ?? undefined);
    const bins = Object.fromEntries(this.#lines.map((_, i) => [i, form.get(`line-${i}`)]).filter(([, bin]) => bin));
    return { bins, purpose: form.get("purpose") ?? "" };
  }

  clear() {
    this.title = "";
    this.drop();
    this.#lines = [];
    this.part("[data-lines]").reset();
    for (const place of ["[data-screen]", "[data-report]"]) this.part(place).replaceChildren();
    this.part("[data-cleared]").hidden = true;
    this.part("[data-trouble]").hidden = true;
    this.part("textarea").focus();
  }
}
