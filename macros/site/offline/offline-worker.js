// The service worker: keeps the whole site on this device once a reader has asked for it, and shows the kept copy when
// the network does not answer. It knows files, versions and times; it reads no page and knows no answer.
// The build writes it to sw.js and puts SETTINGS in (macros/site/offline/copy.py). `list` is the site's own list of files.
//
// All that it remembers stands in Cache Storage, because a browser ends a worker whenever it likes:
//   a cache for each version   its files by address, and last of all the mark, without which it counts for nothing
//   one cache, "state"         that a reader asked, which version each open page is of, and what went wrong last
// What a page is given, and from which version, is said in README.md.

"use strict";

const SETTINGS = { patience: 5000, list: "offline.json", named: "", notice: "", policy: "" };

const SCOPE = new URL(self.registration.scope);
// Another site may stand on the same host, under another path. The page's script removes by this name, too.
const OURS = `kept-copy 1 ${SCOPE.pathname} `;
const STATE = `${OURS}state`;
const LIST = new URL(SETTINGS.list, SCOPE).href;
const WORKER = self.location.href;
const MARK = new URL("kept/whole", SCOPE).href;
const LINKS = "links.json"; // below the root, as the list names it
const ASKED = new URL("kept/asked", SCOPE).href;
const TROUBLE = new URL("kept/trouble", SCOPE).href;
const OPEN = new URL("kept/open/", SCOPE).href;

const AT_ONCE = 4; // files that are fetched side by side
const MADE_BY = 3000; // milliseconds after an answer by which the browser has made the page that it is for
const AGAIN_AFTER = 10 * 60_000; // a renewal that failed is not tried on each page
const STAMP = /<html [^>]*?data-site-version="([0-9a-f]+)"/;
const NAMED_BY_CONTENT = new RegExp(`^${SETTINGS.named}`); // such an address never holds anything else

class Trouble extends Error {
  constructor(kind, file = "") {
    super(kind);
    this.kind = kind;
    this.file = file;
  }
}

const failAs = (kind, file) => () => {
  throw new Trouble(kind, file);
};

const after = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
// Made when a reader asks, and by nothing else: after a removal nothing brings it back.
const state = async () => ((await caches.has(STATE)) ? caches.open(STATE) : null);
const isPage = (response) => /^text\/html\b/i.test(response.headers.get("content-type") ?? "");
const json = (value) => new Response(JSON.stringify(value), { headers: { "content-type": "application/json" } });

// Looks into a cache without making it: to open one that was removed a moment ago would bring it back, empty.
const within = (cacheName, address) => caches.match(address, { cacheName, ignoreVary: true });

// What the answer in a cache says, as "json" or "text". Nothing if there is none that can be had.
const readFrom = (cacheName, address, as) =>
  within(cacheName, address)
    .then((found) => found?.[as]())
    .catch(() => null);

