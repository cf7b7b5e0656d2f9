"""What axe cannot judge about a page, as facts: each look gives the places where a fact does not hold, none if it does.

Knows HTML, CSS and WCAG; of this site it knows that its header stays at the top.
"""

from __future__ import annotations

from playwright.sync_api import Page

SMALLEST_TARGET = 24  # CSS pixels: WCAG 2.2, 2.5.8

# `named` says which element is meant, `seen` whether a reader can see it.
TOOLS = """
  const named = (e) => `${e.cloneNode().outerHTML.slice(0, 120)} ${(e.innerText ?? "").trim().slice(0, 60)}`;
  const seen = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const about = document.querySelector(where) ?? document.body;
"""

# WCAG 1.4.10, at 320 pixels: nothing but a table needs the page to scroll sideways.
OVERFLOWING = """
  const page = document.scrollingElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  const all = [...document.querySelectorAll("body *")].filter(seen);
  const wide = all.filter((e) => e.getBoundingClientRect().right > page.clientWidth + 1);
  return [`${page.scrollWidth} wide: ${wide.slice(-3).map(named).join("; ")}`];
"""

# A row that is a label is the target of the box or the circle in it. Links in a sentence are excepted (2.5.8): axe
# looks at those that stand alone.
SMALL_TARGETS = """
  return [...about.querySelectorAll("button, input, textarea, select, summary, .md-button, label.md-icon")]
    .filter((e) => seen(e.closest("label") ?? e))
    .map((e) => [e, (e.closest("label") ?? e).getBoundingClientRect()])
    .filter(([, { width, height }]) => width > 1 && (width < least || height < least))
    .map(([e, { width, height }]) => `${named(e)}: ${width} by ${height}`);
"""

# One h1, and no level left out on the way down. What goes wrong is said above it, under an h2.
HEADINGS = """
  const all = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(seen);
  const level = (e) => Number(e?.localName[1] ?? 1);
  const deep = all.filter((e, i) => level(e) > level(all[i - 1]) + 1).map((e) => `left out a level: ${named(e)}`);
  return all.filter((e) => level(e) === 1).length === 1 ? deep : ["not one h1", ...deep];
"""

# WCAG 1.4.12: with a reader's own spacing no text is cut off, and none is lost. Text for screen readers alone is cut
# off by design: it is a pixel wide.
SPACED = """
  * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
  p { margin-bottom: 2em !important; }
"""
CLIPPED = """
  const style = new CSSStyleSheet();  // an element would be kept out by the site's content policy
  style.replaceSync(spaced);
  document.adoptedStyleSheets.push(style);
  const cut = [...about.querySelectorAll("*")].filter((e) => {
    if (!seen(e) || !e.innerText?.trim() || e.clientWidth <= 1) return false;
    const { overflowX, overflowY } = getComputedStyle(e);
    return (["hidden", "clip"].includes(overflowX) && e.scrollWidth > e.clientWidth + 1)
      || (["hidden", "clip"].includes(overflowY) && e.scrollHeight > e.clientHeight + 1);
  }).map(named);
  const page = document.scrollingElement;
  if (page.scrollWidth > page.clientWidth) cut.push(`the page scrolls sideways: ${page.scrollWidth}`);
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== style);
  return cut;
"""

# Letters under 17 pixels that show, but for those of drawings, which are as large as their reader makes them.
SMALL_TEXT = """
  const written = (e) => !e.closest("svg") && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
  return [...document.querySelectorAll("body *")].filter((e) => written(e) && seen(e))
    .filter((e) => { const size = parseFloat(getComputedStyle(e).fontSize); return size > 0 && size < 17; }).map(named);
"""

# What moves though the reader asked for no motion. Called while `prefers-reduced-motion: reduce` is emulated.
MOVING = """
  const lasting = (durations) => durations.split(",").some((one) => parseFloat(one) > 0.00001);
  const found = [...document.querySelectorAll("*")].flatMap((e) => [null, "::before", "::after"].map((part) => {
    const s = getComputedStyle(e, part);
    return lasting(s.transitionDuration) || lasting(s.animationDuration) || s.scrollBehavior === "smooth"
      ? `${named(e)}${part ?? ""}` : "";
  })).filter(Boolean);
  return [...found, ...document.getAnimations().map((a) => `runs: ${named(a.effect.target)}`)];
"""

