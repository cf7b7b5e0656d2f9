"""WCAG 2.2 AA on every page: what axe judges, and as facts what it cannot.

Pages are looked at on a wide and on the smallest screen (320 pixels, which is 1280 at 400 %).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser import axe, look
from tests.browser.seen import SMALL, WIDE, Seen, axe_in_both_schemes
from tests.conftest import NewPage, pages_of

TWO_STORIES = "#/four-views+not-home-since-last-night"


def addresses(site: Path) -> list[str]:
    """Every page of the built site. A tool's page is asked for with its text unfolded; the sheets, which are made alike
    for each story, with those of two."""
    found = [file.relative_to(site).as_posix().removesuffix("index.html") for file in pages_of(site)]
    unfolded = [re.sub(r"^(tools|embed)/(\w+)/$", r"\1/\2/#\2-as-text", address) for address in found]
    return [address.replace("training/sheets/", f"training/sheets/{TWO_STORIES}") for address in unfolded]


@pytest.fixture(scope="module")
def pages(new_page: NewPage, site: Path, site_url: str) -> Seen:
    """Every page, looked at once on a wide and once on a small screen, by a reader who wants no motion."""
    with new_page() as page:
        page.emulate_media(reduced_motion="reduce")
        return look_at_each(page, site, site_url)


def look_at_each(page: Page, site: Path, site_url: str) -> Seen:
    seen = Seen()
    for address in addresses(site):
        page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        page.goto("about:blank")  # or a place on the same page would not load it anew
        page.goto(site_url + address)
        axe.add(page)
        seen.titles[address] = page.title()
        seen.note("axe", f"{address} wide", axe_in_both_schemes(page, seen.judged))
        seen.note("motion", address, look.moving(page))
        seen.note("focus", f"{address} wide", look.unseen_focus(page, ".md-main"))
        page.set_viewport_size(SMALL)  # type: ignore[arg-type]
        for part in page.locator(".site-menu, .decision-chart").all():
            part.evaluate("part => (part.open = true)")
        seen.note("axe", f"{address} small", axe_in_both_schemes(page, seen.judged))
        seen.note("targets", address, look.small_targets(page))
        seen.note("text", address, look.small_text(page))
        seen.note("headings", address, look.headings(page))
        seen.note("overflow", address, look.overflowing(page))
        seen.note("spacing", address, look.clipped(page, ".md-container"))
        seen.note("focus", f"{address} small", look.unseen_focus(page, ".md-container"))
        seen.places.add(address)
    return seen


def test_every_page_was_looked_at(pages: Seen, site: Path) -> None:
    assert len(pages.places) == len(pages_of(site)) > 20


def test_axe_finds_nothing_on_any_page(pages: Seen) -> None:
    assert pages.about("axe") == {}


@pytest.mark.parametrize("question", ["targets", "headings", "overflow", "spacing", "focus", "motion", "text"])
def test_every_page_holds_to(pages: Seen, question: str) -> None:
    assert pages.about(question) == {}


def test_every_title_says_which_page_it_is(pages: Seen) -> None:
    names = [title.split(" - ")[0] for title in pages.titles.values()]
    assert len(set(names)) == len(names)
    assert all(names)
