// The sorter: it hands lines and where they were put to the engine, and shows what comes back. What was pasted stays in
// the page.

import { bringToTop, element, focusOn } from "../shared/dom.mjs";
import { Engine } from "../shared/engine.mjs";
import * as words from "./words.mjs";

export class Sorter {
  unsaved = false; // what was pasted is elsewhere already
  #root;
  #engine;
  #lines = [];
  #asked = 0;

  constructor(root) {
    this.#root = root;
    this.#engine = new Engine(new URL(root.dataset.engine, document.baseURI).href);
    this.#part("[data-lines]").addEventListener("submit", (event) => this.#begin(event));
    this.#part("[data-screen]").addEventListener("change", () => this.#sort());
    this.#part("[data-screen]").addEventListener("submit", (event) => event.preventDefault());
    this.#part("[data-clear]").addEventListener("click", () => this.#clear());
  }

  offer() {
    if (!Engine.possible) return this.#say(words.UNSUPPORTED);
    this.#part("[data-lines] button").disabled = false;
    this.#engine.prepare();
  }

  leave() {
    this.#engine.stop();
    this.#clear();
  }

  async #begin(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    this.#lines = [...form.get("lines").split("\n"), ...form.getAll("take")];
    const response = await this.#ask({});
    if (!response) return;
    this.#lines = response.lines;
    this.#part("[data-screen]").innerHTML = response.html; // the engine's own HTML; it escapes the lines
    this.#part("[data-report]").innerHTML = response.report;
    this.#part("[data-cleared]").hidden = false;
    const target = this.#part("[data-focus]");
    if (!target) return;
    focusOn(target);
    bringToTop(target);
  }

  // The form stays as it is, so that the focus does.
  async #sort() {
    const response = await this.#ask(this.#put());
    if (!response) return;
    this.#part("[data-report]").innerHTML = response.report;
    for (const [i, said] of response.said.entries()) this.#part(`[data-said-beside="line-${i}"]`).textContent = said;
  }

  #put() {
    const form = new FormData(this.#part("[data-sorting]"));
    const bins = Object.fromEntries(this.#lines.map((_, i) => [i, form.get(`line-${i}`)]).filter(([, bin]) => bin));
    return { bins, purpose: form.get("purpose") ?? "" };
  }

  async #ask(what) {
    const asked = ++this.#asked;
    const progress = this.#part("[data-progress]");
    progress.textContent = this.#engine.ready ? "" : words.READYING;
    try {
      const training = { do: "sort", lines: this.#lines, ...what };
      const response = await this.#engine.ask({ training, base: this.#root.dataset.base });
      if (asked !== this.#asked) return null;
      if (!response.ok) this.#say(words.TROUBLE);
      return response.ok ? response : null;
    } catch (trouble) {
      if (asked === this.#asked && trouble.kind !== "stopped") this.#say(words.TROUBLE);
      return null;
    } finally {
      if (asked === this.#asked) progress.textContent = "";
    }
  }

  #clear() {
    this.#asked += 1;
    this.#lines = [];
    this.#part("[data-lines]").reset();
    for (const place of ["[data-screen]", "[data-report]"]) this.#part(place).replaceChildren();
    this.#part("[data-cleared]").hidden = true;
    this.#part("[data-trouble]").hidden = true;
    this.#part("textarea").focus();
  }

  #say(sentence) {
    this.#part("[data-trouble]").replaceChildren(element("p", { textContent: sentence }));
    this.#part("[data-trouble]").hidden = false;
  }

  #part(selector) {
    return this.#root.querySelector(selector);
  }
}
