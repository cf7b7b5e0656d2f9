// A training page: a session for a room, or practice alone. It moves the engine's HTML, the focus and the state that
// the engine gave it, and decides nothing about any of them. Where a session stands is kept for a reload (storage.mjs);
// practice is kept nowhere.

import { attempt, print } from "../shared/browser.mjs";
import { COPIED, COPY_BY_HAND, fieldOf, toClipboard } from "../shared/clipboard.mjs";
import { button, fieldsOf, focusOn, idle, typedIn } from "../shared/dom.mjs";
import { Engine } from "../shared/engine.mjs";
import { shown } from "../shared/presses.mjs";
import { sure } from "../shared/sure.mjs";
import { TRY_AGAIN } from "../shared/trouble.mjs";
import { own, tell } from "./channel.mjs";
import { Chooser } from "./chooser.mjs";
import { clocks } from "./clocks.mjs";
import { Desk } from "./desk.mjs";
import { hands, typed } from "./hands.mjs";
import { blank, isMove, onKeys } from "./keys.mjs";
import { fromAddress } from "./link.mjs";
import { fullScreen, stayAwake } from "./projector.mjs";
import { kept } from "./storage.mjs";
import * as words from "./words.mjs";

export class Training extends Desk {
  #screen;
  #console;
  #chooser;
  #state = null;
  #place = null;
  #chosen = [];
  #blank = false;
  #staged = false; // whether the room has a window of its own
  #since = null; // when this window began to show the session
  #seen = true; // whether the room sees this window

