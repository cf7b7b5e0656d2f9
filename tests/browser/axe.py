"""axe-core on a page: what it finds, in lines that name the rule and the element. Knows no page.

Every rule of WCAG 2.0 to 2.2 at levels A and AA runs, and axe's best practices. None is switched off. Two of them judge
colours, which takes most of axe's time, and differ from all others in what they hang on: nothing but how one text is
painted, and what lies behind it. So where many pages and states are looked at, a text that is painted just as one that
they have judged is not judged again (`Judged`). All other rules run wherever anybody looks.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from playwright.sync_api import Page

from tests.conftest import ROOT

SOURCE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of those whose verdict hangs on colours. The others say the same in light and in dark."""

FOLDED = ".decision-text:not([open]), .decision-chart:not([open]), .md-sidebar, .site-menu"
"""What a tool's page folds away or puts beside it: left aside where only the tool is looked at."""

# `where` is a selector, or null for the whole page. axe reads the whole document first, hidden parts and all, which
# takes most of its time: `aside` names parts that stay out of the document while it looks elsewhere.
# Of each finding the rule, the place and what to fix.
ASIDE = """
  const parts = aside ? [...document.querySelectorAll(aside)].map((e) => [e, e.parentNode, e.nextSibling]) : [];
  for (const [e] of parts) e.remove();
  try {
    %s
  } finally {
    for (const [e, parent, next] of parts) parent.insertBefore(e, next);
  }
"""
LINES = """
  const lines = (violations) => violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, html, failureSummary }) =>
      `${id} at ${target.join(" ")}: ${html.slice(0, 160)} -- ${failureSummary.slice(0, 240)}`));
"""
RUN = (
    "async ([where, aside, tags, without]) => {"
    + LINES
    + ASIDE
    % """
    const rules = Object.fromEntries((without ?? []).map((id) => [id, { enabled: false }]));
    const options = { runOnly: tags, rules, resultTypes: ["violations"], preload: where === null };
    const { violations, passes } = await axe.run(where ?? document, options);
    return { passed: passes.length, found: lines(violations) };
    """
    + "}"
)

