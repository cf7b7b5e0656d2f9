// The page's end of the worker: one call, request in and response out, that settles or says it is stuck.
// It knows when the engine is ready, stalled or dead. It knows nothing of the page, and keeps no answers.

import { attempt, mark, SILENCE } from "./browser.mjs";
import { Trouble } from "./trouble.mjs";

// Without progress for this long, a reader is offered the readable version while waiting goes on.
const PATIENCE = 20_000;

// Nobody is told when a shared worker dies. One that does not even take a request for this long is held to be dead. If
// it was only busy for another page, all that is lost is the time that a worker of our own takes to start.
const TAKEN_WITHIN = SILENCE;

// One worker's life, from its start to its end, as this page knows it. `started` settles once; each `send` settles once.
//
// The worker is shared by all pages of the site that are open: a reader who goes on to another tool finds Python
// ready. It keeps no answers, so sharing it shares nothing else (engine-worker.mjs). Where there is no SharedWorker, or
// it does not start, or it failed once, a page has a worker of its own.
class Run {
  #address;
  #worker;
  #port;
  #onStage;
  #heard = false;
  #taking;
  #waiting = new Map();
  #count = 0;
  #settle;
  ready = false;

  constructor(address, shared, onStage) {
    this.#address = address;
    this.#onStage = onStage;
    this.started = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    this.started.catch(() => {}); // whoever asks hears of it; a start in the background need not be asked for
    this.#start(shared);
  }

  #start(shared) {
    this.shared = shared;
    // Chromium ends a shared worker with its last page, before the next page is there, unless it is asked not to.
    const options = { type: "module", name: "decision-tool", extendedLifetime: true };
    try {
      this.#worker = shared ? new SharedWorker(this.#address, options) : new Worker(this.#address, options);
    } catch {
      return shared ? this.#start(false) : this.end("worker");
    }
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault(); // reported on the page, not in the console
      if (shared) this.#ownInstead();
      else this.end(this.ready ? "answer" : "worker");
    });
    this.#listen(shared ? this.#worker.port : this.#worker);
    if (!shared) return;
    this.#port.start();
    setTimeout(() => this.doubt(), TAKEN_WITHIN); // that nobody starts it is told to nobody either
  }

  // A shared worker that has not said a word has no request of ours either: nothing is lost by leaving it.
  #ownInstead() {
    if (this.over || !this.shared) return;
    if (this.#heard) return this.end("answer");
    this.#port.close();
    this.#start(false);
  }

  // For a start that seems to stand still.
  doubt() {
    if (!this.#heard) this.#ownInstead();
  }

  #listen(port) {
    this.#port = port;
    port.addEventListener("messageerror", () => this.end("answer"));
    port.addEventListener("message", ({ data }) => {
      if (port === this.#port && !this.over) this.#hear(data);
    });
  }

  #hear({ stage, id, text, failure }) {
    this.#heard = true;
    clearTimeout(this.#taking);
    if (stage === "ready") {
      this.ready = true;
      this.#settle.resolve();
    }
    if (stage) this.#onStage(stage);
    else if (failure) this.end(failure);
    else if (text !== undefined) {
      this.#waiting.get(id)?.resolve(text);
      this.#waiting.delete(id);
    }
  }

  get busy() {
    return this.#waiting.size > 0;
  }

  async send(text) {
    await this.started;
    if (this.over) throw new Trouble(this.over);
    const id = ++this.#count;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      clearTimeout(this.#taking);
      if (this.shared) this.#taking = setTimeout(() => this.end("answer"), TAKEN_WITHIN);
      if (attempt(() => this.#port.postMessage({ id, text }), "failed") === "failed") this.end("answer");
    });
  }

  // A worker of our own ends at once, with whatever its memory held. From a shared one this page only takes its leave:
  // others may be waiting for it. It holds nothing of ours by then but what Python has let go of and not written over
  // yet, which no page can read; and the browser ends it soon after its last page.
  end(kind) {
    if (this.over) return;
    this.over = kind;
    this.ready = false;
    clearTimeout(this.#taking);
    if (this.shared) {
      attempt(() => this.#port.postMessage({ leave: true }));
      attempt(() => this.#port.close());
    } else this.#worker?.terminate();
    const trouble = new Trouble(kind);
    this.#settle.reject(trouble);
    for (const { reject } of this.#waiting.values()) reject(trouble);
    this.#waiting.clear();
  }
}

// Events: "starting", "ready", "stalled", and "trouble" (with `trouble`) when a start failed that nobody was waiting for.
export class Engine extends EventTarget {
  #address;
  #run = null;
  #timer;
  #shared = "SharedWorker" in globalThis;

  constructor(folder) {
    super();
    this.#address = new URL("engine-worker.mjs", new URL(folder, document.baseURI));
  }

  static get possible() {
    return "Worker" in globalThis && "WebAssembly" in globalThis;
  }

  get ready() {
    return this.#run?.ready ?? false;
  }

  // Start ahead of the first question asked; a failure is told as an event.
  prepare() {
    this.#open().started.catch((trouble) => {
      if (trouble.kind !== "stopped") this.dispatchEvent(Object.assign(new Event("trouble"), { trouble }));
    });
  }

  // A worker that dies or hangs while it answers is replaced by one of our own, and that is asked again: a request
  // carries all it needs. A start that fails is not tried again by itself, for the reader is better off reading.
  async ask(request) {
    const text = JSON.stringify(request);
    try {
      return await this.#once(text);
    } catch (trouble) {
      if (trouble.kind !== "answer") throw trouble;
      return await this.#once(text);
    }
  }

  // Nothing more is asked of this page: see `end`.
  stop() {
    clearTimeout(this.#timer);
    this.#run?.end("stopped");
    this.#run = null;
  }

  #open() {
    if (!this.#run || this.#run.over) {
      if (this.#run) this.#shared = false; // it failed once
      const run = new Run(this.#address, this.#shared, (stage) => this.#progress(stage));
      this.#run = run;
      this.#watch();
      this.dispatchEvent(new Event("starting"));
      run.started.catch(() => this.#run === run && clearTimeout(this.#timer));
    }
    return this.#run;
  }

  async #once(text) {
    const run = this.#open();
    await run.started;
    this.#watch();
    try {
      return JSON.parse(await run.send(text));
    } catch (error) {
      throw error instanceof Trouble ? error : new Trouble("answer");
    } finally {
      if (!run.busy) clearTimeout(this.#timer);
    }
  }

  #progress(stage) {
    if (stage !== "ready") return this.#watch();
    clearTimeout(this.#timer);
    mark("decision-tool:engine-ready");
    this.dispatchEvent(new Event("ready"));
  }

  #watch() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.dispatchEvent(new Event("stalled"));
      if (this.#run?.busy)
        this.#run.end("answer"); // an answer takes milliseconds: this worker hangs
      else if (!this.ready) this.#run?.doubt();
    }, PATIENCE);
  }
}