  constructor(root) {
    super(root);
    this.#screen = this.part("[data-screen]");
    this.#console = this.part("[data-console]");
    this.#chooser = new Chooser(root, (scenes, short) => this.#begin(scenes, short));
    for (const place of [this.#screen, this.#console]) place.addEventListener("click", (event) => this.#click(event));
    this.#console.addEventListener("submit", (event) => this.#commit(event));
    hands(this.#console);
    onKeys(root, (move) => this.#moved(move));
    if (this.#session) this.#speak();
    this.#wireTrainer();
  }

  // What follows this session follows no other, and neither do its windows.
  #speak() {
    tell.answerWith(
      () => this.#place && { ...this.#place, state: this.#state, blank: this.#blank },
      (heard) => this.#heard(heard),
    );
    for (const link of this.root.querySelectorAll("a[target^=training-]")) {
      link.href += `/${own}`;
      link.target += `-${own}`;
    }
  }

  get #session() {
    return this.root.dataset.training === "session";
  }

  // Whether leaving now would lose counts that nobody else has.
  get unsaved() {
    return this.#uncommitted || (this.#session && !kept.on && Object.keys(this.#state?.given ?? {}).length > 0);
  }

  get #uncommitted() {
    return typedIn(this.#console).length > 0;
  }

  // Hands that were typed and not committed go only where the trainer says so.
  async #away(go) {
    if (!this.#uncommitted || (await sure(this.root, words.UNCOMMITTED, words.LEAVE_OUT, words.COUNT_ON))) go();
  }

  // What an address names is chosen, or begun at once by whoever practises alone. Python starts meanwhile.
  offer() {
    const named = fromAddress(location.hash, this.#chooser.known);
    if (named.problem) this.say(words.STRANGE_LINK);
    if (this.#session) {
      this.#chooser.choose(named.scenes, named.short);
      if (!this.#state && !named.problem && isKept(named)) return this.#resume();
      if (!this.#state) this.#offerKept();
    } else if (named.scenes.length > 0) return this.#begin(named.scenes.slice(0, 1));
    else if (this.#state) this.#end();
    if (Engine.possible) idle().then(() => this.engine.prepare());
    else this.say(words.UNSUPPORTED);
  }

  #wireTrainer() {
    const on = (selector, act) => this.part(selector)?.addEventListener("click", act);
    on("[data-go-on]", () => this.#resume());
    on("[data-delete]", () => {
      kept.forget(true);
      this.#offerKept();
    });
    on("[data-end]", () => this.#away(() => this.#end()));
    on(".tr-trainer [data-view]", ({ target }) =>
      this.#project(!document.body.classList.contains("tr-projecting"), target),
    );
    on("[data-keep]", ({ target }) => (target.checked ? kept.start(this.#state) : kept.forget()));
  }

  #offerKept() {
    this.part("[data-kept]").hidden = !kept.state;
  }

  #begin(scenes, short = false) {
    this.#chosen = scenes;
    this.#seen = this.part("[name=seen]:checked")?.value !== "no";
    if (this.#session) kept.begin();
    return this.#ask({ do: "begin", mode: this.root.dataset.training, chosen: scenes, short });
  }

  // The very step at which the session stood.
  async #resume() {
    this.part("[data-kept]").hidden = true;
    const state = kept.state;
    if (!state) return;
    this.#chosen = state.scenes;
    kept.begin(true);
    if ((await this.#ask({ do: "here", state })) !== false) return;
    kept.on = false;
    this.#offerKept();
    this.say(words.KEPT_STRANGE);
  }

  // The room's screen has opened, so that this window is the trainer's alone; or a clicker was pressed there.
  #heard({ stage, move }) {
    if (stage) {
      [this.#staged, this.#seen] = [true, false];
      this.#project(false);
      this.#setBlank(this.#blank);
    }
    if (isMove(move)) this.#moved(move);
  }

  // A window that has just opened asks besides whether the room has a screen of its own.
  #tell(hello = false) {
    tell.place({ ...this.#place, state: this.#state, blank: this.#blank, hello });
  }

  #setBlank(on) {
    this.#blank = on;
    blank(on && !this.#staged);
    if (this.#state) this.#tell();
  }

  // What a key or a clicker asks for. Hands that were typed are committed; without any there is no way on.
  #moved(move) {
    if (!this.#state || !this.#session || this.part("dialog")) return false;
    const form = this.#console.querySelector("[data-commit]");
    if (move === "full") fullScreen();
    else if (move === "blank" || this.#blank) this.#setBlank(!this.#blank);
    else if (move === "leave") this.#project(false);
    else if (move === "on" && form && (form.dataset.commit === "first" || typed(form))) form.requestSubmit();
    else this.#away(() => this.#ask({ do: move }));
    return true;
  }

  #click(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const { go, n } = button.dataset;
    if ("view" in button.dataset) this.#project(false);
    else if (go === "end") this.#away(() => this.#end());
    else if (go === "restart") this.#begin(this.#chosen);
    else if (go) this.#away(() => this.#ask({ do: go, ...(n === undefined ? {} : { n: Number(n) }) }));
    else if ("printSummary" in button.dataset) print(button);
    else if ("copySummary" in button.dataset) this.#copy();
  }

  #commit(event) {
    event.preventDefault();
    this.#ask({ do: "commit", fields: fieldsOf(event.target) });
  }

  #ask(what) {
    const again = button(TRY_AGAIN, () => this.#ask(what));
    return this.ask(what, (response) => this.#show(response), again);
  }

  // The engine gets the scenarios that are on, and the state that it gave.
  async send(what) {
    const scenes = await this.scenarios(this.#chosen);
    return super.send({ scenes, state: this.#state ?? undefined, ...what });
  }

  #show({ html, console, state, place }) {
    const began = this.#state === null;
    this.#state = state;
    this.#place = place;
    this.part("[data-trouble]").hidden = true;
    this.#screen.innerHTML = html; // the engine's own HTML; it escapes all that it did not write itself
    this.#console.innerHTML = console;
    this.#since ??= Date.now();
    clocks(this.root, kept.since ?? this.#since);
    this.root.dataset.stage = state.stage;
    this.title = words.TITLE[state.stage] ?? words.TITLE[this.root.dataset.training];
    this.#chooser.hidden = true;
    if (this.#session) {
      this.part("[data-trainer]").hidden = false;
      this.part("[data-kept]").hidden = true;
      if (began) {
        this.#project(this.#seen);
        this.part("[data-trainer]").open = !this.#seen && !this.#staged;
        stayAwake();
      }
      kept.update(state);
      this.#tell(began);
    }
    this.#focus(this.#console.querySelector("[data-focus]") ?? this.#screen.querySelector("[data-focus]"));
  }

  async #copy() {
    const asked = this.send({ do: "text" }).then(({ text }) => text);
    const said = this.#console.querySelector("[data-said]");
    try {
      await toClipboard(asked);
      said.textContent = COPIED;
    } catch {
      const field = fieldOf(await asked);
      field.setAttribute("aria-label", words.SUMMARY_LABEL);
      this.#console.querySelector("[data-copy-text]").replaceChildren(field);
      said.textContent = COPY_BY_HAND;
      field.focus();
      field.select();
    }
  }

  // Nothing is left: not on the page, not on the device, not in the facilitator's window.
  #end() {
    kept.forget();
    this.clear();
    if (location.hash) attempt(() => history.replaceState(history.state, "", location.pathname));
    this.#focus(document.querySelector("h1"));
  }

  clear() {
    this.title = "";
    this.drop();
    if (this.#session && this.#state) tell.place(null);
    [this.#state, this.#place, this.#since] = [null, null, null];
    this.#screen.replaceChildren();
    this.#console.replaceChildren();
    delete this.root.dataset.stage;
    this.#chooser.hidden = false;
    this.#project(false);
    const trainer = this.part("[data-trainer]");
    if (trainer) [trainer.hidden, trainer.open] = [true, false];
    const keep = this.part("[data-keep]");
    if (keep) keep.checked = true;
    this.#blank = false;
    blank(false);
  }

  #project(on) {
    document.body.classList.toggle("tr-projecting", on);
  }

  #focus(target) {
    shown();
    if (target) focusOn(target, this.#state ? this.root : target);
  }
}

// Whether a session is kept, and none other is named.
function isKept({ scenes, short }) {
  const state = kept.state;
  if (!state || scenes.length === 0) return Boolean(state);
  return String(scenes) === String(state.scenes) && short === Boolean(state.short);
}