# How each text is painted, as one line that holds all that the rules about colours can hang on: its own colour, size,
# weight and shadow; every layer that its ancestors paint, and whether that covers it; whatever else is painted where it
# stands; whether it is short, or a control's, or a link among words, and how those words look. Then the two rules, on
# one text of each kind that was not judged before. What axe leaves open (a picture behind a text) or passes over (a
# disabled control) has not been judged.
PAINTED = """
  const about = (where && document.querySelector(where)) ?? document.body;
  const styles = new Map();
  const style = (e, part) => {
    if (part) return getComputedStyle(e, part);
    if (!styles.has(e)) styles.set(e, getComputedStyle(e));
    return styles.get(e);
  };
  const paints = (s) => [
    s.backgroundImage === "none" ? "" : s.backgroundImage,
    /(, 0|\\/ 0)\\)$|^transparent$/.test(s.backgroundColor) ? "" : s.backgroundColor,
    s.opacity === "1" ? "" : s.opacity,
    s.filter === "none" ? "" : s.filter,
    s.mixBlendMode === "normal" ? "" : s.mixBlendMode,
    s.backdropFilter === "none" ? "" : s.backdropFilter,
  ].join("|").replace(/^[|]+$/, "");
  const made = (e, part) => {
    const s = style(e, part);
    return ["none", "normal"].includes(s.content) ? "" : paints(s) && `${part}${paints(s)} ${lies(s)}`;
  };
  const layers = new Map();
  const layer = (e) => {
    if (!layers.has(e)) {
      const all = [paints(style(e)), made(e, "::before"), made(e, "::after")];
      layers.set(e, all.join("&").replace(/^&+$/, ""));
    }
    return layers.get(e);
  };
  const box = (e) => e.getBoundingClientRect();
  const meets = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const covers = (a, b) =>
    a.left <= b.left + 1 && a.right >= b.right - 1 && a.top <= b.top + 1 && a.bottom >= b.bottom - 1;
  const texts = (e) => [...e.childNodes].filter((n) => n.nodeType === 3 && n.data.trim());
  const around = (e) => {
    const found = [];
    for (let at = e; at; at = at.parentElement) found.push(at);
    return found;
  };
  const words = (s) => [s.color, s.fontSize, s.fontWeight, s.fontStyle, s.fontFamily, s.textShadow,
    s.webkitTextFillColor, s.webkitTextStrokeColor, s.webkitTextStrokeWidth].join(" ");
  const lies = (s) => `${s.position} ${s.zIndex}`;
  const shown = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const painted = [...document.querySelectorAll("body *")].filter((e) => layer(e) && shown(e)).map((e) => [e, box(e)]);
  const modal = document.querySelector("dialog:modal");
  const blockOf = (link) => around(link).slice(1).find((a) => !style(a).display.startsWith("inline"));
  const amongWords = (block) =>
    [block, ...block.querySelectorAll("*")].some((e) => texts(e).length && !e.closest("a[href], [role=link]"));
  const line = (e) => {
    const own = texts(e);
    const range = document.createRange();
    if (own.length) (range.setStartBefore(own[0]), range.setEndAfter(own.at(-1)));
    const place = own.length ? range.getBoundingClientRect() : box(e);
    const up = around(e);
    const behind = up.filter(layer).map((a) => `${layer(a)} ${covers(box(a), place) ? "all" : meets(box(a), place)}`);
    const others = painted
      .filter(([o, there]) => meets(there, place) && !up.includes(o))
      .map(([o, there]) => [layer(o), covers(there, place), lies(style(o)), e.contains(o)].join(" "));
    const s = style(e);
    const link = e.closest("a[href], [role=link]");
    const block = link && blockOf(link);
    const text = own.map((n) => n.data).join("").trim() || e.value || e.placeholder || "";
    return JSON.stringify([
      words(s), behind, [...new Set(others)].sort(), lies(s),
      text.length > 1, /[^\\u0000-\\u2fff]/.test(text), own.length > 0, place.width > 1 && place.height > 1,
      up.some((a) => a.matches(":disabled, [aria-disabled=true], [inert], [aria-hidden=true]")),
      e.closest("label")?.control?.disabled ?? false, modal ? modal.contains(e) : true,
      link && [words(style(link)), layer(link), style(link).display, style(link).textDecoration, style(link).border,
        style(link).outline, made(link, "::before"), made(link, "::after"),
        (link.innerText ?? link.textContent).trim() !== "", words(style(block)), layer(block), amongWords(block)],
    ]);
  };
  const hasWords = (e) => texts(e).length > 0 || e.matches("textarea, select, input:not([type=checkbox], [type=radio])")
    || (e.matches("a[href], [role=link]") && style(e).display === "inline" && amongWords(blockOf(e)));
  const fresh = new Map();
  for (const e of [about, ...about.querySelectorAll("*")])
    if (hasWords(e) && shown(e)) {
      const its = line(e);
      if (!judged.has(its) && !fresh.has(its)) fresh.set(its, e);
    }
"""
RUN_COLOURS = (
    "async ([where, aside, rules, before]) => { const judged = new Set(before);"
    + LINES
    + ASIDE
    % (
        PAINTED
        + """
    if (!fresh.size) return { judged: [], found: [] };
    const options = { runOnly: { type: "rule", values: rules }, preload: false, elementRef: true };
    const { violations, passes, incomplete } = await axe.run({ include: [...fresh.values()] }, options);
    const met = (results) => new Set(results.flatMap(({ nodes }) => nodes.map(({ element }) => element)));
    const [open, closed] = [met(incomplete), met([...passes, ...violations])];
    const judgedNow = [...fresh].filter(([, e]) => closed.has(e) && !open.has(e)).map(([its]) => its);
    return { judged: judgedNow, found: lines(violations), left: fresh.size - judgedNow.length };
    """
    )
    + "}"
)


class Judged:
    """How the texts were painted that the rules about colours have judged, on pages and in states looked at so far.

    What is kept are computed styles, so it does not matter in which colour scheme a text was painted so.
    """

    def __init__(self) -> None:
        self.lines: frozenset[str] = frozenset()

    def findings(self, page: Page, where: str | None = None, aside: str | None = None) -> list[str]:
        """What the two rules find in texts that are painted as none was that they judged before, one line each."""
        said = page.evaluate(RUN_COLOURS, [where, aside, COLOURS, sorted(self.lines)])
        self.lines |= set(said["judged"])
        return list(said["found"])


@cache
def source() -> str:
    """The text of axe-core, to evaluate in a page."""
    return SOURCE.read_text("utf-8")


def add(page: Page) -> None:
    """Bring axe into a page. It stays until the page is left."""
    page.evaluate(source())


def findings(page: Page, where: str | None = None, aside: str | None = None, *, colours: bool = True) -> list[str]:
    """What axe finds in the page, or in the element that a selector names, one line each.

    An element that is not there, or a run in which no rule had anything to look at, is an error: it found nothing
    because it saw nothing.
    """
    return read(page.evaluate(RUN, [where, aside, TAGS, () if colours else COLOURS]))


def read(said: dict[str, Any]) -> list[str]:
    """The findings in what RUN gave back."""
    assert said["passed"], "axe had nothing to look at"
    return list(said["found"])