async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A path with its codes read; as it is, if they are cut or none. */
function read(path) {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

/** The name of a file below the root, as the list has it: no query, no fragment, no index.html. */
function nameOf(address) {
  const path = read(new URL(address).pathname).slice(read(SCOPE.pathname).length);
  return path.replace(/(^|\/)index\.html$/, "$1");
}

const addressOf = (name) => new URL(name || "./", SCOPE).href;

// ---- copies

/** A kept version. `mark` says what it holds and when it was had: {version, size, fetched, checked, files}. */
class Copy {
  constructor(name, mark) {
    this.name = name;
    this.mark = mark;
  }

  get version() {
    return this.mark.version;
  }

  has(name) {
    return Object.hasOwn(this.mark.files, name);
  }

  /** The answer with a file, whatever it holds. */
  answer(name) {
    return within(this.name, addressOf(name));
  }

  /** The bytes of a file, or null if they are gone or not what the list says. */
  async bytes(name) {
    const kept = await this.answer(name);
    const bytes = kept && (await kept.arrayBuffer());
    return bytes && (await sha256(bytes)) === this.mark.files[name].sha256 ? bytes : null;
  }

  /** The answer with a file, as it was kept: browsers keep compiled code with it. Null as above. */
  async file(name) {
    return (await this.bytes(name)) && this.answer(name);
  }

  /** Whether a file is missing. Looks at names alone, so it costs little. */
  async incomplete() {
    const cache = await caches.open(this.name);
    const held = new Set((await cache.keys()).map((request) => request.url));
    return Object.keys(this.mark.files).some((name) => !held.has(addressOf(name)));
  }
}

/** The copy in a cache, or null if it was never finished. */
async function copyIn(name) {
  const mark = await readFrom(name, MARK, "json");
  return mark && OURS + mark.version === name ? new Copy(name, mark) : null;
}

const cachesOfVersions = async () => (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== STATE);

/** All finished copies, first the one that was last known to be the site's own. */
async function copies() {
  try {
    const found = await Promise.all((await cachesOfVersions()).map(copyIn));
    return found.filter(Boolean).sort((a, b) => b.mark.checked.localeCompare(a.mark.checked));
  } catch {
    return []; // storage is refused: the network alone is left
  }
}

// ---- which version an open page is of

const versions = new Map(); // by client; the same stands in the state, for the next worker
const opening = new Set(); // clients that were answered a moment ago, which the browser may not name yet

async function remember(client, version) {
  if (!client || !version) return;
  versions.set(client, version);
  opening.add(client);
  setTimeout(() => opening.delete(client), MADE_BY);
  try {
    await (await state())?.put(OPEN + client, new Response(version));
  } catch {
    // No room, or storage is refused: this worker knows, and the next one takes the page for one that is not kept.
  }
}

async function versionOf(client) {
  if (!client) return null;
  return versions.get(client) ?? readFrom(STATE, OPEN + client, "text");
}

/** Forget pages that are closed; remove each copy that is neither the newest nor any open page's. */
async function forgetClosed() {
  for (const id of versions.keys()) if (!opening.has(id) && !(await self.clients.get(id))) versions.delete(id);
  const kept = await state();
  if (!kept) return;
  const used = new Set(versions.values());
  for (const { url } of await kept.keys()) {
    const id = url.startsWith(OPEN) ? url.slice(OPEN.length) : "";
    if (!id) continue;
    if (await self.clients.get(id)) used.add(await versionOf(id));
    else if (!versions.has(id)) await kept.delete(url);
  }
  const [newest, ...older] = await copies();
  for (const copy of older) if (newest && !used.has(copy.version)) await caches.delete(copy.name);
}

// ---- keeping

let work = null; // the keeping that is under way
let progress = null; // {done, total} in bytes
let lastTrouble = null; // for when even that cannot be stored
let stopped = false;

/** Keep what the site is now, or go on with it. Never fails: what went wrong is noted as a trouble. */
function keep({ asked = false } = {}) {
  const now = () => keepNow(asked);
  work ??= (navigator.locks ? navigator.locks.request(OURS, now) : now()).finally(() => {
    work = progress = null;
  });
  return work;
}

async function keepNow(asked) {
  lastTrouble = null;
  try {
    const kept = asked ? await caches.open(STATE) : await state();
    if (asked) await kept.put(ASKED, new Response(""));
    await kept.delete(TROUBLE);
    await takeSite();
  } catch (error) {
    const { kind, file } = error instanceof Trouble ? error : new Trouble(storageFault(error));
    // Room is given back at once; what else was had stays, so that the next try need not fetch it again.
    if (kind === "full") await removeUnfinished();
    if (kind !== "stopped") await noteTrouble({ kind, file, at: new Date().toISOString() });
  }
}

const storageFault = (error) => (error?.name === "QuotaExceededError" ? "full" : "refused");

async function noteTrouble(trouble) {
  lastTrouble = trouble;
  try {
    await (await state())?.put(TROUBLE, json(trouble));
  } catch {
    // It is told all the same, for as long as this worker runs.
  }
}

async function removeUnfinished() {
  try {
    for (const name of await cachesOfVersions()) if (!(await copyIn(name))) await caches.delete(name);
  } catch {
    // Storage is refused: nothing of ours is there.
  }
}

async function takeSite() {
  const fetched = new Date().toISOString(); // the earliest moment that can be meant
  const list = await fetchList();
  const cache = await caches.open(OURS + list.version);
  const others = await copies();
  progress = { done: 0, total: list.size };
  const waiting = Object.entries(list.files);
  const take = async () => {
    while (waiting.length > 0) {
      const [name, file] = waiting.shift();
      if (stopped) throw new Trouble("stopped");
      await takeFile(cache, others, name, file);
      progress.done += file.size;
    }
  };
  // All of them come to rest before a failure is told, or a straggler could write into a cache that was removed.
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, () => take().catch(giveUp(waiting))));
  const failed = ends.find(({ status }) => status === "rejected");
  if (failed) throw failed.reason;
  if (stopped) throw new Trouble("stopped");
  await cache.put(MARK, json({ ...list, fetched, checked: fetched })); // last of all
  await forgetClosed();
}

