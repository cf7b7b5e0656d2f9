// One tool on the page: its screen, what it says while waiting or in trouble, and where the focus goes.
// It moves the engine's HTML and the reader's answers, and decides nothing about either.

import { placeOf } from "../shared/address.mjs";
import { measure } from "../shared/browser.mjs";
import { bringToTop, button, element, fieldsOf, focusOn, goTo, isWritten, painted, typedIn } from "../shared/dom.mjs";
import { shown } from "../shared/presses.mjs";
import { sure } from "../shared/sure.mjs";
import { titled } from "../shared/title.mjs";
import { TRY_AGAIN, Trouble } from "../shared/trouble.mjs";
import { Chart } from "./chart.mjs";
import { FirstAnswers } from "./first.mjs";
import { contents, Keeper, now } from "./record.mjs";
import * as words from "./words.mjs";

export class Tool {
  #root;
  #place;
  #progress;
  #trouble;
  #said;
  #text;
  #original;
  #first;
  #firstAnswers;
  #engine;
  #steps;
  #asked = 0;
  #pending = false;
  #remarks = {};
  #unavailable = false;
  #keeper;
  #chart;
  #drafts = new Map(); // what was typed and not sent, by the id of its field
  #unkept = new Set(); // what leaving now would lose: the record, the call sheet

