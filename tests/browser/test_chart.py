"""The flowchart on a tool's page: it lights the way that the answers took, and can be made larger and printed."""

from __future__ import annotations

import itertools

import pytest
from playwright.sync_api import Browser, Page, expect

from macros.engine import walk
from macros.site.graph import graph_of
from tests.browser.answers import LONG
from tests.browser.tool import Tool
from tests.trees import published


def lit(tool: Tool) -> list[str]:
    """The boxes that are lit, and the arrows as pairs of boxes."""
    found: list[str] = tool.page.evaluate(
        "id => [...document.querySelectorAll(`#${id}-as-chart [data-lit]`)]"
        ".map(one => one.dataset.step ?? `${one.dataset.from} > ${one.dataset.to}`).sort()",
        tool.tree,
    )
    return found


def here(tool: Tool) -> list[str]:
    marked: list[str] = tool.page.locator(f"#{tool.tree}-as-chart [aria-current=step]").evaluate_all(
        "all => all.map(one => one.parentElement.dataset.step)"
    )
    return marked


def way(tree: str, answers: dict[str, object]) -> list[str]:
    boxes = {box.key for box in graph_of(published().trees[tree]).boxes}
    passed = [key for key in walk(published().trees[tree], answers).passed if key in boxes]
    return sorted([*passed, *(f"{a} > {b}" for a, b in itertools.pairwise(passed))])


def test_the_way_is_lit_step_by_step_and_back_again(tool: Tool) -> None:
    given: dict[str, object] = {}
    seen = []
    for _ in tool.walk(LONG):
        assert lit(tool) == way("level", given)
        assert here(tool) == [tool.data("node")]
        seen.append(lit(tool))
        given |= {fact: LONG[fact] for fact in (tool.facts if tool.data("state") == "asking" else []) if fact in LONG}
    for earlier in reversed(seen[:-1]):
        tool.page.go_back()
        expect(tool.page.locator("#level-as-chart [aria-current=step]")).to_have_count(1)
        assert lit(tool) == earlier
    tool.page.go_forward()
    tool.restart()
    assert lit(tool) == way("level", {})


def test_it_grows_and_shrinks_by_the_keyboard(tool: Tool) -> None:
    page = tool.page
    page.locator("#level-as-chart summary").click()
    picture = page.locator("#level-as-chart svg")
    width = picture.evaluate("one => one.getBoundingClientRect().width")
    page.locator("[data-chart=larger]").press("Enter")
    larger = picture.evaluate("one => one.getBoundingClientRect().width")
    page.locator("[data-chart=smaller]").press("Enter")
    assert picture.evaluate("one => one.getBoundingClientRect().width") < larger
    page.locator("[data-chart=whole]").press("Enter")
    whole = picture.evaluate("one => one.getBoundingClientRect().width")
    assert larger > width > 0
    assert whole <= page.locator(".chart-window").first.evaluate("one => one.clientWidth") + 1


def test_a_box_leads_to_its_words(tool: Tool) -> None:
    page = tool.page
    page.locator("#level-as-chart summary").click()
    page.locator('#level-as-chart [data-step="harm"] a').focus()
    page.keyboard.press("Enter")
    expect(page.locator("#level-text-level-harm")).to_be_visible()


@pytest.mark.parametrize("tree", published().tools)
def test_it_prints_alone_on_one_or_two_sheets(page: Page, site_url: str, tree: str) -> None:
    tool = Tool.open(page, site_url, tree)
    page.locator(f"#{tree}-as-chart summary").click()
    page.evaluate("window.print = () => {}")
    page.locator(f"#{tree}-as-chart [data-chart=print]").click()
    page.emulate_media(media="print")
    expect(tool.root).to_be_hidden()
    expect(page.locator(".chart-sheet")).to_contain_text("Draft")
    assert page.locator(".chart-sheet svg").count() in (1, 2)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".chart-sheet")).to_have_count(0)


def test_without_scripts_it_is_there_all_the_same(without_scripts: Page, site_url: str) -> None:
    without_scripts.goto(f"{site_url}tools/level/")
    without_scripts.locator("#level-as-chart summary").click()
    expect(without_scripts.locator("#level-as-chart svg")).to_be_visible()
    expect(without_scripts.locator("#level-as-chart button").first).to_be_hidden()


def test_on_a_phone_it_scrolls_in_its_own_window(chromium: Browser, site_url: str) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    Tool.open(page, site_url)
    page.locator("#level-as-chart summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()
