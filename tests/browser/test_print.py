"""Paper: what a printed copy says of itself, keeps and leaves out. And abbreviations, for readers without a mouse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from macros.site.preview.server import HOST
from tests.conftest import pages_of

STAMP = "[data-print-stamp]"
ABROAD = {"timezone_id": "Pacific/Auckland", "locale": "en-US"}


@pytest.fixture
def abroad(chromium: Browser) -> Iterator[Page]:
    """A page on a device whose clock shows another time than the UK's."""
    context = chromium.new_context(**ABROAD)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    ("now", "printed", "until"),
    [
        ("2026-01-31T09:05:00Z", "31 January 2026 at 09:05 GMT", "2 February 2026 at 09:05 GMT"),
        ("2026-07-01T23:30:00Z", "2 July 2026 at 00:30 BST", "4 July 2026 at 00:30 BST"),
        ("2026-10-24T12:00:00Z", "24 October 2026 at 13:00 BST", "26 October 2026 at 12:00 GMT"),
        ("2027-03-27T12:00:00Z", "27 March 2027 at 12:00 GMT", "29 March 2027 at 13:00 BST"),
    ],
    ids=["winter", "summer, past midnight", "over the change in October", "over the change in March"],
)
def test_a_printed_copy_says_in_uk_time_until_when_it_is_valid(
    abroad: Page, site_url: str, now: str, printed: str, until: str
) -> None:
    abroad.clock.install(time="2026-01-01T00:00:00Z")
    abroad.goto(f"{site_url}procedure/levels/")
    abroad.clock.set_fixed_time(now)
    abroad.evaluate("dispatchEvent(new Event('beforeprint'))")
    words = abroad.locator(STAMP).text_content() or ""
    assert words.startswith(f"Printed on {printed}; valid until {until} (48 hours; ")
    assert "open question 21" in words


def test_every_page_is_stamped(lone_page: Page, site: Path, site_url: str) -> None:
    lone_page.clock.install(time="2026-01-31T09:05:00Z")
    lone_page.route("**/engine-worker.mjs", lambda route: route.abort())  # nothing here waits for Python
    for path in pages_of(site):
        lone_page.goto(site_url + path.relative_to(site).as_posix(), wait_until="domcontentloaded")
        lone_page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert "valid until 2 February 2026" in (lone_page.locator(STAMP).text_content() or ""), path


def test_a_second_print_is_stamped_anew(lone_page: Page, site_url: str) -> None:
    lone_page.clock.install(time="2026-01-31T09:00:00Z")
    lone_page.goto(f"{site_url}procedure/levels/")
    stamps = []
    for now in ("2026-01-31T09:05:00Z", "2026-02-01T10:15:00Z"):
        lone_page.clock.set_fixed_time(now)
        lone_page.evaluate("dispatchEvent(new Event('beforeprint'))")
        stamps.append(lone_page.locator(STAMP).text_content())
    assert "31 January 2026 at 09:05" in (stamps[0] or "")
    assert "1 February 2026 at 10:15" in (stamps[1] or "")
    assert "09:05" not in (stamps[1] or "")


def test_the_browsers_own_print_is_stamped(page: Page, site_url: str) -> None:
    page.goto(f"{site_url}procedure/levels/")
    assert "valid until" not in (page.locator(STAMP).text_content() or "")
    page.pdf()
    expect(page.locator(STAMP)).to_contain_text("valid until")


def test_without_scripts_the_stamp_leaves_room_for_the_date(without_scripts: Page, site_url: str) -> None:
    without_scripts.goto(f"{site_url}procedure/levels/")
    without_scripts.emulate_media(media="print")
    expect(without_scripts.locator(STAMP)).to_be_visible()
    expect(without_scripts.locator(STAMP)).to_contain_text("48 hours")
    blank = without_scripts.locator(f"{STAMP} span").bounding_box()
    assert blank is not None
    assert blank["width"] > 120


# ---- what is on paper and what is not

ON_SCREEN_ALONE = [
    ".site-ways",
    ".md-search",
    ".md-sidebar--primary",
    ".md-sidebar--secondary",
    ".md-footer",
    ".page-print",
    ".references",
]


def test_paper_has_the_page_without_what_is_for_the_screen(page: Page, site_url: str) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{site_url}procedure/definitions/")
    for selector in ON_SCREEN_ALONE:
        expect(page.locator(selector)).to_be_visible()
    expect(page.locator(STAMP)).to_be_hidden()
    page.emulate_media(media="print")
    for selector in ON_SCREEN_ALONE:
        expect(page.locator(selector)).to_be_hidden()
    for kept in (STAMP, "[data-approval]", ".page-reviewed", "#s1-08"):
        expect(page.locator(kept)).to_be_visible()


