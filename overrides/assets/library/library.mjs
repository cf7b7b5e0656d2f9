// The page for editors who link here: finds links as words are typed, and copies one as an address, as HTML or as
// Markdown. Knows the section with `data-link-library`. Nothing typed leaves the page, not even into its address.

import { COPY_BY_HAND, toClipboard } from "../shared/clipboard.mjs";
import { element } from "../shared/dom.mjs";
import { titled } from "../shared/title.mjs";

const root = document.querySelector("[data-link-library]");
// Where the site is published, if its build knew; else where it is open now, also below a path.
const SITE = root.dataset.baseUrl || new URL("../../", import.meta.url).href;
const WAYS = { address: "the address", html: "an HTML link", markdown: "a Markdown link" };
const MANY = 100; // so many hits stay folded: nobody reads them all

const plain = (text) => text.toLowerCase().replaceAll("’", "'");
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const MARKS = /[\\`*_[\]<>&~|]/g;

/** What is copied of a link: its permanent address, alone or in a link with its words. */
function copied(way, { text, address }) {
  if (way === "html") return `<a href="${escaped(address)}">${escaped(text)}</a>`;
  if (way === "markdown") return `[${text.replace(MARKS, "\\$&")}](${address})`;
  return address;
}

function linkOf(row) {
  const [link, code] = [row.querySelector("a"), row.querySelector("code")];
  return {
    text: link.dataset.text ?? link.textContent,
    address: new URL(`go/${code.textContent}/`, SITE).href,
    id: code.textContent,
  };
}

// ---- the menu of the one link that was chosen

class Menu {
  #menu = root.querySelector("[data-links-menu]");
  #said = this.#part("said");
  #byHand = this.#menu.querySelector("textarea");
  #drawn = this.#part("drawn");
  #draw = this.#part("draw");
  #opener = null;

  constructor() {
    this.#menu.addEventListener("click", ({ target }) => {
      if (target.dataset.copy) this.#copy(target.dataset.copy);
      else if (target === this.#draw) this.#show();
    });
    root.addEventListener("keydown", (event) => event.key === "Escape" && this.#opener && this.#close(true));
  }

  #part(name) {
    return this.#menu.querySelector(`[data-links-${name}]`);
  }

  get #row() {
    return this.#opener.closest("li");
  }

  toggle(opener) {
    const same = opener === this.#opener;
    this.#close();
    if (same) return;
    this.#opener = opener;
    opener.setAttribute("aria-expanded", "true");
    this.#menu.setAttribute("aria-label", `Copy a link to ${this.#row.querySelector("a").textContent}`);
    this.#draw.hidden = !("linksQr" in opener.closest("[data-links-kind]").dataset);
    this.#row.append(this.#menu);
    this.#menu.hidden = false;
  }

  #close(back = false) {
    this.#opener?.setAttribute("aria-expanded", "false");
    if (back) this.#opener.focus();
    this.#opener = null;
    this.#menu.hidden = this.#byHand.hidden = this.#drawn.hidden = true;
    this.#said.textContent = "";
  }

  /** Close it where its row is no longer shown. */
  tidy() {
    if (this.#opener && this.#opener.offsetParent === null) this.#close();
  }

  async #copy(way) {
    const text = copied(way, linkOf(this.#row));
    this.#said.textContent = "";
    try {
      await toClipboard(text);
      this.#byHand.hidden = true;
      this.#said.textContent = `Copied: ${WAYS[way]}.`;
    } catch {
      this.#byHand.value = text;
      this.#byHand.hidden = false;
      this.#byHand.select();
      this.#said.textContent = COPY_BY_HAND;
    }
  }

  async #show() {
    const { drawCode } = await import("../shared/qr.mjs");
    const { address, id } = linkOf(this.#row);
    const name = `QR code for ${address}`;
    const svg = drawCode(this.#part("code"), address, name);
    const save = this.#part("save");
    URL.revokeObjectURL(save.href);
    save.href = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    save.download = `${id}.svg`;
    this.#drawn.hidden = false;
    this.#said.textContent = name;
  }
}

// ---- the list

const menu = new Menu();
const folds = [...root.querySelectorAll("details")].map((fold) => ({
  fold,
  part: fold.closest("[data-links-kind]"),
  count: fold.querySelector("[data-links-count]"),
  rows: [...fold.querySelectorAll("li")].map((row) => ({
    row,
    words: plain(`${row.textContent} ${row.dataset.words ?? ""} ${fold.querySelector("summary").textContent}`),
  })),
}));
const all = folds.reduce((sum, { rows }) => sum + rows.length, 0);
const openBefore = new Map();
const field = document.getElementById("link-words");
const said = root.querySelector("[data-links-found]");

// A row gets its button when it can first be seen: hundreds would be made for nothing.
function equip(fold) {
  for (const row of fold.querySelectorAll("li")) {
    if (row.querySelector(":scope > button")) continue;
    const button = element("button", { type: "button", className: "md-button", textContent: "Copy" });
    button.setAttribute("aria-label", `Copy a link: ${row.querySelector("a").textContent}`);
    button.setAttribute("aria-expanded", "false");
    button.dataset.linksCopy = "";
    row.querySelector("code").after(button);
  }
}

function find() {
  const wanted = plain(field.value).split(/\s+/).filter(Boolean);
  if (wanted.length > 0 && openBefore.size === 0) for (const { fold } of folds) openBefore.set(fold, fold.open);
  for (const { row, words } of folds.flatMap(({ rows }) => rows))
    row.hidden = !wanted.every((one) => words.includes(one));
  const shown = (rows) => rows.filter(({ row }) => !row.hidden).length;
  const found = folds.reduce((sum, { rows }) => sum + shown(rows), 0);
  for (const { fold, part, count, rows } of folds) {
    const own = shown(rows);
    count.textContent = own;
    fold.hidden = own === 0;
    fold.open = wanted.length > 0 ? own > 0 && found <= MANY : (openBefore.get(fold) ?? fold.open);
    if (fold.open) equip(fold); // not when it says that it opened: who types and tabs is quicker than that
    part.hidden = folds.every((one) => one.part !== part || one.fold.hidden);
  }
  if (wanted.length === 0) openBefore.clear();
  menu.tidy();
  titled(wanted.length === 0 ? "" : found === 0 ? "No link found" : "Links found");
  if (wanted.length === 0) said.textContent = `${all} links`;
  else if (found === 0) said.textContent = "No link has all of these words. Try fewer.";
  else said.textContent = found === 1 ? "1 link found" : `${found} links found`;
}

root.addEventListener("toggle", ({ target }) => target.open && equip(target), true);
root.addEventListener("click", ({ target }) => "linksCopy" in target.dataset && menu.toggle(target));
field.addEventListener("input", find);
root.querySelector("[data-links-finder]").hidden = false;
find();
