// What a session and the sorter share: one request at a time to the engine, and what the page says of it meanwhile.

import { SILENCE } from "../shared/browser.mjs";
import { element } from "../shared/dom.mjs";
import { Engine } from "../shared/engine.mjs";
import { titled } from "../shared/title.mjs";
import { Trouble } from "../shared/trouble.mjs";
import * as words from "./words.mjs";

const REFUSED = ".dt-error[data-focus], [data-problem]:not(:empty)"; // how a form says that it is not answered

export class Desk {
  #asked = 0;
  #bank = null; // all scenarios by their ids
  title = ""; // what the page is besides its own name

  constructor(root) {
    this.root = root;
    this.engine = new Engine(root.dataset.engine);
  }

  part(selector) {
    return this.root.querySelector(selector);
  }

  say(sentence, ...ways) {
    titled(words.TITLE.error);
    this.part("[data-trouble]").replaceChildren(element("p", { textContent: sentence }), ...ways);
    this.part("[data-trouble]").hidden = false;
  }

  // These scenarios, for the engine, which keeps nothing between requests.
  async scenarios(ids) {
    if (!this.#bank) {
      const response = await fetch(this.root.dataset.bank).catch(() => ({ ok: false }));
      if (!response.ok) throw new Trouble("answer");
      this.#bank = await response.json();
    }
    return Object.fromEntries(ids.map((id) => [id, this.#bank[id]]));
  }

  send(training) {
    return this.engine.ask({ training, base: this.root.dataset.base });
  }

  // Shows what comes back. Resolves with whether the engine took it; undefined if something else came in between.
  async ask(training, show, ...ways) {
    const asked = ++this.#asked;
    const progress = this.part("[data-progress]");
    progress.textContent = this.engine.ready ? "" : words.READYING;
    const slow = setTimeout(() => asked === this.#asked && this.say(words.SLOW, ...ways), SILENCE);
    try {
      const response = await this.send(training);
      if (asked !== this.#asked) return undefined;
      this.part("[data-trouble]").hidden = true;
      if (!response.ok) throw new Trouble("answer");
      show(response);
      titled(this.part(REFUSED) ? words.TITLE.error : this.title);
      return true;
    } catch (trouble) {
      if (asked !== this.#asked || trouble.kind === "stopped") return undefined;
      this.say(words.TROUBLE, ...ways);
      return false;
    } finally {
      clearTimeout(slow);
      if (asked === this.#asked) progress.textContent = "";
    }
  }

  // Nobody waits any more for what was asked.
  drop() {
    this.#asked += 1;
    this.part("[data-progress]").textContent = "";
    titled(this.title);
  }

  leave() {
    this.engine.stop();
    this.clear();
  }
}
