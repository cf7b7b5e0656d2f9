// The page "Keep this site on this device": asks the service worker to keep or remove the copy, and says how it goes.
// Nothing is registered or stored before the button is pressed. It knows the section with `data-offline-copy`.

import { answered } from "../shared/browser.mjs";
import { element } from "../shared/dom.mjs";
import { shown } from "../shared/presses.mjs";
import { titled } from "../shared/title.mjs";
import { TRY_AGAIN, Trouble } from "../shared/trouble.mjs";
import { keptFrom, since, ukTime, validity } from "./kept.mjs";

const ROOT = new URL("../../", import.meta.url); // the site's own root, also below a path
const OURS = `kept-copy 1 ${ROOT.pathname} `; // how the worker names its caches
const PAUSE = 400;

const TROUBLES = {
  network: () =>
    "The network was cut before everything was kept. What was fetched so far waits, and keeping goes on from there.",
  missing: ({ file }) =>
    `The site did not give one of its files (${file}). It may be changing just now. Try again in a few minutes.`,
  changed: ({ file }) =>
    `What came in place of one file (${file}) was not this site’s. A filter or the sign-in page of a network may have answered instead, or the site is changing just now. Sign in to the network if it asks you to, and try again.`,
  full: (_, size) =>
    `There is not enough room on this device: the copy needs ${size}. What had been kept of it was removed. Make room and try again.`,
  refused: () =>
    "This browser refuses to store files for this site. A private window often does. Try an ordinary window.",
  worker: () => "The part of this site that keeps a copy (sw.js) could not be started.",
  silent: () => "The part of this site that keeps a copy does not answer. Close all pages of this site and try again.",
};

const UNABLE = {
  insecure:
    "A copy can be kept only where the site’s address begins with https:// (or on this machine itself). This one does not.",
  unsupported: "This browser cannot keep a copy of a site, or does not do so in a private window.",
};

const LASTS = "This browser promises to keep the copy until you remove it.";
const MAY_GO =
  "This browser does not promise how long it keeps the copy. It may remove it when it needs room, and on an iPhone or iPad after seven days of use in which this site was not used. An app on the home screen counts its own days: where “Share”, then “Add to Home Screen” makes one of this site, open it and keep the copy there. Look here before you rely on a copy.";

const megabytes = (bytes) => `${Math.ceil(bytes / 1_000_000)} MB`;
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function inability() {
  if (!isSecureContext) return "insecure";
  return "serviceWorker" in navigator && "caches" in globalThis ? null : "unsupported";
}

// ---- the worker

async function registration() {
  const found = await answered(() => navigator.serviceWorker.getRegistration(ROOT.href));
  return found?.scope === ROOT.href ? found : null; // not one of a site above this one
}

async function register() {
  try {
    const how = { scope: ROOT.href, updateViaCache: "none" };
    const made = await answered(() => navigator.serviceWorker.register(new URL("sw.js", ROOT), how));
    await answered(() => activated(made.active ?? made.waiting ?? made.installing));
    return made;
  } catch (error) {
    if (error instanceof Trouble) throw error;
    throw new Trouble(error?.name === "SecurityError" && !navigator.onLine ? "network" : "worker");
  }
}

async function activated(worker) {
  while (worker.state !== "activated") {
    if (worker.state === "redundant") throw new Trouble("worker");
    await Promise.race([
      pause(PAUSE),
      new Promise((resolve) => worker.addEventListener("statechange", resolve, { once: true })),
    ]);
  }
}

/** What the worker answers to an act: "keep", "remove", "condition". */
async function ask(found, act) {
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
  found.active?.postMessage({ act }, [port2]);
  try {
    return await answered(() => answer);
  } finally {
    port1.close();
  }
}

async function removeAll() {
  const found = await registration();
  if (found?.active) await ask(found, "remove").catch(() => {}); // it may be what is broken
  if (found) await answered(() => found.unregister());
  for (const name of await answered(() => caches.keys()))
    if (name.startsWith(OURS)) await answered(() => caches.delete(name));
}

// ---- the page

