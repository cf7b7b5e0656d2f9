// Wires the training page to its address and to its end.

import { Training } from "./page.mjs";
import { Sorter } from "./sorter.mjs";

const root = document.querySelector("[data-training]");
const training = root.dataset.training === "sorter" ? new Sorter(root) : new Training(root);
training.offer();
addEventListener("hashchange", () => training.offer());
addEventListener("beforeunload", (event) => training.unsaved && event.preventDefault());
// A page that is left may be kept, frozen, for whoever uses this computer next.
addEventListener("pagehide", () => training.leave());
addEventListener("pageshow", ({ persisted }) => persisted && training.offer());
