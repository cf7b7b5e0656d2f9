// Wires the tools of a page to the engine: one worker and one memory for a page, however many tools stand on it.

import { mark } from "../shared/browser.mjs";
import { painted } from "../shared/dom.mjs";
import { Engine } from "../shared/engine.mjs";
import { Tool } from "./page.mjs";
import { Steps } from "./steps.mjs";

const roots = [...document.querySelectorAll("[data-decision-tool]")];
if (roots.length > 0) mount();

function mount() {
  const engine = new Engine(roots[0].dataset.engine);
  const steps = new Steps();
  const tools = roots.map((root) => new Tool(root, engine, steps));
  mark("decision-tool:first-question");
  steps.begin(tools);
  const all = (act) => tools.forEach(act);
  if (!Engine.possible) return all((tool) => tool.unavailable("unsupported"));

  all((tool) => tool.enable());
  engine.addEventListener("starting", () => all((tool) => tool.signal()));
  engine.addEventListener("ready", () => all((tool) => tool.ready()));
  engine.addEventListener("stalled", () => all((tool) => tool.stalled()));
  engine.addEventListener("trouble", ({ trouble }) => all((tool) => tool.unavailable(trouble.kind)));

  const prepare = () => {
    all((tool) => tool.prepare()); // small, and so before Python
    engine.prepare();
  };
  // A page that is left may be kept, frozen, to come back to. It keeps no answer, and Python, which may, is ended.
  for (const left of ["pagehide", "exit"]) {
    window.addEventListener(left, () => {
      engine.stop();
      all((tool) => tool.clear());
      steps.forget();
    });
  }
  window.addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    steps.begin(tools);
    prepare();
  });
  // Reading comes first: Python starts when the question is on the screen.
  painted(prepare);
}