AFTER = "(link) => getComputedStyle(link, '::after').content"


def test_the_address_of_a_link_to_another_site_is_on_paper(page: Page, site_url: str) -> None:
    page.goto(f"{site_url}procedure/definitions/")
    link = page.locator('article a[href^="https://www.gov.uk/"]').first
    own = page.locator("article p a[href^='../consent/']").first
    assert link.evaluate(AFTER) == "none"
    page.emulate_media(media="print")
    assert link.get_attribute("href") in link.evaluate(AFTER)
    assert own.evaluate(AFTER) == "none"


def in_print(page: Page, url: str) -> Any:
    page.goto(url)
    expect(page.locator(".words-used dd").first).to_be_hidden()
    page.emulate_media(media="print")
    return expect(page.locator(".words-used dd").first)


def test_the_words_used_are_explained_on_paper(page: Page, site_url: str) -> None:
    in_print(page, f"{site_url}procedure/levels/").to_be_visible()


def test_the_words_used_are_explained_on_paper_without_scripts(without_scripts: Page, site_url: str) -> None:
    in_print(without_scripts, f"{site_url}procedure/levels/").to_be_visible()


BRIGHTNESS = """(selector) => {
  const style = getComputedStyle(document.querySelector(selector));
  const grey = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
    return ((0.2126 * r + 0.7152 * g + 0.0722 * b) / 255) * a + (1 - a);
  };
  return [grey(style.color), grey(style.backgroundColor)];
}"""


@pytest.mark.parametrize(
    ("path", "selector"),
    [
        ("procedure/levels/", ".act-now"),
        ("procedure/levels/", ".act-now a"),
        ("procedure/levels/", ".open-question"),
        ("procedure/levels/", ".clause-note"),
        ("tools/level/", ".dt-first"),
    ],
)
def test_paper_is_dark_on_light_whatever_the_device_shows(page: Page, site_url: str, path: str, selector: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(f"{site_url}{path}")
    assert page.evaluate(BRIGHTNESS, selector)[0] > 0.5
    page.emulate_media(media="print")
    ink, ground = page.evaluate(BRIGHTNESS, selector)
    assert ink < 0.5
    assert ground > 0.85


def test_each_page_of_the_whole_begins_on_a_sheet_of_its_own(page: Page, site_url: str) -> None:
    page.goto(f"{site_url}procedure/whole/")
    page.emulate_media(media="print")
    breaks = page.locator(".whole-page").evaluate_all("all => all.map((one) => getComputedStyle(one).breakBefore)")
    assert len(breaks) > 10
    assert set(breaks) == {"page"}


def test_the_whole_asks_no_other_host(page: Page, site_url: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site_url}procedure/whole/", wait_until="networkidle")
    assert {urlsplit(url).hostname for url in asked} == {HOST}


# ---- the button


def test_the_button_prints_and_is_not_there_without_scripts(page: Page, without_scripts: Page, site_url: str) -> None:
    page.add_init_script("window.prints = 0; window.print = () => { window.prints += 1; }")
    page.goto(f"{site_url}procedure/levels/")
    page.get_by_role("button", name="Print this page").press("Enter")
    assert page.evaluate("window.prints") == 1
    without_scripts.goto(f"{site_url}procedure/levels/")
    expect(without_scripts.locator("[data-print]")).to_be_hidden()
    expect(without_scripts.locator(".page-print a")).to_be_visible()


# ---- abbreviations without a mouse


def test_a_keyboard_reaches_what_an_abbreviation_stands_for(page: Page, site_url: str) -> None:
    page.goto(f"{site_url}procedure/governance/")
    link = page.locator("a.abbr-link", has_text="CSC")
    before = page.locator("#s12-05 .clause-link")
    before.focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        if link.evaluate("(one) => one === document.activeElement"):
            break
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/glossary/#csc")
    expect(page.locator("#csc")).to_be_in_viewport()


def test_a_finger_reaches_what_an_abbreviation_stands_for(chromium: Browser, site_url: str) -> None:
    context = chromium.new_context(has_touch=True, is_mobile=True, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(f"{site_url}procedure/governance/")
    page.locator("a.abbr-link", has_text="CSC").tap()
    page.wait_for_url("**/glossary/#csc")
    page.goto(f"{site_url}tools/referral/")
    page.locator(".words-used summary").tap()
    expect(page.locator(".words-used dd").first).to_be_visible()
    context.close()
