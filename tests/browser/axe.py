"""axe-core on a page: what it finds, in lines that name the rule and the element. Knows no page.

Every rule of WCAG 2.0 to 2.2 at levels A and AA runs, and axe's best practices. None is switched off.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from playwright.sync_api import Page

from tests.conftest import ROOT

SOURCE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""The rules of those whose verdict hangs on colours. The others say the same in light and in dark."""

FOLDED = ".decision-text:not([open]), .decision-chart:not([open]), .md-sidebar, .site-menu"
"""What a tool's page folds away or puts beside it: left aside where only the tool is looked at."""

# `where` is a selector, or null for the whole page. axe reads the whole document first, hidden parts and all, which
# takes most of its time: `aside` names parts that stay out of the document while it looks elsewhere.
# Of each finding the rule, the place and what to fix.
RUN = """async ([where, aside, tags]) => {
  const parts = aside ? [...document.querySelectorAll(aside)].map((e) => [e, e.parentNode, e.nextSibling]) : [];
  for (const [e] of parts) e.remove();
  try {
    const { violations, passes } =
      await axe.run(where ?? document, { runOnly: tags, resultTypes: ["violations"], preload: where === null });
    return {
      passed: passes.length,
      found: violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, html, failureSummary }) =>
          `${id} at ${target.join(" ")}: ${html.slice(0, 160)} -- ${failureSummary.slice(0, 240)}`)),
    };
  } finally {
    for (const [e, parent, next] of parts) parent.insertBefore(e, next);
  }
}"""


@cache
def source() -> str:
    """The text of axe-core, to evaluate in a page."""
    return SOURCE.read_text("utf-8")


def add(page: Page) -> None:
    """Bring axe into a page. It stays until the page is left."""
    page.evaluate(source())


def findings(page: Page, where: str | None = None, aside: str | None = None, rules: Any = TAGS) -> list[str]:
    """What axe finds in the page, or in the element that a selector names, one line each.

    An element that is not there, or a run in which no rule had anything to look at, is an error: it found nothing
    because it saw nothing.
    """
    return read(page.evaluate(RUN, [where, aside, rules]))


def read(said: dict[str, Any]) -> list[str]:
    """The findings in what RUN gave back."""
    assert said["passed"], "axe had nothing to look at"
    return list(said["found"])
