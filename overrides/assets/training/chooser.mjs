// The list of scenarios: narrowed down by what the reader chooses, and ticked into a session in their order.

import { element } from "../shared/dom.mjs";
import { toAddress } from "./link.mjs";
import * as words from "./words.mjs";

const MOST = 12;

export class Chooser {
  #place;
  #rows;
  #chosen = [];

  constructor(root, begin) {
    this.#place = root.querySelector("[data-choose]");
    this.#rows = [...this.#place.querySelectorAll("li[data-scenario]")];
    this.#place.querySelector("[data-filters]").hidden = false;
    for (const filter of this.#filters) filter.addEventListener("change", () => this.#narrow());
    this.#place.addEventListener("change", ({ target }) => target.name === "scenario" && this.#tick(target));
    this.#place.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#chosen.length > 0) begin(this.#chosen);
    });
  }

  get known() {
    return this.#rows.map((row) => row.dataset.scenario);
  }

  set hidden(hidden) {
    this.#place.hidden = hidden;
  }

  choose(scenes) {
    if (scenes.length === 0) return;
    this.#chosen = scenes;
    for (const box of this.#boxes) box.checked = scenes.includes(box.value);
    this.#describe();
  }

  get #filters() {
    return [...this.#place.querySelectorAll("[data-filter]")];
  }

  get #boxes() {
    return [...this.#place.querySelectorAll("input[name=scenario]")];
  }

  #narrow() {
    for (const row of this.#rows) row.hidden = !this.#filters.every((filter) => fits(row, filter));
    const said = this.#place.querySelector("[data-shown]");
    if (said) said.textContent = words.shown(this.#rows.filter((row) => !row.hidden).length);
  }

  #tick(box) {
    this.#chosen = this.#chosen.filter((id) => id !== box.value);
    if (box.checked) this.#chosen.push(box.value);
    this.#describe();
  }

  #describe() {
    const part = (selector) => this.#place.querySelector(selector);
    const rows = this.#chosen.map((id) => this.#rows.find((row) => row.dataset.scenario === id));
    const any = rows.length > 0;
    part("[data-nothing]").hidden = any;
    part("[data-with-chosen]").hidden = !any;
    part("[data-chosen]").replaceChildren(...rows.map(item));
    const minutes = rows.reduce((sum, row) => sum + Number(row.dataset.minutes), 0);
    part("[data-length]").textContent = any ? words.length(minutes) : "";
    part("[data-link]").value = any ? toAddress(location.href, this.#chosen) : "";
    const sheets = part("[data-sheets]");
    sheets.href = toAddress(sheets.href, this.#chosen);
    part("button[type=submit]").disabled = !any;
    for (const box of this.#boxes) box.disabled = rows.length >= MOST && !box.checked;
  }
}

const item = (row) => element("li", { textContent: row.querySelector("label").textContent.trim() });

function fits(row, { value, dataset: { filter } }) {
  if (value === "") return true;
  if (filter === "minutes") return Number(row.dataset.minutes) <= Number(value);
  return row.dataset[filter].split(" ").includes(value);
}
