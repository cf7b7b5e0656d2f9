// The flowchart of a tool: lights the way that the answers took, and makes the chart larger, smaller or printed.
// A tool has a chart of its own and one for each part that it calls. The way comes with each answer of the engine and
// goes nowhere else.

import { print } from "../shared/browser.mjs";
import { element } from "../shared/dom.mjs";

const LARGEST = 3;
const SMALLEST = 0.3;
const HERE = "You are here";
const IN_THIS_PART = "You are in this part";

// What a sheet of A4 takes, in millimetres, and how much of the first its heading needs; and what stands over a part.
const TALL = { width: 184, height: 258 };
const WIDE = { width: 270, height: 172 };
const HEADING = 20;
const PART = { title: 8, gap: 6, smallest: 0.2 };
const POINT = 25.4 / 72; // in millimetres

export class Chart {
  #root;
  #window;
  #charts;
  #scale = 1;

  constructor(tree) {
    this.#root = document.getElementById(`${tree}-as-chart`);
    this.#window = this.#root?.querySelector(".chart-window");
    this.#charts = [...(this.#root?.querySelectorAll("svg") ?? [])];
    if (!this.#root) return;
    for (const button of this.#root.querySelectorAll("[data-chart]")) button.disabled = false;
    this.#root.addEventListener("click", ({ target }) => this.#act(target.closest("[data-chart]")));
    this.#root.addEventListener("toggle", () => {
      this.#size(this.#scale);
      this.#show();
    });
    // Browsers that move the focus to a box do not always move the window to it.
    this.#window.addEventListener("focusin", ({ target }) => {
      if (target.closest("a")?.matches(":focus-visible"))
        target.scrollIntoView({ block: "nearest", inline: "nearest" });
    });
  }

  // Lights the boxes of these steps and the arrows between them; the last is where the reader is. Whoever is in a part
  // came by the call of it, whose key stands before the dot.
  light(steps) {
    const passed = [
      ...new Set(steps.flatMap((step) => step.split(".").map((_, i, keys) => keys.slice(0, i + 1).join(".")))),
    ];
    for (const chart of this.#charts) lightChart(chart, passed);
    this.#show();
  }

  #act(button) {
    const what = button?.dataset.chart;
    if (what === "larger") this.#size(Math.min(this.#scale * 1.25, LARGEST));
    if (what === "smaller") this.#size(Math.max(this.#scale / 1.25, SMALLEST));
    if (what === "whole") {
      const [{ clientWidth, clientHeight }, own] = [this.#window, this.#charts[0].viewBox.baseVal];
      this.#size(Math.min(clientWidth / own.width, clientHeight / own.height) / (4 / 3));
    }
    if (what === "print") print(button, () => this.#prepare());
    if (what && what !== "print") this.#show();
  }

  // The window over the charts is moved to where the reader is in the tool's own chart; the page stays as it is.
  #show() {
    if (!this.#root?.open) return;
    const box = (this.#window.querySelector(".chart-here") ?? this.#window).closest(".chart-box") ?? this.#charts[0];
    const [within, at] = [this.#window.getBoundingClientRect(), box.getBoundingClientRect()];
    this.#window.scrollLeft += at.left + at.width / 2 - (within.left + within.width / 2);
    this.#window.scrollTop += Math.min(
      at.top - within.top - 40,
      at.top + at.height / 2 - (within.top + within.height / 2),
    );
  }

  #size(scale) {
    this.#scale = scale;
    for (const chart of this.#charts)
      chart.setAttribute("width", Math.round(chart.viewBox.baseVal.width * (4 / 3) * scale)); // a point is a third more
  }

  // The charts are printed on sheets of their own, beside nothing but their name and whether it is approved.
  #prepare() {
    const [own, ...parts] = this.#charts;
    const { width, height } = own.viewBox.baseVal;
    const name = this.#root.querySelector("summary").textContent;
    const status = document.querySelector("[data-approval]")?.textContent ?? "";
    const wide = width > height * 1.25;
    const sheet = element("div", { className: wide ? "chart-sheet chart-sheet--wide" : "chart-sheet" });
    sheet.append(element("h1", { textContent: name }), element("p", { textContent: status }));
    sheet.append(...slices(own, wide ? WIDE : TALL));
    if (parts.length > 0) sheet.append(packed(parts, wide ? WIDE : TALL));
    document.body.append(sheet);
    document.documentElement.classList.add("printing-chart");
    return () => {
      document.documentElement.classList.remove("printing-chart");
      sheet.remove();
    };
  }
}

// One chart. Its boxes stand for steps, several where the part is called from several places.
function lightChart(chart, steps) {
  const boxes = [...chart.querySelectorAll("[data-box]")];
  const boxOf = new Map(boxes.flatMap((box) => box.dataset.steps.split(" ").map((step) => [step, box])));
  const way = steps.filter((step) => boxOf.has(step)).map((step) => boxOf.get(step));
  const here = boxOf.get(steps.at(-1));
  for (const box of boxes) {
    const inside = box.dataset.steps.split(" ").some((step) => steps.at(-1).startsWith(`${step}.`));
    box.toggleAttribute("data-lit", way.includes(box));
    mark(box, box === here ? HERE : inside ? IN_THIS_PART : "");
    const link = box.querySelector("a");
    if (box === here) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  }
  const pairs = new Set(way.slice(1).map((box, i) => `${way[i].dataset.box} ${box.dataset.box}`));
  for (const arrow of chart.querySelectorAll("[data-from]"))
    arrow.toggleAttribute("data-lit", pairs.has(`${arrow.dataset.from} ${arrow.dataset.to}`));
}

// Words at the upper left corner of a box.
function mark(box, words) {
  box.querySelector(".chart-here")?.remove();
  if (!words) return;
  const [x, y] = corner(box);
  const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
  text.setAttribute("class", "chart-here");
  text.setAttribute("x", x);
  text.setAttribute("y", y - 4);
  text.textContent = words;
  box.querySelector("a").prepend(text);
}

// Told by the outlines as they are drawn, for a folded chart has no place on the screen yet. A part's box has two.
function corner(box) {
  const drawn = [...box.querySelectorAll("polygon, path")].map(
    (one) => one.getAttribute("points") ?? one.getAttribute("d"),
  );
  const numbers = drawn.flatMap((one) => one.match(/-?[\d.]+/g).map(Number));
  const along = (axis) => Math.min(...numbers.filter((_, i) => i % 2 === axis));
  return [along(0), along(1)];
}

// A copy of a chart, or of a band of it, at a scale in millimetres to the point.
function copy(svg, scale, from = 0, until = svg.viewBox.baseVal.height) {
  const { width } = svg.viewBox.baseVal;
  const made = svg.cloneNode(true);
  made.setAttribute("viewBox", `0 ${from} ${width} ${until - from}`);
  made.setAttribute("width", `${width * scale}mm`);
  made.setAttribute("height", `${(until - from) * scale}mm`);
  return made;
}

// The chart cut into one picture a sheet, one or two of them: browsers cut no picture that stands below a heading.
function slices(svg, sheet) {
  const { width, height } = svg.viewBox.baseVal;
  const first = sheet.height - HEADING;
  const asWide = (height * sheet.width) / width; // its height in millimetres where it is as wide as the sheet
  const room = asWide < first * 1.3 ? first : first + sheet.height;
  const scale = Math.min(sheet.width / width, room / height, POINT);
  const cuts = [0, first / scale, (first + sheet.height) / scale].filter((cut) => cut < height - 1);
  return cuts.map((from, i) => copy(svg, scale, from, Math.min(cuts[i + 1] ?? height, height)));
}

// The parts side by side in columns on one sheet, as large as they will go.
function packed(parts, sheet) {
  const size = (svg) => svg.viewBox.baseVal;
  const widest = Math.max(...parts.map((svg) => size(svg).width));
  let scale = POINT;
  let columns = [];
  for (; scale > POINT * PART.smallest; scale *= 0.97) {
    const count = Math.max(1, Math.floor(sheet.width / (widest * scale + PART.gap)));
    columns = fill(parts, count, (svg) => size(svg).height * scale + PART.title + PART.gap, sheet.height);
    if (columns && widest * scale <= sheet.width) break;
  }
  const made = element("div", { className: "chart-parts" });
  for (const column of columns ?? [parts]) {
    const stack = element("div");
    for (const svg of column) {
      const title = svg.parentElement.querySelector(".chart-title").textContent;
      stack.append(element("h2", { textContent: title }), copy(svg, scale));
    }
    made.append(stack);
  }
  return made;
}

// Things in columns, in their order; null if the columns are too few.
function fill(things, count, heightOf, most) {
  const columns = [[]];
  let height = 0;
  for (const thing of things) {
    if (height > 0 && height + heightOf(thing) > most) {
      columns.push([]);
      height = 0;
    }
    columns.at(-1).push(thing);
    height += heightOf(thing);
    if (height > most) return null;
  }
  return columns.length <= count ? columns : null;
}