  constructor(root, engine, steps) {
    this.#root = root;
    root.querySelector("[data-unscripted]")?.remove();
    this.#engine = engine;
    this.#steps = steps;
    this.#place = root.querySelector("[data-screen]");
    this.#progress = root.querySelector("[data-progress]");
    this.#trouble = root.querySelector("[data-trouble]");
    this.#text = document.getElementById(`${this.tree}-as-text`);
    this.#original = original(this.#place);
    const { state, node } = root.dataset;
    this.#first = { state, node, level: null, settled: null, path: [node] };
    this.#chart = new Chart(this.tree);
    this.#firstAnswers = new FirstAnswers(root);
    this.shown = this.#screen([...this.#place.childNodes], this.#first, {});
    this.#chart.light(this.shown.path);
    // A live region is announced only if it was there, empty, before its text came.
    this.#progress.hidden = false;
    this.#place.addEventListener("submit", (event) => this.#submit(event));
    this.#place.addEventListener("click", (event) => this.#click(event));
    this.#said = announcer(root);
    this.#place.addEventListener("change", ({ target }) => this.#choose(target));
    this.#place.addEventListener("change", ({ target }) => this.#sayBack(target));
    this.#place.addEventListener("input", ({ target }) => this.#typed(target));
    this.#keeper = new Keeper(
      root,
      (what) => this.#respond(what),
      (what) => this.#mark(what, false),
    );
    this.#follow();
  }

  get unsaved() {
    return this.#unkept.size > 0;
  }

  get tree() {
    return this.#root.dataset.decisionTool;
  }

  // The first question as the page was built, untouched by the reader.
  first() {
    return this.#screen([...this.#original.cloneNode(true).childNodes], this.#first, {});
  }

  // Screens keep their nodes, so that going back finds a form as it was left.
  show(screen) {
    this.#drop();
    this.#put(screen);
    shown();
    this.#focus();
  }

  // Leave nothing of the reader's in the page: it may be kept, frozen, for whoever uses this computer next.
  clear() {
    this.#unkept.clear();
    this.#drop();
    this.#put(this.first());
    this.#drafts.clear();
  }

  prepare() {
    this.#firstAnswers.prepare();
  }

  // Says that it is getting ready while a reader waits for that.
  signal() {
    this.#progress.textContent = this.#pending && !this.#engine.ready ? words.READYING : "";
  }

  ready() {
    if (this.#engine.ready) this.#firstAnswers.drop();
    this.signal();
    if (!this.#unavailable && this.#trouble.hidden) return;
    this.#unavailable = false;
    const held = this.#trouble.contains(document.activeElement);
    this.#trouble.hidden = true;
    this.#trouble.replaceChildren();
    titled(this.shown.title);
    this.#describe();
    if (held) this.#focus(); // or the keyboard would be nowhere once "try again" is gone
  }

  stalled() {
    if (!this.#unavailable) this.#offer(words.STALLED);
  }

  unavailable(kind) {
    this.#unavailable = true;
    titled(words.TITLE.error);
    this.#describe();
    this.#offer(
      words.TROUBLE[kind] ?? words.TROUBLE.answer,
      button(TRY_AGAIN, () => this.#again()),
    );
    this.#drop();
  }

  #again() {
    this.#pending = true;
    this.#engine.prepare();
  }

  #submit(event) {
    event.preventDefault();
    if (!("node" in event.target.dataset)) return; // the reader's view of a result is sent nowhere
    const { node } = event.target.dataset;
    this.#ask({ submit: { node, fields: fieldsOf(event.target) } }, event.timeStamp);
  }

  #click(event) {
    const place = placeOf(event.target.closest('a[href^="#"]')?.hash ?? "");
    if (place) {
      event.preventDefault(); // or the address would tell which question is open
      return goTo(place);
    }
    const { action, node, fact, value, way } = event.target.closest("[data-action]")?.dataset ?? {};
    if (action === "back") this.#steps.back();
    if (action === "restart") this.#restart();
    if (action === "record" || action === "call") this.#keep(way, action, event.target.closest("button"));
    if (action === "open") this.#open(event);
    if (action === "change") this.#ask({ change: node }, event.timeStamp);
    if (action === "offer") this.#ask({ submit: { node: null, fields: { [fact]: [value] } } }, event.timeStamp);
  }

  async #keep(way, what, button) {
    this.#pending ||= way !== "print";
    this.signal();
    const failed = await this.#keeper.keep(way, what, button);
    if (failed instanceof Trouble) this.unavailable(failed.kind);
  }

  async #open({ target, timeStamp }) {
    const open = await contents(target.form.querySelector("input[type=file]"));
    this.#ask({ open }, timeStamp);
  }

  // What is written can be lost, whether it was sent or not; and what was kept before it is no longer all there is.
  #typed(target) {
    if (!isWritten(target) && !target.form?.matches("[data-remarks]")) return;
    delete target.form.dataset.sent;
    this.#keeper.outdated();
    this.#mark(target.closest(".dt-call") ? "call" : "record", true);
  }

  #mark(what, unkept) {
    if (unkept) this.#unkept.add(what);
    else this.#unkept.delete(what);
    this.#warn();
    this.#steps.guard();
  }

  // In words too: some browsers ask nobody who leaves.
  #warn() {
    this.#root.querySelector("[data-unkept]").hidden = !this.unsaved;
  }

  // Ticking one box can untick others, which may be off the screen and which no screen reader would tell.
  #choose(input) {
    const unticked = keepExclusive(input);
    this.#said.textContent = unticked.length > 0 ? words.unticked(unticked) : "";
  }

  // A day and a time are said back in the engine's words as soon as they are there, before they count.
  async #sayBack(field) {
    if (field.type === "checkbox" || !("part" in field.dataset)) return;
    const place = field.form.querySelector(`[data-said="${CSS.escape(field.name)}"]`);
    const typed = () => new FormData(field.form).getAll(field.name);
    const asked = JSON.stringify(typed());
    const answer = await this.#respond({ say: { fact: field.name, typed: typed() } });
    if (!(answer instanceof Trouble) && asked === JSON.stringify(typed())) place.innerHTML = answer.html;
  }

  // A click made before the engine is ready is kept and answered then; of several, the last.
  async #ask(what, since) {
    const asked = ++this.#asked;
    this.#pending = true;
    this.signal();
    const answer = await this.#respond(what);
    if (asked !== this.#asked) return;
    if (answer instanceof Trouble) return this.unavailable(answer.kind);
    if (this.#engine.ready || !this.#unavailable) this.ready(); // the first answers do not mend what keeps Python away
    if (what.submit?.node) {
      const fields = fieldsOf(this.#place.querySelector("form[data-node]"));
      // Whoever went on writing meanwhile is not cut short.
      if (JSON.stringify(fields) !== JSON.stringify(what.submit.fields))
        return this.#ask({ submit: { ...what.submit, fields } }, since);
      this.#sent();
    }
    this.#arrive(answer, what.submit?.node === null ? openFolds(this.#place) : []);
    this.#describe(this.shown.state);
    painted(() => measure("decision-tool:step", since));
  }

  async #respond(what) {
    try {
      const { tree } = this;
      const remarks = what.submit ? { ...this.remarks, opinion: "" } : this.remarks; // it was of another result
      const { base } = this.#root.dataset;
      const request = { tree, base, answers: this.shown.answers, remarks, now: now(), ...what };
      const first = this.#engine.ready ? null : await this.#firstAnswers.answer(request);
      const response = first ?? (await this.#engine.ask(request));
      return response?.ok ? response : new Trouble("answer");
    } catch (trouble) {
      return trouble instanceof Trouble ? trouble : new Trouble("answer");
    }
  }

  // A tap on a result changes its words, not which folds the reader has opened: `open` names them.
  #arrive(response, open) {
    if (response.refused) {
      titled(words.TITLE.error);
      return this.#keeper.refuse(response);
    }
    const changed = inOrder(response.answers) !== inOrder(this.shown.answers);
    if (changed && !response.remarks) this.#unkept.add("record"); // an opened record is a file already
    const holder = element("template", { innerHTML: response.html }); // the engine's own HTML; it escapes whatever the reader wrote
    for (const fold of holder.content.querySelectorAll("[data-fold]")) fold.open ||= open.includes(fold.dataset.fold);
    const screen = this.#screen([...holder.content.childNodes], response, response.answers);
    screen.title = kindOf(response);
    const { clean = this.shown } = this.shown;
    if (response.valid === false) {
      screen.clean = clean;
      this.#steps.replace(this, screen);
    } else {
      this.#fix(clean);
      this.#steps.push(this, screen);
    }
    this.show(screen);
    if (response.valid !== false) this.#takeUp();
    if (response.remarks) this.#remarks = response.remarks;
    this.#later(screen);
  }

  // What was typed and not sent before another screen came stands there again when its question is asked again.
  #setAside() {
    const form = this.#place.querySelector("form[data-node]:not([data-sent])");
    const refused = this.shown?.clean !== undefined; // what it holds was made with it
    for (const { id, value } of form ? typedIn(form, refused) : []) this.#drafts.set(id, value);
  }

  #sent() {
    const form = this.#place.querySelector("form[data-node]");
    form.dataset.sent = "";
    for (const { id } of form.elements) this.#drafts.delete(id);
  }

  #takeUp() {
    for (const [id, value] of this.#drafts) {
      const field = this.#place.querySelector(`form[data-node] #${CSS.escape(id)}`);
      if (!field) continue;
      field.value = value;
      field.dispatchEvent(new Event("change", { bubbles: true })); // a day and a time are said back
    }
  }

  // What a result leaves for later comes when the result itself is on the screen.
  #later(screen) {
    for (const node of screen.nodes) {
      for (const place of node.querySelectorAll?.("[data-later]") ?? []) {
        if (!this.#engine.ready) place.textContent = words.COMING;
        const asked = this.#respond({ later: place.dataset.later, answers: screen.answers });
        asked.then(({ html = words.LATER_FAILED }) => (place.innerHTML = html));
      }
    }
  }

  // Once a question is answered, going back to it finds the answer and no longer the error that came before it.
  #fix(clean) {
    if (clean === this.shown) return;
    fill(clean.nodes, new FormData(this.#place.querySelector("form")));
    this.#steps.replace(this, clean);
  }

  async #restart() {
    if (
      Object.keys(this.shown.answers).length > 0 &&
      !(await sure(this.#root, words.START_AGAIN, words.CLEAR, words.KEEP))
    )
      return;
    const screen = this.first();
    this.#unkept.clear();
    this.#steps.restart(this, screen);
    this.show(screen);
    this.#drafts.clear();
  }

  // The reader's own view of the result and what they wrote on the call sheet, as it stands in its form now or stood when
  // the form was last on the screen. An opinion that no form holds was of another result.
  get remarks() {
    const forms = [...this.#place.querySelectorAll("[data-remarks], [data-call]")];
    const written = forms.map((form) => Object.fromEntries(new FormData(form)));
    return Object.assign({ ...this.#remarks }, ...(written.length > 0 ? [{ opinion: "" }, ...written] : []));
  }

  #screen(nodes, { state, node, level, settled, path }, answers) {
    return { nodes, state, node, level, settled, path, answers };
  }

  #put(screen) {
    this.#setAside();
    this.#remarks = Object.keys(screen.answers).length > 0 ? this.remarks : {};
    this.shown = screen;
    titled(screen.title);
    this.#place.replaceChildren(...screen.nodes);
    this.enable();
    this.#warn();
    this.#describe();
    this.#chart.light(screen.path);
  }

  // Without JavaScript nothing can be sent, because the build writes these buttons disabled and hides these parts.
  enable() {
    for (const part of this.#place.querySelectorAll("[data-scripted]")) part.hidden = false;
    for (const button of this.#place.querySelectorAll("button[disabled]")) button.disabled = false;
  }

  #describe(state = this.#unavailable ? "unavailable" : this.shown.state) {
    const { node, level, settled } = this.shown;
    const data = this.#root.dataset;
    data.state = state;
    data.node = node;
    if (level === null) delete data.level;
    else data.level = level;
    if (settled === null) delete data.settled;
    else data.settled = settled;
  }

  // The top of the tool comes into view first, for police advice stands there; then the question, if it is lower.
  #focus() {
    const target = this.#place.querySelector("[data-focus]");
    if (!target) return;
    focusOn(target, this.#root);
    if (target.getBoundingClientRect().top > window.innerHeight * 0.75) bringToTop(target);
  }

  // Whatever is under way belongs to a screen that is gone, or to an engine that is.
  #drop() {
    this.#asked += 1;
    this.#pending = false;
    this.#said.textContent = "";
    this.signal();
  }

  #offer(reason, ...extra) {
    const answered = Object.keys(this.shown.answers).length > 0;
    const said = [reason, answered ? words.STILL_HERE : "", words.READ_INSTEAD].filter(Boolean).join(" ");
    const link = element("a", { href: `#${this.#text.id}`, textContent: words.READ_LINK });
    const ways = element("p");
    ways.append(link, ...extra);
    this.#text.open = true;
    this.#trouble.hidden = false;
    this.#trouble.replaceChildren(element("p", { textContent: said }), ways);
    if (this.#pending) this.#trouble.scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  // The readable version stands open for whoever has no script. Fold it away now, unless it is what was asked for.
  #follow() {
    const within = (hash) => this.#text.contains(placeOf(hash));
    this.#text.open = within(location.hash);
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("a")?.getAttribute("href") ?? "";
      if (link.startsWith("#") && within(link)) this.#text.open = true;
    });
  }
}