# WCAG 2.4.7 and 2.4.11: how the focus shows, if it was led there by the keyboard. What stands for a stop on the screen
# is itself, the label around it or beside it.
FOCUS = """
  const outlined = (e) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(e);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  };
  const inside = ({ left, top, right, bottom }) =>
    [Math.max(left, 0), Math.max(top, 0), Math.min(right, innerWidth), Math.min(bottom, innerHeight)];
  const spread = ([left, top, right, bottom]) => [0.02, 0.5, 0.98].flatMap((x) =>
    [0.1, 0.5, 0.9].map((y) => [left + (right - left) * x, top + (bottom - top) * y]));
  const pointsOf = (e) =>
    [...e.getClientRects()].map(inside).filter(([l, t, r, b]) => r - l > 1 && b - t > 1).flatMap(spread);
  const unshown = (e) => {
    const stands = [e, e.closest("label"), ...(e.labels ?? []), e.nextElementSibling].filter(Boolean);
    const mark = stands.find((s) => s.getBoundingClientRect().width > 1) ?? e;
    const onTop = pointsOf(mark).some(([x, y]) => {
      const at = document.elementFromPoint(x, y);
      return at && stands.some((s) => s.contains(at) || (at.contains(s) && at.closest("a, label, button") === s));
    });
    const wrong = [stands.some(outlined) ? "" : "no outline", onTop ? "" : "covered"].filter(Boolean);
    return wrong.map((what) => `${what}: ${named(e)}`);
  };
"""

# Each stop is visited from above and from below, for it is from below that a header can cover it.
UNSEEN_FOCUS = """
  const stops = [...about.querySelectorAll("a[href], button, input, textarea, select, summary, [tabindex]")]
    .filter((e) => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({ visibilityProperty: true }));
  const found = stops.length > 0 ? [] : ["nothing takes the focus"];
  for (const [from, all] of [["above", stops], ["below", stops.toReversed()]])
    for (const e of all) {
      e.focus();
      if (document.activeElement === e) found.push(...unshown(e).map((what) => `from ${from}, ${what}`));
    }
  document.activeElement.blur();
  return found;
"""
COVERED = "return unshown(document.activeElement);"
A_MOMENT = 2_000  # milliseconds: Material opens its search a little after the focus has come

# A number for the element that has the focus, the same whenever it has it.
FOCUSED = """
  const e = document.activeElement;
  window.stopsMet ??= new Map();
  if (!e || e === document.body) return [];
  if (!window.stopsMet.has(e)) window.stopsMet.set(e, window.stopsMet.size);
  return [window.stopsMet.get(e)];
"""


def _run(page: Page, js: str, where: str) -> list[str]:
    code = f"({{ where, least, spaced }}) => {{ {TOOLS} {FOCUS} {js} }}"
    return list(page.evaluate(code, {"where": where, "least": SMALLEST_TARGET, "spaced": SPACED}))


def overflowing(page: Page) -> list[str]:
    """What is wider than the window."""
    return _run(page, OVERFLOWING, "body")


def small_targets(page: Page, where: str = "body") -> list[str]:
    """Buttons, boxes and the like under 24 by 24 pixels."""
    return _run(page, SMALL_TARGETS, where)


def headings(page: Page) -> list[str]:
    """What is wrong with the outline that the visible headings make."""
    return _run(page, HEADINGS, "body")


def clipped(page: Page, where: str = "body") -> list[str]:
    """What is cut off, or makes the page scroll sideways, once text is spaced as WCAG 1.4.12 allows a reader to."""
    return _run(page, CLIPPED, where)


def small_text(page: Page) -> list[str]:
    """What is written smaller than 17 pixels."""
    return _run(page, SMALL_TEXT, "body")


def moving(page: Page) -> list[str]:
    """What would move or moves. The page must have been opened for a reader who wants no motion."""
    return _run(page, MOVING, "body")


def unseen_focus(page: Page, where: str = "body") -> list[str]:
    """Stops of the keyboard whose focus does not show, or lies under something else.

    The one real press of Tab makes the browser show each focus as it does by keyboard.
    """
    page.keyboard.press("Tab")
    return _run(page, UNSEEN_FOCUS, where)


def covered(page: Page) -> list[str]:
    """What is wrong with how the focus shows where it is now, once what it may have opened stands open."""
    for _ in range(A_MOMENT // 50):
        if not (found := _run(page, COVERED, "body")):
            return []
        page.wait_for_timeout(50)
    return found


def focused(page: Page) -> int | None:
    """A number for the element that has the focus, the same whenever it has it; None if the page has it."""
    return next(iter(page.evaluate(f"() => {{ {FOCUSED} }}")), None)
