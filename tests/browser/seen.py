"""What looking at many places found, kept until each question is asked of it; and what the looks have in common."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from playwright.sync_api import Page

from tests.browser import axe
from tests.browser.reachable import Pair

WIDE = {"width": 1280, "height": 720}
SMALL = {"width": 320, "height": 568}

Found = dict[str, list[str]]


@dataclass
class Seen:
    """What was found, by the question asked and the place; and in which states the tools were met."""

    found: dict[str, Found] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    pairs: set[Pair] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    titles: dict[str, str] = field(default_factory=dict)

    def note(self, question: str, place: str, what: list[str]) -> None:
        """Keep what was found, if anything was."""
        if what:
            self.found[question][place] += what

    def about(self, question: str) -> Found:
        """What was found under a question."""
        return {place: list(what) for place, what in self.found[question].items()}


def axe_in_both_schemes(page: Page, where: str | None = None, aside: str | None = None) -> list[str]:
    """What axe finds in light, and by the rules about colours in dark. Light comes last, and stays."""
    page.emulate_media(color_scheme="dark")
    found = [f"dark: {one}" for one in axe.findings(page, where, aside, axe.COLOURS)]
    page.emulate_media(color_scheme="light")
    return found + [f"light: {one}" for one in axe.findings(page, where, aside)]
