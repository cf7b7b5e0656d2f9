"""A training page as tests drive it, and what is to be seen of a projected screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.browser.tool import PAINTED, press
from tests.waiting import until

PATIENCE = 60_000  # milliseconds: the first screen waits for Python

# Every text that a room can see, with its size and its contrast against what lies behind it.
TEXTS = """(root) => {
  const rgba = (text) => text.match(/[\\d.]+/g).map(Number);
  const over = ([r, g, b, a = 1], below) => [r, g, b].map((c, i) => c * a + below[i] * (1 - a));
  const behind = (e) => {
    const layers = [];
    for (let at = e; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      layers.push(colour);
      if ((colour[3] ?? 1) === 1) break;
    }
    return layers.reduceRight((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const light = (c) => c.map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const luminance = (c) => { const [r, g, b] = light(c); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const contrast = (a, b) => {
    const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (hi + 0.05) / (lo + 0.05);
  };
  const words = (e) => [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join("").trim();
  const own = (e) => e.matches("input") ? e.value : words(e);
  return [...root.querySelectorAll("*")]
    .filter((e) => own(e) && e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().width > 1)
    .map((e) => {
      const style = getComputedStyle(e);
      const below = behind(e);
      return {
        text: own(e).slice(0, 50), size: parseFloat(style.fontSize), question: e.matches(".tr-question, .tr-title"),
        contrast: contrast(over(rgba(style.color), below), below),
      };
    });
}"""


def open_notes(page: Page, site_url: str) -> None:
    """Open the facilitator's notes as they follow a session, and say that the window is off the projector."""
    page.goto(f"{site_url}training/sheets/#/follow")
    press(page.get_by_role("button", name="show the notes"))


@dataclass
class Session:
    """A page on which a session runs, or somebody practises."""

    page: Page

    @classmethod
    def begin(cls, page: Page, site_url: str, *ids: str, short: bool = False) -> Session:
        """Open the link of a set, as a trainer does, and begin; `short` does one check a story."""
        page.goto(f"{site_url}training/session/#/{'+'.join(ids)}{'/short' if short else ''}")
        page.get_by_role("button", name="Begin the session").click()
        session = cls(page)
        expect(session.screen.locator(".tr-thought")).to_be_visible(timeout=PATIENCE)
        return session

    @property
    def root(self) -> Locator:
        return self.page.locator("[data-training]")

    @property
    def screen(self) -> Locator:
        return self.root.locator("[data-screen]")

    @property
    def console(self) -> Locator:
        """What the trainer works with."""
        return self.root.locator("[data-console]")

    @property
    def stage(self) -> str | None:
        return self.root.get_attribute("data-stage")

    def hands(self, **counts: int) -> None:
        """Go on to the hands, count them, and commit."""
        self.to("commit")
        for id, n in counts.items():
            if self.console.locator(f"[id='tr-{id}']").count():
                self.console.locator(f"[id='tr-{id}']").fill(str(n))
        self.press("Commit this answer", "bars")

    def press(self, words: str, stage: str | None = None) -> None:
        """Press a button and wait for the screen that comes of it."""
        self.change(lambda: press(self.console.get_by_role("button", name=words, exact=True)))
        if stage:
            expect(self.root).to_have_attribute("data-stage", stage)

    def change(self, act: Callable[[], object]) -> None:
        """Do something, and wait for the screen that comes of it."""
        before = self.screen.locator("*").first.evaluate_handle("(e) => e")
        act()
        until(self.page, "(e) => !e.isConnected", before)
        self.page.evaluate(PAINTED)

    def on(self) -> None:
        """One screen on, by its button; of the ways that tie the first."""
        way = "take" if self.stage == "tie" else "on"
        self.change(lambda: press(self.console.locator(f"[data-go={way}]").first))

    def trainer(self) -> Locator:
        """What is for the trainer alone, opened; in one window that leaves the room's view."""
        if self.page.locator("body.tr-projecting").count():
            self.console.get_by_role("button", name="Trainer’s view").click()
        place = self.root.locator("[data-trainer]")
        if place.get_attribute("open") is None:
            place.locator("summary").first.click()
        return place

    def room(self) -> None:
        """Back from the trainer's view to the room's, in one window."""
        self.trainer().get_by_role("button", name="The room’s view").click()
        expect(self.page.locator("body")).to_have_class(re.compile("tr-projecting"))

    def skip(self) -> None:
        """Past whatever is left of a check."""
        self.change(lambda: self.console.locator("[data-go=next]").evaluate("(button) => button.click()"))

    def back(self) -> None:
        """One screen back, by its button."""
        self.change(lambda: press(self.console.locator("[data-go=back]").first))

    def to(self, stage: str) -> list[str]:
        """Go on to a stage; the words of each screen that was passed."""
        passed = []
        while self.stage != stage:
            passed.append(self.screen.inner_text())
            self.on()
        return passed

    def open(self, words: str) -> None:
        """Open what is folded away under some words."""
        self.console.locator("summary", has_text=words).evaluate("(e) => (e.parentElement.open = true)")

    def outcome(self) -> str | None:
        return self.screen.locator("[data-outcome]").last.get_attribute("data-outcome")

    def texts(self) -> list[dict[str, object]]:
        places = (self.page.locator(".md-header"), self.root)
        return [text for place in places for text in place.evaluate(TEXTS)]
