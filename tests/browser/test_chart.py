"""The flowchart on a tool's page: it lights the way that the answers took, and can be made larger and printed."""

from __future__ import annotations

import itertools
import re

import pytest
from playwright.sync_api import Page, expect

from macros.engine.model.walk import walk
from macros.site.before.graph import graphs_of
from tests.browser.answers import LONG
from tests.browser.tool import Tool
from tests.trees import TOOLS, published


def lit(tool: Tool) -> list[str]:
    """The boxes that are lit, and the arrows as pairs of boxes, each with the part that its chart shows."""
    found: list[str] = tool.page.evaluate(
        """id => [...document.querySelectorAll(`#${id}-as-chart [data-lit]`)].map(one => {
            const part = one.closest("div[id]").id.replace(`${id}-chart-`, "");
            return `${part}: ${one.dataset.box ?? `${one.dataset.from} > ${one.dataset.to}`}`;
        }).sort()""",
        tool.tree,
    )
    return found


def here(tool: Tool) -> list[str]:
    """The boxes that are marked as where the reader is: by what a screen reader is told, and by what can be read."""
    chart = tool.page.locator(f"#{tool.tree}-as-chart")
    marked: list[str] = chart.locator("[aria-current=step]").evaluate_all(
        "all => all.map(one => one.parentElement.dataset.steps)"
    )
    said = chart.locator("[data-steps]", has=tool.page.get_by_text("You are here")).evaluate_all(
        "all => all.map(one => one.dataset.steps)"
    )
    assert said == marked
    return marked


def way(tree: str, answers: dict[str, object]) -> list[str]:
    passed = walk(published().trees[tree], answers).passed
    found: set[str] = set()
    for graph in graphs_of(published().trees[tree]):
        box_of = {step: box for box in graph.boxes for step in box.steps}
        nodes = [box_of[step].node for step in passed if step in box_of]
        pairs = [f"{a} > {b}" for a, b in itertools.pairwise(nodes)]
        found |= {f"{graph.part}: {name}" for name in [*nodes, *pairs]}
    return sorted(found)


def test_the_way_is_lit_step_by_step_and_back_again(tool: Tool) -> None:
    given: dict[str, object] = {}
    seen = []
    for _ in tool.walk(LONG):
        assert lit(tool) == way("level", given)
        assert [tool.data("node") in steps.split() for steps in here(tool)] == [True]
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
    picture = page.locator("#level-as-chart svg").first
    width = picture.evaluate("one => one.getBoundingClientRect().width")
    page.locator("[data-chart=larger]").press("Enter")
    larger = picture.evaluate("one => one.getBoundingClientRect().width")
    page.locator("[data-chart=smaller]").press("Enter")
    assert picture.evaluate("one => one.getBoundingClientRect().width") < larger
    page.locator("[data-chart=whole]").press("Enter")
    whole = picture.evaluate("one => one.getBoundingClientRect().width")
    assert larger > width > 0
    room = page.locator(".chart-window").evaluate("one => [one.clientWidth, one.clientHeight]")
    size = picture.evaluate("one => [one.getBoundingClientRect().width, one.getBoundingClientRect().height]")
    assert size[0] == whole <= room[0] + 1
    assert size[1] <= room[1] + 1


def test_a_box_leads_to_its_words(tool: Tool) -> None:
    page = tool.page
    page.locator("#level-as-chart summary").click()
    page.locator('#level-as-chart [data-steps="harm"] a').focus()
    page.keyboard.press("Enter")
    expect(page.locator("#level-text-level-harm")).to_be_visible()


@pytest.mark.parametrize("tree", TOOLS)
def test_it_prints_alone_its_own_chart_on_one_or_two_sheets_and_its_parts_on_one(
    page: Page, site_url: str, tree: str
) -> None:
    """The sheets are those of the PDF that the browser makes, which needs its button pressed and no dialog."""
    tool = Tool.open(page, site_url, tree)
    page.locator(f"#{tree}-as-chart summary").click()
    page.evaluate("window.print = () => {}")
    page.locator(f"#{tree}-as-chart [data-chart=print]").click()
    page.emulate_media(media="print")
    expect(tool.root).to_be_hidden()
    expect(page.locator(".chart-sheet")).to_contain_text("Draft")
    own = page.locator(".chart-sheet > svg").count()
    assert own in (1, 2)
    parts = graphs_of(published().trees[tree])[1:]
    assert page.locator(".chart-sheet .chart-parts svg").count() == len(parts)
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))
    assert len(sheets) == own + 1
    expect(page.locator(".chart-sheet")).to_have_count(0)


def test_a_page_is_printed_without_it(tool: Tool) -> None:
    tool.page.locator("#level-as-chart summary").click()
    expect(tool.page.locator("#level-as-chart")).to_be_visible()
    tool.page.emulate_media(media="print")
    expect(tool.page.locator("#level-as-chart")).to_be_hidden()


def test_without_scripts_it_is_there_all_the_same(without_scripts: Page, site_url: str) -> None:
    without_scripts.goto(f"{site_url}tools/level/")
    without_scripts.locator("#level-as-chart summary").click()
    expect(without_scripts.locator("#level-as-chart svg").first).to_be_visible()
    expect(without_scripts.locator("#level-as-chart button").first).to_be_hidden()


def test_on_a_phone_it_scrolls_in_its_own_window(page: Page, site_url: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    Tool.open(page, site_url)
    page.locator("#level-as-chart summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
