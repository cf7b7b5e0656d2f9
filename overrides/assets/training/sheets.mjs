// The sheets: those that an address names, or, in the facilitator's window, those of the scenario that is on.

import { button } from "../shared/dom.mjs";
import { drawCode } from "../shared/qr.mjs";
import { titled } from "../shared/title.mjs";
import { follow, followed, speaks } from "./channel.mjs";
import { fromAddress } from "./link.mjs";
import * as words from "./words.mjs";

const FOLLOWING = "#/follow";

const root = document.querySelector("[data-training-sheets]");
const sheets = [...root.querySelectorAll("article")];
const said = root.querySelector("[data-followed]");
const flows = root.querySelector("[data-flows]");
for (const link of root.querySelectorAll("[data-own-link]")) link.textContent = link.href;
const known = sheets.map((sheet) => sheet.dataset.scenario).filter(Boolean);

const session = followed(location.hash, FOLLOWING);
if (session) {
  document.body.classList.add("tr-following");
  titled(words.TITLE.notes);
  show([]);
  // It may have opened as a tab over what is projected, which no page can know.
  said.textContent = words.OFF_PROJECTOR;
  const off = button(words.OFF, () => {
    off.remove();
    said.textContent = speaks ? words.NOT_FOLLOWING : words.ALONE;
    follow(at, session);
  });
  said.after(off);
} else {
  root.querySelector("[data-ask-flows]").hidden = false;
  choose();
  addEventListener("hashchange", choose);
  flows.addEventListener("change", choose);
}

root.dataset.shown = "";

// Without a set in the address all sheets are there, as they are without a script.
function choose() {
  const { scenes, short, problem } = fromAddress(location.hash, known);
  if (problem) said.textContent = words.STRANGE_LINK;
  titled(problem ? words.TITLE.error : "");
  show(scenes.length > 0 ? scenes : known, short);
}

// In the order of the session, of a short one the main checks alone; last, if asked for, the blank flows of its tools.
function show(scenes, short = false) {
  const chosen = [...new Set(scenes)].flatMap((id) => sheets.filter((sheet) => sheet.dataset.scenario === id));
  sheets[0].parentElement.prepend(...chosen);
  root.classList.toggle("tr-short", short);
  const tools = chosen.flatMap(({ dataset }) => (short ? dataset.main : dataset.tools).split(" "));
  const asked = (sheet) => flows.checked && tools.includes(sheet.dataset.tool);
  for (const sheet of sheets) sheet.hidden = !chosen.includes(sheet) && !asked(sheet);
  chosen.forEach(draw);
}

// A code for the story's own link, at whatever address the site lies.
function draw(sheet) {
  const place = sheet.querySelector("[data-qr]");
  if (!place.firstChild) drawCode(place, sheet.querySelector("[data-own-link]").href, words.QR);
}

function at(place) {
  show(place ? [place.scenario] : [], Boolean(place?.state?.short));
  said.textContent = place ? "" : words.FOLLOWING;
  for (const step of root.querySelectorAll("[aria-current]")) step.removeAttribute("aria-current");
  const sheet = place && sheets.find((one) => one.dataset.scenario === place.scenario);
  const step = sheet?.querySelector(`[data-step="${CSS.escape(place.step)}"]`);
  step?.setAttribute("aria-current", "step");
  (step ?? sheet)?.scrollIntoView({ block: "center", behavior: "instant" });
}
