// The flowchart of a tool: lights the way that the answers took, and makes the chart larger, smaller or printed.
// The way comes with each answer of the engine and goes nowhere else.

const LARGEST = 3;
const SMALLEST = 0.3;

// What a sheet of A4 takes, in millimetres, and how much of the first its heading needs.
const TALL = { width: 184, height: 258 };
const WIDE = { width: 270, height: 172 };
const HEADING = 20;

export class Chart {
  #root;
  #svg;
  #natural;
  #scale = 1;

  constructor(tree) {
    this.#root = document.getElementById(`${tree}-as-chart`);
    this.#svg = this.#root?.querySelector("svg");
    if (!this.#svg) return;
    this.#natural = this.#svg.viewBox.baseVal.width * (4 / 3); // a point is a third more than a pixel
    for (const button of this.#root.querySelectorAll("[data-chart]")) button.disabled = false;
    this.#root.addEventListener("click", ({ target }) => this.#act(target.closest("[data-chart]")?.dataset.chart));
    this.#root.addEventListener("toggle", () => this.#begin());
  }

  // Lights the boxes of these steps and the arrows between them; the last is where the reader is.
  light(steps) {
    if (!this.#svg) return;
    const boxes = new Map([...this.#svg.querySelectorAll("[data-step]")].map((box) => [box.dataset.step, box]));
    const way = steps.filter((step) => boxes.has(step));
    for (const [step, box] of boxes) {
      box.toggleAttribute("data-lit", way.includes(step));
      const link = box.querySelector("a");
      if (step === way.at(-1)) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    }
    const pairs = new Set(way.slice(1).map((step, i) => `${way[i]} ${step}`));
    for (const arrow of this.#svg.querySelectorAll("[data-from]"))
      arrow.toggleAttribute("data-lit", pairs.has(`${arrow.dataset.from} ${arrow.dataset.to}`));
  }

  #act(what) {
    if (what === "larger") this.#size(Math.min(this.#scale * 1.25, LARGEST));
    if (what === "smaller") this.#size(Math.max(this.#scale / 1.25, SMALLEST));
    if (what === "whole") this.#size(Math.max(this.#svg.parentElement.clientWidth / this.#natural, SMALLEST));
    if (what === "print") this.#print();
  }

  // The first box, wherever the layout put it, is what a reader sees first.
  #begin() {
    this.#size(this.#scale);
    const [view, first] = [this.#svg.parentElement, this.#svg.querySelector("[data-step]")];
    const [within, at] = [view.getBoundingClientRect(), first.getBoundingClientRect()];
    view.scrollLeft += at.left + at.width / 2 - (within.left + within.width / 2);
  }

  #size(scale) {
    this.#scale = scale;
    this.#svg.setAttribute("width", Math.round(this.#natural * scale));
  }

  // The chart is printed on a sheet of its own, beside nothing but its name and whether it is approved.
  #print() {
    const sheet = document.createElement("div");
    const name = document.createElement("h1");
    const status = document.createElement("p");
    const { width, height } = this.#svg.viewBox.baseVal;
    name.textContent = this.#root.querySelector("summary").textContent;
    status.textContent = document.querySelector("[data-approval]")?.textContent ?? "";
    sheet.className = width > height ? "chart-sheet chart-sheet--wide" : "chart-sheet";
    sheet.append(name, status, ...slices(this.#svg, width > height ? WIDE : TALL));
    document.body.append(sheet);
    document.documentElement.classList.add("printing-chart");
    const end = () => {
      document.documentElement.classList.remove("printing-chart");
      sheet.remove();
    };
    window.addEventListener("afterprint", end, { once: true });
    window.print();
  }
}

// The chart cut into one picture a sheet, one or two of them: browsers cut no picture that stands below a heading.
function slices(svg, sheet) {
  const { width, height } = svg.viewBox.baseVal;
  const first = sheet.height - HEADING;
  const asWide = (height * sheet.width) / width; // its height in millimetres where it is as wide as the sheet
  const room = asWide < first * 1.3 ? first : first + sheet.height;
  const scale = Math.min(sheet.width / width, room / height);
  const cuts = [0, first / scale, (first + sheet.height) / scale].filter((cut) => cut < height - 1);
  return cuts.map((from, i) => {
    const until = Math.min(cuts[i + 1] ?? height, height);
    const slice = svg.cloneNode(true);
    slice.setAttribute("viewBox", `0 ${from} ${width} ${until - from}`);
    slice.setAttribute("width", `${width * scale}mm`);
    slice.setAttribute("height", `${(until - from) * scale}mm`);
    return slice;
  });
}