class Panel {
  constructor(section) {
    const part = (name) => section.querySelector(`[data-offline-${name}]`);
    [this.said, this.bar, this.amount] = ["said", "bar", "amount"].map(part);
    [this.keepButton, this.removeButton] = ["keep", "remove"].map(part);
    this.keepButton.addEventListener("click", () => this.#act(() => this.keep()));
    this.removeButton.addEventListener("click", () => this.#act(() => this.remove()));
    // Whoever waits on this page for the network to come back need not press again.
    addEventListener("online", () => this.waiting && this.#act(() => this.keep()));
    this.promised = element("p");
    this.promised.dataset.offlinePromised = "";
    this.said.parentElement.append(this.promised);
    this.size = document.querySelector("[data-copy-size]")?.textContent ?? "more";
  }

  say(text) {
    if (this.said.textContent !== text) this.said.textContent = text;
  }

  async begin() {
    const unable = inability();
    if (unable) return this.say(UNABLE[unable]);
    await this.#act(async () => {
      const found = await registration();
      if (!found?.active) return this.show({});
      const condition = await ask(found, "condition");
      if (condition.copy) this.#promise("persisted");
      return condition.keeping ? this.follow(found) : this.show(condition);
    });
  }

  // One thing at a time; whatever goes wrong is said, and leaves buttons to try again with.
  async #act(act) {
    if (this.busy) return;
    this.busy = true;
    this.waiting = false;
    try {
      await act();
    } catch (error) {
      this.show({ trouble: { kind: error.kind ?? "refused" } });
    } finally {
      this.busy = false;
      this.bar.hidden = this.amount.hidden = true;
    }
  }

  buttons({ keep = null, remove = false }) {
    shown(); // one stands where the other stood
    const had = document.activeElement;
    this.keepButton.hidden = keep === null;
    if (keep !== null) this.keepButton.textContent = keep;
    this.removeButton.hidden = !remove;
    // A focused button that goes must not throw a keyboard back to the top of the page.
    if (had?.hidden && this.said.parentElement.contains(had)) this.said.focus();
  }

  show({ copy, trouble }, said = "") {
    const kept = copy && keptFrom(copy.fetched, copy.checked, copy.damaged);
    const wrong = trouble ? `${TROUBLES[trouble.kind](trouble, this.size)} ` : "";
    this.waiting = trouble?.kind === "network";
    titled(wrong ? "Error" : kept ? "Kept" : "");
    if (!kept) {
      this.say(
        wrong
          ? `${wrong}The site itself works as before. No whole copy is kept on this device.`
          : `${said}No copy of this site is kept on this device.`,
      );
      return this.buttons({ keep: wrong ? TRY_AGAIN : "Keep this site on this device", remove: Boolean(wrong) });
    }
    const now = new Date();
    const age =
      validity(kept, now) === "valid"
        ? `It is valid until ${ukTime(kept.ends)}.`
        : "It is out of date: press the button below to fetch a current one.";
    const harmed = kept.damaged ? " Part of it is damaged." : "";
    const renewal = wrong ? `The copy could not be renewed. ${wrong}` : "";
    this.say(`${renewal}A copy is kept on this device, ${since(kept)} (${megabytes(copy.size)}). ${age}${harmed}`);
    this.buttons({ keep: "Fetch a current copy now", remove: true });
  }

  async keep() {
    this.buttons({ remove: false });
    titled("Keeping a copy");
    this.say(
      "Keeping a copy of this site on this device. You can go on reading; it goes on by itself while the site is open.",
    );
    this.#promise("persist");
    const found = await register();
    await ask(found, "keep");
    await this.follow(found);
  }

  // Asked of the browser and not waited for: some ask the reader, and some never answer.
  async #promise(asked) {
    const lasts = await answered(() => navigator.storage[asked]()).catch(() => false);
    this.promised.textContent = lasts === true ? LASTS : MAY_GO;
  }

  /** Show how the worker gets on until it is done. One that the browser has ended meanwhile is asked again. */
  async follow(found) {
    this.buttons({ remove: false });
    this.bar.hidden = this.amount.hidden = false;
    for (;;) {
      const condition = await ask(found, "condition");
      if (condition.keeping) this.showProgress(condition.progress ?? { done: 0, total: 0 });
      else if (condition.copy || condition.trouble) return this.show(condition);
      else await ask(found, "keep");
      await pause(PAUSE);
    }
  }

  showProgress({ done, total }) {
    this.bar.max = total || 1;
    this.bar.value = done;
    this.amount.textContent = total
      ? `${megabytes(done)} of ${megabytes(total)}`
      : "Asking the site for its list of files";
  }

  async remove() {
    this.buttons({ remove: false });
    await removeAll();
    this.promised.textContent = "";
    this.show({}, "The copy was removed. ");
  }
}

for (const section of document.querySelectorAll("[data-offline-copy]")) new Panel(section).begin();
