// The page's end of the worker: one call, request in and response out, that settles or says it is stuck.
// It knows when the engine is ready, stalled or dead. It knows nothing of the page, and keeps no answers.

// Without progress for this long, a reader is offered the readable version while waiting goes on.
const PATIENCE = 20_000;

export class Trouble extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

// One worker's life, from its start to its end. `started` settles once; each `send` settles once.
class Run {
  #worker;
  #waiting = new Map();
  #count = 0;
  #settle;
  ready = false;

  constructor(folder, onStage) {
    this.started = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    this.started.catch(() => {}); // whoever asks hears of it; a start in the background need not be asked for
    try {
      this.#worker = new Worker(new URL("engine-worker.mjs", import.meta.url), { type: "module" });
    } catch {
      this.end("worker");
      return;
    }
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault(); // reported on the page, not in the console
      this.end(this.ready ? "answer" : "worker");
    });
    this.#worker.addEventListener("messageerror", () => this.end("answer"));
    this.#worker.addEventListener("message", ({ data }) => this.#hear(data, onStage));
    this.#worker.postMessage({ start: folder });
  }

  #hear({ stage, id, text, failure }, onStage) {
    if (stage === "ready") {
      this.ready = true;
      this.#settle.resolve();
    }
    if (stage) onStage(stage);
    else if (failure) this.end(failure);
    else {
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
      this.#worker.postMessage({ id, text });
    });
  }

  end(kind) {
    if (this.over) return;
    this.over = kind;
    this.ready = false;
    this.#worker?.terminate();
    const trouble = new Trouble(kind);
    this.#settle.reject(trouble);
    for (const { reject } of this.#waiting.values()) reject(trouble);
    this.#waiting.clear();
  }
}

// Events: "starting", "ready", "stalled", and "trouble" (with `trouble`) when a start failed that nobody was waiting for.
export class Engine extends EventTarget {
  #folder;
  #run = null;
  #timer;

  constructor(folder) {
    super();
    this.#folder = folder;
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

  // A worker that dies or hangs while it answers is started once more and asked again: a request carries
  // all it needs. A start that fails is not tried again by itself, for the reader is better off reading.
  async ask(request) {
    const text = JSON.stringify(request);
    try {
      return await this.#once(text);
    } catch (trouble) {
      if (trouble.kind !== "answer") throw trouble;
      return await this.#once(text);
    }
  }

  // Ends Python and with it whatever its memory held.
  stop() {
    clearTimeout(this.#timer);
    this.#run?.end("stopped");
    this.#run = null;
  }

  #open() {
    if (!this.#run || this.#run.over) {
      const run = new Run(this.#folder, (stage) => this.#progress(stage));
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
    performance.mark("decision-tool:engine-ready");
    this.dispatchEvent(new Event("ready"));
  }

  #watch() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.dispatchEvent(new Event("stalled"));
      if (this.#run?.busy) this.#run.end("answer"); // an answer takes milliseconds: this worker hangs
    }, PATIENCE);
  }
}
