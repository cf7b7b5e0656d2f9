// What every page needs so that the keyboard, a screen reader and a spoken command can use it, where Material falls short.

noSingleKeys();
menuOpens();
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

// The link in the header leads to the menu; with a script it opens it, too.
function menuOpens() {
  const menu = document.getElementById("site-menu");
  document.querySelector(".site-menu-link")?.addEventListener("click", (event) => {
    event.preventDefault(); // no entry in the history: Back belongs to the steps of a tool
    menu.open = true;
    menu.querySelector("summary").focus();
  });
  for (const part of document.querySelectorAll(".site-menu details")) {
    part.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape") return;
      part.open = false;
      part.querySelector("summary").focus();
    });
    part.addEventListener("click", ({ target }) => {
      if (target.closest("a")) part.open = false;
    });
  }
}

// Material lets a wide table scroll inside a box of its own. While it does, the keyboard must be able to scroll it and a
// screen reader to say what it is.
function tablesScroll() {
  const boxes = [...document.querySelectorAll(".md-typeset__scrollwrap")];
  const watch = new ResizeObserver(() => boxes.forEach(describe));
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