const inOrder = (answers) => JSON.stringify(Object.entries(answers).sort());

const openFolds = (place) => [...place.querySelectorAll("details[data-fold][open]")].map((fold) => fold.dataset.fold);

function kindOf({ valid, state, remarks }) {
  if (remarks) return words.TITLE.record;
  if (valid === false) return words.TITLE.error;
  return state === "outcome" ? words.TITLE.result : words.TITLE.question;
}

function original(place) {
  const copy = place.cloneNode(true);
  for (const form of copy.querySelectorAll("form")) form.reset(); // a copy takes along what was ticked already
  return copy;
}

// "None of these" and "not known" cannot stand beside other ticks, nor beside each other. Gives what it unticked, in words.
function keepExclusive(input) {
  if (input.type !== "checkbox" || !input.checked) return [];
  const others = [...input.form.querySelectorAll(`input[type="checkbox"][name="${CSS.escape(input.name)}"]:checked`)];
  const unticked = others.filter(
    (other) => other !== input && ("exclusive" in input.dataset || "exclusive" in other.dataset),
  );
  for (const other of unticked) other.checked = false;
  return unticked.map((other) => other.labels[0].querySelector("span").firstChild.textContent.trim()); // not its hint
}

// A place for words that are heard and not seen. It is there, empty, before any come, or they would not be announced.
function announcer(root) {
  const made = element("div", { className: "dt-hidden" });
  made.setAttribute("role", "status");
  root.append(made);
  return made;
}

function fill(nodes, fields) {
  const form = nodes.find((node) => node.matches?.("form"));
  form.dataset.sent = "";
  for (const input of form.elements) {
    const parts = [...form.elements].filter((other) => "part" in other.dataset && other.name === input.name);
    if (input.type === "radio" || input.type === "checkbox")
      input.checked = fields.getAll(input.name).includes(input.value);
    else if (fields.has(input.name)) input.value = fields.getAll(input.name)[Math.max(parts.indexOf(input), 0)];
  }
}
