"""Matched pairs in a real browser: the hands of both halves, both versions side by side, and a sheet for each."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from macros.authoring.pairs import versions
from tests.browser import axe, look
from tests.browser.seen import SMALL, WIDE, Seen, axe_in_both_schemes
from tests.browser.tool import press, sheets
from tests.browser.training import PATIENCE
from tests.conftest import NewPage
from tests.test_pairs import PAIRS
from tests.trees import published

LIFT = PAIRS.index("the-lift-home")
STORED = "[...Object.keys(localStorage), ...Object.keys(sessionStorage)]"


def opened(page: Page, url: str, n: int = LIFT) -> Locator:
    """One pair of the page, unfolded."""
    page.goto(f"{url}training/pairs/")
    pair = page.locator("details.tr-pair").nth(n)
    press_summary(pair)
    return pair


def press_summary(pair: Locator) -> None:
    pair.locator("summary").first.click()
    expect(pair).to_have_attribute("open", "")


def vote(pair: Locator, **hands: int) -> None:
    """Type hands, such as a_level_4=7, and ask for both versions."""
    for name, n in hands.items():
        pair.locator(f"input[name={name.replace('_', '-')}]").fill(str(n))
    press(pair.get_by_role("button", name="Show both versions side by side"))


def test_both_versions_stand_side_by_side_once_both_halves_are_counted(page: Page, site_url: str) -> None:
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    pair = opened(page, site_url)
    screen = page.locator("[data-screen]")
    vote(pair, a_level_4=7, a_level_3=3)
    expect(pair.get_by_role("alert")).not_to_be_empty(timeout=PATIENCE)
    expect(screen).to_be_empty()
    vote(pair, b_level_4=3, b_level_2=7)
    expect(screen.get_by_role("heading").first).to_be_focused()
    stories = [version.data["vignette"] for version in versions(published().pairs["the-lift-home"])]
    assert screen.locator(".tr-versions p").all_inner_texts() == stories
    tops = screen.locator(".tr-versions section").evaluate_all("(all) => all.map((e) => e.getBoundingClientRect().top)")
    assert len(set(tops)) == 1, "they stand one below the other"
    expect(screen.locator("[data-chance]")).to_contain_text("about 18 of 100")
    expect(pair).to_be_hidden()
    assert page.url == f"{site_url}training/pairs/"
    assert page.evaluate(STORED) == []
    press(screen.get_by_role("button", name="Back to the sheets"))
    expect(pair.get_by_role("button", name="Show both versions side by side")).to_be_focused()
    expect(screen).to_be_empty()


@pytest.mark.parametrize("n", range(len(PAIRS)), ids=PAIRS)
@pytest.mark.parametrize("half", ["A", "B"])
def test_one_version_is_printed_on_one_page_and_is_all_that_is_printed(
    page: Page, site_url: str, n: int, half: str
) -> None:
    pair = opened(page, site_url, n)
    page.evaluate("void (window.print = () => {})")
    press(pair.get_by_role("button", name=f"Print version {half}", exact=True))
    page.emulate_media(media="print")
    a, b = (version.data["vignette"] for version in versions(published().pairs[PAIRS[n]]))
    shown = page.locator("main").inner_text()
    assert [story in shown for story in (a, b)] == [half == "A", half == "B"]
    assert "version" not in shown.lower()
    assert sheets(page) == 1
    assert sheets(page) > 2, "all sheets are printed again afterwards"


def test_without_scripts_an_open_pair_is_printed_sheet_by_sheet(without_scripts: Page, site_url: str) -> None:
    pair = opened(without_scripts, site_url)
    expect(pair.get_by_role("button", name="Show both versions side by side")).to_be_disabled()
    expect(pair.locator("[data-print-version]").first).to_be_hidden()
    assert 3 <= sheets(without_scripts) <= 4


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["small", "projected"])
def test_every_state_can_be_used_by_everybody(new_page: NewPage, site_url: str, size: dict[str, int]) -> None:
    found = Seen()
    with new_page() as page:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(reduced_motion="reduce")
        pair = opened(page, site_url)
        looked_at(page, found, "open")
        vote(pair, a_level_4=1)
        expect(pair.get_by_role("alert")).not_to_be_empty(timeout=PATIENCE)
        looked_at(page, found, "not counted")
        vote(pair, a_level_4=7, a_level_3=3, b_level_2=10)
        expect(page.locator("[data-chance]")).to_be_visible()
        looked_at(page, found, "side by side")
    assert {question: found.about(question) for question in found.found} == {}


def looked_at(page: Page, found: Seen, state: str) -> None:
    axe.add(page)
    found.note("axe", state, axe_in_both_schemes(page, found.judged, aside=".md-sidebar, .site-menu"))
    found.note("headings", state, look.headings(page))
    found.note("targets", state, look.small_targets(page, "main"))
    if page.viewport_size == SMALL:
        found.note("overflow", state, look.overflowing(page))
        found.note("spacing", state, look.clipped(page, "main"))