const giveUp = (waiting) => (error) => {
  waiting.length = 0;
  throw error;
};

async function fetchList() {
  const response = await fromSite(LIST, SETTINGS.list, "no-store");
  const list = await response.json().catch(failAs("changed", SETTINGS.list));
  if (typeof list?.version === "string" && typeof list.size === "number" && list.files?.[""]) return list;
  throw new Trouble("changed", SETTINGS.list); // what came is no list
}

/** Put one file into a cache: it is there already, or another version has the same, or the site gives it. */
async function takeFile(cache, others, name, file) {
  const there = await cache.match(addressOf(name), { ignoreVary: true });
  if (there && (await sha256(await there.arrayBuffer())) === file.sha256) return;
  const same = await fromCopies(others, file);
  await cache.put(addressOf(name), same ?? (await checked(name, file)));
}

async function fromCopies(others, { sha256: wanted }) {
  for (const copy of others)
    for (const [name, file] of Object.entries(copy.mark.files))
      if (file.sha256 === wanted) {
        const same = await copy.file(name);
        if (same) return same;
      }
  return null;
}

async function fromSite(address, name, cache) {
  const asking = fetch(address, { cache, credentials: "same-origin", redirect: "error" });
  const response = await asking.catch(failAs("network", name));
  if (!response.ok) throw new Trouble("missing", name);
  return response;
}

/** The answer with a file as the site's list has it. The browser's own cache may be used; if that is old, it is not. */
async function checked(name, file) {
  try {
    return await answerWith(name, file, "no-cache");
  } catch (error) {
    if (error.kind !== "changed") throw error;
    return answerWith(name, file, "reload");
  }
}

/** The same. A sign-in page in its place, or a changed file, is a Trouble. */
async function answerWith(name, file, cache) {
  const response = await fromSite(addressOf(name), name, cache);
  if (isPage(response) && file.type !== "text/html") throw new Trouble("changed", name);
  const bytes = await response.arrayBuffer().catch(failAs("network", name)); // it may be cut in the middle
  if ((await sha256(bytes)) !== file.sha256) throw new Trouble("changed", name);
  const headers = new Headers(response.headers); // whatever the site says about security is kept, too
  for (const header of ["content-encoding", "content-length", "transfer-encoding", "vary"]) headers.delete(header);
  headers.set("content-type", file.type); // proxies and plain servers get some wrong; the hash says that it is this file
  return new Response(bytes, { headers });
}

// ---- following the site, once a page has come from it

