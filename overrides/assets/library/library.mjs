// The page for editors who link here: finds links as words are typed, and copies one as an address, as HTML or as
// Markdown. Knows the section with `data-link-library`. Nothing typed leaves the page, not even into its address.

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
  return { text: link.dataset.text ?? link.textContent, address: new URL(`go/${code.textContent}/`, SITE).href, id: code.textContent };
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
    if (this.#opener && !this.#opener.checkVisibility()) this.#close();
  }

  async #copy(way) {
    const text = copied(way, linkOf(this.#row));
    this.#said.textContent = "";
    try {
      await navigator.clipboard.writeText(text);
      this.#byHand.hidden = true;
      this.#said.textContent = `Copied: ${WAYS[way]}.`;
    } catch {
      // There is no clipboard for pages that did not come by https, and some browsers refuse it.
      this.#byHand.value = text;
      this.#byHand.hidden = false;
      this.#byHand.select();
      this.#said.textContent = "This browser does not let the page copy. The text below is selected: copy it yourself.";
    }
  }

  async #show() {
    const { renderSVG } = await import("../shared/uqr.mjs");
    const { address, id } = linkOf(this.#row);
    const svg = renderSVG(address, { ecc: "M", border: 4 });
    const place = this.#part("code");
    place.innerHTML = svg;
    place.firstChild.setAttribute("role", "img");
    place.firstChild.setAttribute("aria-label", `QR code for ${address}`);
    const save = this.#part("save");
    URL.revokeObjectURL(save.href);
    save.href = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    save.download = `${id}.svg`;
    this.#drawn.hidden = false;
    this.#said.textContent = `QR code for ${address}`;
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
    words: plain(`${row.textContent} ${fold.querySelector("summary").textContent}`),
  })),
}));
const all = folds.reduce((sum, { rows }) => sum + rows.length, 0);
const openBefore = new Map();
const field = document.getElementById("link-words");
const said = root.querySelector("[data-links-found]");

// A row gets its button when it can first be seen: hundreds would be made for nothing.
function equip(fold) {
  for (const row of fold.querySelectorAll("li:not(:has(> button))")) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "md-button", textContent: "Copy" });
    button.setAttribute("aria-label", `Copy a link: ${row.querySelector("a").textContent}`);
    button.setAttribute("aria-expanded", "false");
    button.dataset.linksCopy = "";
    row.querySelector("code").after(button);
  }
}

function find() {
  const wanted = plain(field.value).split(/\s+/).filter(Boolean);
  if (wanted.length > 0 && openBefore.size === 0) for (const { fold } of folds) openBefore.set(fold, fold.open);
  const hits = folds.map(({ rows }) => rows.map(({ row, words }) => !(row.hidden = !wanted.every((one) => words.includes(one)))));
  const found = hits.flat().filter(Boolean).length;
  for (const [i, { fold, part, count }] of folds.entries()) {
    const own = hits[i].filter(Boolean).length;
    count.textContent = own;
    fold.hidden = own === 0;
    fold.open = wanted.length > 0 ? own > 0 && found <= MANY : (openBefore.get(fold) ?? fold.open);
    if (fold.open) equip(fold); // not when it says that it opened: who types and tabs is quicker than that
    part.hidden = folds.every((one) => one.part !== part || one.fold.hidden);
  }
  if (wanted.length === 0) openBefore.clear();
  menu.tidy();
  said.textContent =
    wanted.length === 0 ? `${all} links` : found === 0 ? "No link has all of these words. Try fewer." : found === 1 ? "1 link found" : `${found} links found`;
}

root.addEventListener("toggle", ({ target }) => target.open && equip(target), true);
root.addEventListener("click", ({ target }) => "linksCopy" in target.dataset && menu.toggle(target));
field.addEventListener("input", find);
root.querySelector("[data-links-finder]").hidden = false;
find();
