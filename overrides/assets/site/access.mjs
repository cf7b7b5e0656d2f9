// What every page needs so that the keyboard, a screen reader and a spoken command can use it, where Material falls short.

import { attempt } from "../shared/browser.mjs";

noSingleKeys();
menuCloses();
addEventListener("load", tablesScroll);

// Material gives single letters a meaning: n goes to the next page, s to the search. Who dictates a word or brushes a
// key would be led away from a form half filled (WCAG 2.1.4). The letter still reaches whatever has the focus.
function noSingleKeys() {
  addEventListener(
    "keydown",
    (event) => {
      if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
    },
    { capture: true },
  );
}

// The menu opens without a script. Escape closes it, as it closes all that opens.
function menuCloses() {
  const menu = document.getElementById("site-menu");
  menu?.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

// Material lets a wide table scroll inside a box of its own. While it does, the keyboard must be able to scroll it and a
// screen reader to say what it is.
function tablesScroll() {
  const boxes = [...document.querySelectorAll(".md-typeset__scrollwrap")];
  const all = () => boxes.forEach(describe);
  all();
  const watch = attempt(() => new ResizeObserver(all));
  if (!watch) return addEventListener("resize", all);
  for (const box of boxes) watch.observe(box);
}

function describe(box) {
  const wide = box.scrollWidth > box.clientWidth;
  const said = { role: "region", tabindex: "0", "aria-label": `Table: ${titleOf(box)}` };
  for (const [name, value] of Object.entries(said)) {
    if (wide) box.setAttribute(name, value);
    else box.removeAttribute(name);
  }
}

// The heading that a table stands under.
function titleOf(box) {
  const before = [...document.querySelectorAll("h1, h2, h3, h4")].filter(
    (heading) => heading.compareDocumentPosition(box) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  return before.at(-1)?.firstChild?.textContent.trim() ?? "";
}