async function follow(version, response) {
  const kept = await state();
  if (stopped || !(await kept?.match(ASKED))) return;
  await forgetClosed();
  if (!version) return response.ok && isPage(response) ? leaveIfWithdrawn() : undefined;
  const copy = await copyIn(OURS + version);
  if (copy && !(await copy.incomplete()) && !damaged.has(version)) return renew(copy);
  const trouble = await (await kept.match(TROUBLE))?.json();
  if (trouble && trouble.kind !== "network" && Date.now() - Date.parse(trouble.at) < AGAIN_AFTER) return;
  await keep();
  damaged.delete(version);
}

/** The site has just shown a page of this version: the copy is the same as the site, as of now. */
async function renew(copy) {
  const checked = new Date().toISOString();
  if (checked > copy.mark.checked) await (await caches.open(copy.name)).put(MARK, json({ ...copy.mark, checked }));
}

/** A site that has neither its list nor this worker any more keeps no copies: then what was kept goes, and so do we. */
async function leaveIfWithdrawn() {
  const gone = async (address) => [404, 410].includes((await fetch(address, { cache: "no-cache" })).status);
  try {
    if ((await gone(LIST)) && (await gone(WORKER))) await remove();
  } catch {
    // The network went: nothing is known, so nothing is done.
  }
}

async function remove() {
  stopped = true;
  await work;
  for (const name of await caches.keys()) if (name.startsWith(OURS)) await caches.delete(name);
  await self.registration.unregister();
}

// ---- answers

const damaged = new Set(); // versions of which a file was found wrong; mended when the site is next reached

async function answerPage(event) {
  const stop = new AbortController();
  const network = ask(event.request, stop.signal);
  const first = await Promise.race([network, after(SETTINGS.patience)]);
  if (first?.good) return pageFromNetwork(event, first);
  const kept = await keptPage(event);
  if (kept) {
    stop.abort();
    return kept;
  }
  const late = await network; // with nothing kept, a slow network is better than none
  if (late.good) return pageFromNetwork(event, late);
  return late.response ?? nothingKept(event);
}

/** What the network says to a page, whole: {good, response, version}. An error of the server's is not good. */
async function ask(request, signal) {
  try {
    // "no-cache": a page is never older than the network's, whatever the browser has in its own cache.
    const response = await fetch(request, { cache: "no-cache", signal });
    const version = isPage(response) ? STAMP.exec(await response.clone().text())?.[1] : null;
    return { good: response.status < 500, response, version };
  } catch {
    return { good: false };
  }
}

async function pageFromNetwork(event, { response, version }) {
  await remember(event.resultingClientId, version);
  event.waitUntil(follow(version, response).catch(() => {}));
  return response;
}

async function keptPage(event) {
  const name = nameOf(event.request.url);
  const [page, place] = name.split(/%23(.*)/i);
  if (place !== undefined) return Response.redirect(`${addressOf(page)}#${place}`); // a mail program wrote it for the #
  for (const copy of await copies()) {
    if (copy.has(`${name}/`)) return Response.redirect(addressOf(`${name}/`));
    const on = await leadsOn(copy, name);
    if (on !== null) return Response.redirect(addressOf(on));
    const bytes = copy.has(name) && (await copy.bytes(name));
    if (copy.has(name) && !bytes) damaged.add(copy.version);
    if (!bytes) continue;
    await remember(event.resultingClientId, copy.version);
    const kept = await copy.answer(name);
    if (copy.mark.files[name].type !== "text/html") return kept;
    const broken = damaged.has(copy.version) || (await copy.incomplete());
    const said = `data-kept="${copy.mark.fetched}" data-kept-checked="${copy.mark.checked}"`;
    const page = new TextDecoder()
      .decode(bytes)
      .replace("<html ", `<html ${said}${broken ? " data-kept-damaged" : ""} `);
    return new Response(page, { headers: kept.headers });
  }
  return null;
}

/** Where a permanent link or a page that moved leads, or null. Their own small pages are not kept. */
async function leadsOn(copy, name) {
  if (copy.has(name) || !copy.has(LINKS)) return null;
  try {
    const { links, moved } = JSON.parse(new TextDecoder().decode(await copy.bytes(LINKS)));
    const page = name.endsWith("/") ? name : `${name}/`;
    return links.find(({ go }) => go === page)?.address ?? (Object.hasOwn(moved, page) ? moved[page] : null);
  } catch {
    return null; // it is damaged: nothing is known of where it leads
  }
}

