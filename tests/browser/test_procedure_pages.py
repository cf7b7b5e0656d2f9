"""Pages of the procedure as people read them: references when they are wanted, tables on a phone, and paper."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

LEVELS = "procedure/levels/"
CLAUSE = "s2-l1-02"
TABLES = [f"procedure/{page}/" for page in ("consent", "governance", "levels", "missing", "referring", "whole")] + [
    "who-does-what/"
]

CLIPPED = """() => [...document.querySelectorAll('.md-content :is(table, tr, td, table *)')]
  .filter((e) => e.checkVisibility())
  .filter((e) => e.getBoundingClientRect().right > innerWidth || e.getBoundingClientRect().left < 0)
  .map((e) => e.outerHTML)"""


def uses(page: Page, clause: str = CLAUSE) -> Locator:
    """The tools that use a clause."""
    return page.locator(f"[id='{clause}'] .clause-used")


def count(page: Page) -> int:
    """How many clauses show the tools that use them."""
    return page.locator(".clause-used:visible").count()


def test_references_are_hidden_until_they_are_wanted(page: Page, site_url: str) -> None:
    page.goto(f"{site_url}{LEVELS}")
    assert page.locator(".clause-note").count() > 30
    assert count(page) == 0
    link = page.locator(f"[id='{CLAUSE}'] .clause-link")
    link.hover()
    expect(uses(page)).to_be_visible()
    page.mouse.move(0, 0)
    expect(uses(page)).to_be_hidden()
    link.focus()
    page.keyboard.press("Tab")
    expect(uses(page).locator("a").first).to_be_focused()
    expect(uses(page)).to_be_visible()
    link.press("Enter")
    link.evaluate("(link) => link.blur()")
    page.mouse.move(0, 0)
    expect(uses(page)).to_be_visible()
    assert page.url.endswith(f"#{CLAUSE}")
    assert count(page) == 1


def test_one_box_shows_all_references_without_scripts(without_scripts: Page, site_url: str) -> None:
    page = without_scripts
    page.goto(f"{site_url}{LEVELS}")
    box = page.get_by_role("checkbox", name="Show references")
    for media, shown in (("screen", 0), ("print", 0)):
        page.emulate_media(media=media)  # type: ignore[arg-type]
        assert count(page) == shown
    page.emulate_media(media="screen")
    box.check()
    assert count(page) > 20
    page.emulate_media(media="print")
    assert count(page) > 20
    expect(box).to_be_hidden()
    page.emulate_media(media="screen")
    page.reload()
    expect(box).not_to_be_checked()
    assert count(page) == 0


def test_every_page_with_clauses_has_the_box_once(site: Path) -> None:
    pages = [path.read_text("utf-8") for path in site.glob("procedure/*/index.html")]
    assert {page.count('class="references"') for page in pages if "clause-note" in page} == {1}


@pytest.mark.parametrize("path", ["", "tools/level/", "procedure/"])
def test_pages_without_references_have_no_box(page: Page, site_url: str, path: str) -> None:
    page.goto(f"{site_url}{path}")
    expect(page.locator(".references")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("path", TABLES)
def test_a_table_is_cards_on_a_phone(page: Page, site_url: str, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{site_url}{path}")
    assert page.evaluate(CLIPPED) == []
    names = page.locator("thead th").first.inner_text() or page.locator("thead th").first.text_content()
    cell = page.locator("tbody td").first
    assert cell.evaluate("(cell) => getComputedStyle(cell, '::before').content") == f'"{names}"'
    beside = "(row) => new Set([...row.cells].map((cell) => cell.getBoundingClientRect().left)).size"
    assert set(page.locator("tbody tr").evaluate_all(f"(rows) => rows.map({beside})")) == {1}


def test_a_table_is_a_table_on_a_wider_screen(page: Page, site_url: str) -> None:
    page.set_viewport_size({"width": 768, "height": 1024})
    page.goto(f"{site_url}{LEVELS}")
    expect(page.locator("thead").first).to_be_visible()
    assert page.locator("tbody td").first.evaluate("(cell) => getComputedStyle(cell, '::before').content") == "none"


def test_the_levels_take_three_sheets(page: Page, site_url: str) -> None:
    page.goto(f"{site_url}{LEVELS}")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 3
