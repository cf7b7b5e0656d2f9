"""What looking at many places found, kept until each question is asked of it; and what the looks have in common."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Literal

from playwright.sync_api import Page

from tests.browser import axe
from tests.browser.reachable import Pair

WIDE = {"width": 1280, "height": 720}
SMALL = {"width": 320, "height": 568}

SCHEMES: tuple[Literal["dark"], Literal["light"]] = ("dark", "light")
Found = dict[str, list[str]]


@dataclass
class Seen:
    """What was found, by the question asked and the place; and in which states the tools were met."""

    found: dict[str, Found] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    pairs: set[Pair] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    titles: dict[str, str] = field(default_factory=dict)
    judged: axe.Judged = field(default_factory=axe.Judged)

    def note(self, question: str, place: str, what: list[str]) -> None:
        """Keep what was found, if anything was."""
        if what:
            self.found[question][place] += what

    def about(self, question: str) -> Found:
        """What was found under a question."""
        return {place: list(what) for place, what in self.found[question].items()}


def axe_in_both_schemes(
    page: Page, judged: axe.Judged, where: str | None = None, aside: str | None = None
) -> list[str]:
    """What axe finds in light and, by the rules about colours, in dark. Light comes last, and stays.

    Colours are judged where a text is painted as none is that was `judged` before; all else is judged here.
    """
    found = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {one}" for one in judged.findings(page, where, aside)]
    return found + axe.findings(page, where, aside, colours=False)