async function answerFile(event) {
  const name = nameOf(event.request.url);
  const version = await versionOf(event.clientId);
  await remember(event.resultingClientId, version); // a worker is of the version of the page that starts it
  const all = await copies();
  const own = all.find((copy) => copy.version === version);
  if (own?.has(name)) return (await own.file(name)) ?? mended(own, name);
  // The browser's own cache may still have the same address from another version.
  if (!NAMED_BY_CONTENT.test(name)) return fetch(event.request, { cache: "no-cache" });
  for (const copy of all) {
    const same = copy.has(name) && (await copy.file(name));
    if (same) return same;
  }
  return fetch(event.request);
}

/** A file that the copy has lost, if the site still has the same one. */
async function mended(copy, name) {
  damaged.add(copy.version);
  return checked(name, copy.mark.files[name]).catch(() => Response.error());
}

/** The one page that is this worker's own. Reached without a network and without a copy that can be used. */
async function nothingKept(event) {
  const all = await copies();
  const reason =
    all.length === 0
      ? "There is no whole copy of this site on this device: keeping it was not finished, or it was removed."
      : all.some((copy) => copy.has(nameOf(event.request.url)))
        ? "This page is damaged in the copy on this device, so it is not shown."
        : "This page is not in the copy on this device.";
  const home = all.length === 0 ? "" : `<p><a href="${SCOPE.pathname}">Go to the start page of the copy</a></p>`;
  const page = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>This page cannot be shown now</title>
<style>:root{color-scheme:light dark}body{max-width:38rem;margin:0 auto;padding:1rem;font:1.1rem/1.5 sans-serif}
.notice{margin:0 0 1rem;padding:.5rem;background:#ffdd00;color:#0b0c0c;font-weight:700;text-align:center}</style>
<p class="notice">${SETTINGS.notice}</p>
<main><h1>This page cannot be shown now</h1>
<p>The site cannot be reached. ${reason}</p>
<p><strong>If a child may be in danger now, contact the police directly. In an emergency call 999.</strong> The number is not from the procedure.</p>
<p>When you have a network, <a href="">try again</a>.</p>${home}</main></html>`;
  const headers = { "content-type": "text/html; charset=utf-8", "content-security-policy": SETTINGS.policy };
  return new Response(page, { status: 503, headers });
}

// ---- events

self.addEventListener("install", () => self.skipWaiting()); // all that matters is stored, so any worker can go on
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const ours = origin === SCOPE.origin && pathname.startsWith(SCOPE.pathname);
  if (request.method !== "GET" || !ours || request.url === WORKER || request.url.startsWith(LIST)) return;
  event.respondWith(request.mode === "navigate" ? answerPage(event) : answerFile(event));
});

async function condition() {
  const [copy] = await copies();
  const trouble = await readFrom(STATE, TROUBLE, "json");
  return {
    copy: copy && {
      version: copy.version,
      size: copy.mark.size,
      fetched: copy.mark.fetched,
      checked: copy.mark.checked,
      damaged: damaged.has(copy.version) || (await copy.incomplete()),
    },
    keeping: work !== null,
    progress,
    trouble: trouble ?? lastTrouble,
  };
}

function askedToKeep() {
  stopped = false;
  return void keep({ asked: true }); // it takes its time: the page asks how it goes
}

self.addEventListener("message", (event) => {
  const acts = { keep: askedToKeep, remove, condition };
  if (!Object.hasOwn(acts, event.data?.act)) return;
  const answered = async () => event.ports[0]?.postMessage((await acts[event.data.act]()) ?? {});
  event.waitUntil(answered().then(() => work)); // while a keeping is under way, the browser must not end the worker
});
