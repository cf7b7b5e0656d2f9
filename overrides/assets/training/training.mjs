// Wires the training page to its address and to its end.

import { followed } from "./channel.mjs";
import { Training } from "./page.mjs";
import { Pairs } from "./pairs.mjs";
import { Sorter } from "./sorter.mjs";
import { STAGE, Stage } from "./stage.mjs";
import { kept } from "./storage.mjs";

const root = document.querySelector("[data-training]");
const stage = root.dataset.training === "session" && followed(location.hash, STAGE) !== null;
const kinds = { pairs: Pairs, sorter: Sorter };
const training = new (stage ? Stage : (kinds[root.dataset.training] ?? Training))(root);
training.offer();
if (!stage) addEventListener("hashchange", () => training.offer());
addEventListener("beforeunload", (event) => training.unsaved && event.preventDefault());
// A page that is left may be kept, frozen, for whoever uses this computer next.
addEventListener("pagehide", () => training.leave());
addEventListener("exit", () => {
  training.leave();
  kept.forget(true);
});
addEventListener("pageshow", ({ persisted }) => persisted && training.offer());
