"""What stands around a page as a reader meets it: the tag for a draft, the bar, the list at the foot; and home."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest
from playwright.sync_api import Page, expect

from macros.site.approval import DRAFT
from tests.conftest import pages_of

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", ["", "tools/level/", "embed/level/", "procedure/levels/", "404.html"])
@pytest.mark.parametrize("media", ["screen", "print"])
def test_the_draft_tag_is_seen_once_on_screen_and_on_paper(page: Page, site_url: str, path: str, media: str) -> None:
    page.emulate_media(media=media)  # type: ignore[arg-type]
    page.goto(site_url + path)
    tag = page.get_by_text(DRAFT, exact=True)
    expect(tag).to_have_count(1)
    expect(tag).to_be_visible()
    expect(tag).to_be_in_viewport()


def test_the_draft_tag_is_repeated_on_every_sheet(page: Page, site_url: str) -> None:
    """A browser repeats what is laid out as the head of a table and not broken across sheets."""
    page.emulate_media(media="print")
    page.goto(site_url + "procedure/levels/")
    head = page.locator(".md-header:has(.approval)")
    expect(head).to_have_css("display", "table-header-group")
    expect(head).to_have_css("break-inside", "avoid")


# ---- the bar, the list and home

PHONE, DESK = {"width": 390, "height": 664}, {"width": 1280, "height": 800}
SHOWN_OF_IT = "(e) => e.getBoundingClientRect().bottom"
NAVIGATIONS = """() => [...document.querySelectorAll("nav:has(a)")].filter((e) => e.checkVisibility())
  .map((e) => e.ariaLabel)"""
LINKS = "(e) => [...e.querySelectorAll('a')].map((link) => [link.textContent, link.href])"


@pytest.mark.parametrize("path", ["", "tools/level/", "procedure/levels/", "about/about/", "404.html"])
def test_a_phone_has_one_bar_of_56_pixels_and_one_menu(page: Page, site_url: str, path: str) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(site_url + path)
    assert page.locator(".md-header").evaluate("(e) => e.getBoundingClientRect().height") == 56
    for words in ("Search", "Menu"):
        expect(page.locator(".md-header").get_by_text(words, exact=True)).to_be_visible()
    assert page.evaluate(NAVIGATIONS) == ["Whole site"]
    before = page.url
    page.get_by_text("Menu", exact=True).click()
    menu, foot = page.locator(".site-menu nav"), page.locator(".md-footer nav")
    expect(menu).to_be_visible()
    assert menu.evaluate(LINKS) == foot.evaluate(LINKS)
    assert page.url == before


def test_a_wide_screen_has_the_four_ways_in_and_no_menu(page: Page, site_url: str) -> None:
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.goto(f"{site_url}procedure/levels/")
    ways = page.get_by_role("navigation", name="Main").get_by_role("link")
    expect(ways).to_have_text(["What to do", "Procedure", "Contacts", "Training"])
    expect(page.get_by_role("link", name="Procedure").first).to_have_attribute("aria-current", "true")
    expect(page.locator(".site-menu > summary")).to_be_hidden()


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_home_shows_what_to_do_in_danger_and_three_choices_without_scrolling(
    page: Page, site_url: str, size: dict[str, int]
) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto(site_url)
    choices = page.locator(".choices > ul > li")
    assert [link.get_attribute("href") for link in choices.locator("a").all()] == [
        "tools/level/",
        "tools/missing/",
        "tools/referral/",
    ]
    strip = page.locator(".danger-strip")
    expect(strip.locator('[href="tel:999"]')).to_be_visible()
    assert strip.evaluate("(e) => e.getBoundingClientRect().height") <= 72
    for part in (page.locator("h1"), strip, *choices.all()):
        assert part.evaluate(SHOWN_OF_IT) <= size["height"]
    strip.get_by_role("link", name="Why?").click()
    expect(page.locator("#a-child-is-in-danger-now")).to_be_in_viewport()


def test_every_page_leads_to_every_page_in_three_steps(site: Path) -> None:
    """On a phone there is no other navigation than the list and what the pages say."""
    leads = {}
    for path in pages_of(site):
        url = path.relative_to(site).as_posix().removesuffix("index.html")
        found = re.findall(r'<a [^>]*?href="([^"]+)"', path.read_text("utf-8").partition('class="md-footer"')[2])
        found += re.findall(r'<a [^>]*?href="([^"]+)"', re.split(r"<article", path.read_text("utf-8"))[-1])
        leads[url] = {urldefrag(urljoin(f"/{url}", link)).url[1:] for link in found}
    reached = {""}
    for _ in range(3):
        reached |= {to for url in reached for to in leads.get(url, ()) if to in leads}
    assert {url for url in leads if not url.startswith("embed/")} - reached == {"404.html"}
