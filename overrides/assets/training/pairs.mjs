// The matched pairs: it prints one version at a time, hands the counts of both halves to the engine, and shows both versions
// side by side, large. What was counted stays in the page.

import { print } from "../shared/browser.mjs";
import { fieldsOf, focusOn, typedIn } from "../shared/dom.mjs";
import { Engine } from "../shared/engine.mjs";
import { shown } from "../shared/presses.mjs";
import { titled } from "../shared/title.mjs";
import { Desk } from "./desk.mjs";
import * as words from "./words.mjs";

export class Pairs extends Desk {
  #back = null; // the button that led to what is shown

  constructor(root) {
    super(root);
    root.addEventListener("submit", (event) => this.#compare(event));
    root.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-print-version]");
      if (button) print(button, () => this.#only(target.closest("[data-version]")));
      else if (target.closest("[data-go]")) this.#show("");
    });
  }

  get unsaved() {
    return typedIn(this.root).length > 0;
  }

  offer() {
    for (const button of this.root.querySelectorAll("[data-print-version]")) button.hidden = false;
    if (!Engine.possible) return this.say(words.UNSUPPORTED);
    for (const button of this.root.querySelectorAll("[data-hands] button")) button.disabled = false;
    this.engine.prepare();
  }

  async #compare(event) {
    event.preventDefault();
    const form = event.target;
    const pair = JSON.parse(form.closest("[data-pair]").dataset.pair);
    await this.ask({ do: "pair", pair, counts: fieldsOf(form) }, ({ problem, html }) => {
      form.querySelector("[data-problem]").textContent = problem;
      this.part("[data-trouble]").hidden = true;
      if (html) this.#show(html, form.querySelector("[type=submit]"));
    });
  }

  // Nothing leads back to the sheets.
  #show(html, from = null) {
    this.part("[data-screen]").innerHTML = html; // the engine's own HTML
    this.part("[data-pairs]").hidden = Boolean(html);
    this.title = html ? words.TITLE.pair : "";
    titled(this.title);
    document.body.classList.toggle("tr-projecting", Boolean(html));
    shown();
    const target = html ? this.part("[data-focus]") : this.#back;
    this.#back = from;
    if (target) focusOn(target, html ? this.root : target);
  }

  #only(version) {
    const parts = [...this.root.querySelectorAll("[data-pair], .tr-facilitator, [data-version]")];
    for (const part of parts) part.classList.toggle("tr-left-out", !part.contains(version));
    return () => {
      for (const part of parts) part.classList.remove("tr-left-out");
    };
  }

  clear() {
    this.drop();
    this.#back = null;
    if (this.part("[data-screen]").firstChild) this.#show("");
    for (const form of this.root.querySelectorAll("form")) form.reset();
    for (const problem of this.root.querySelectorAll("[data-problem]")) problem.textContent = "";
  }
}
