// The list of scenarios: narrowed down by what the reader chooses, and ticked into a session in their order, or chosen
// as a session that fits the hour. What is chosen stays in sight, with its minutes.

import { element } from "../shared/dom.mjs";
import { titled } from "../shared/title.mjs";
import { toAddress } from "./link.mjs";
import * as words from "./words.mjs";

const MOST = 12;

export class Chooser {
  #place;
  #rows;
  #filters;
  #hours;
  #boxes;
  #short;
  #chosen = [];

  constructor(root, begin) {
    this.#place = root.querySelector("[data-choose]");
    const all = (selector) => [...this.#place.querySelectorAll(selector)];
    this.#rows = all("li[data-scenario]");
    this.#filters = all("[data-filter]");
    this.#hours = all("[data-session]");
    this.#boxes = all("input[name=scenario]");
    this.#short = this.#place.querySelector("[data-short]");
    for (const part of all("[data-filters], [data-hours]")) part.hidden = false;
    for (const filter of this.#filters) filter.addEventListener("change", () => this.#narrow());
    for (const hour of this.#hours) hour.addEventListener("click", () => this.choose(idsOf(hour), true));
    this.#place.addEventListener("change", ({ target }) => target.name === "scenario" && this.#tick(target));
    this.#short?.addEventListener("change", () => this.#describe());
    this.#place.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#chosen.length > 0) begin(this.#chosen, this.#short.checked);
    });
  }

  get known() {
    return this.#rows.map((row) => row.dataset.scenario);
  }

  set hidden(hidden) {
    this.#place.hidden = hidden;
  }

  // Scenarios in their order; `short` for one check of each.
  choose(scenes, short) {
    if (scenes.length === 0) return;
    this.#chosen = scenes;
    for (const box of this.#boxes) box.checked = scenes.includes(box.value);
    this.#short.checked = short;
    this.#describe();
  }

  #narrow() {
    for (const row of this.#rows) row.hidden = !this.#filters.every((filter) => fits(row, filter));
    const said = this.#place.querySelector("[data-shown]");
    titled(this.#filters.some(({ value }) => value) ? words.TITLE.found : "");
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
    const short = this.#short.checked;
    part("[data-nothing]").hidden = any;
    for (const one of this.#place.querySelectorAll("[data-with-chosen]")) one.hidden = !any;
    part("[data-chosen]").replaceChildren(...rows.map(item));
    const tray = part("[data-tray]").dataset;
    const stories = rows.reduce((sum, row) => sum + Number(short ? row.dataset.mainMinutes : row.dataset.minutes), 0);
    part("[data-length]").textContent = any ? words.length(stories, tray) : "";
    part("[data-link]").value = any ? toAddress(location.href, this.#chosen, short) : "";
    const sheets = part("[data-sheets]");
    sheets.href = toAddress(sheets.href, this.#chosen, short);
    part("button[type=submit]").disabled = !any;
    for (const box of this.#boxes) box.disabled = rows.length >= MOST && !box.checked;
    for (const hour of this.#hours) {
      hour.setAttribute("aria-pressed", String(short && String(idsOf(hour)) === String(this.#chosen)));
    }
  }
}

const item = (row) => element("li", { textContent: row.querySelector("label").textContent.trim() });

const idsOf = (hour) => hour.dataset.session.split(" ");

function fits(row, { value, dataset: { filter } }) {
  if (value === "") return true;
  if (filter === "minutes") return Number(row.dataset.minutes) <= Number(value);
  return row.dataset[filter].split(" ").includes(value);
}
