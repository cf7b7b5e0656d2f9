"""WCAG 2.2 AA in every state of every tool: what axe judges, and as facts what it cannot.

Tools are looked at on the smallest screen (320 pixels, which is 1280 at 400 %). Their states are derived from the trees
(reachable.py), brought about one after another in the real page (visit.py), and told by what the page shows: those met
must be those that can be reached, and all of those. Each tool is looked at by itself, so that several processes can.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import pytest

from tests.browser import axe, look
from tests.browser.reachable import ASKING, CHANGING, ERROR, OPENED, OUTCOME, Pair, reachable, shortest_cover
from tests.browser.seen import SMALL, Seen, axe_in_both_schemes
from tests.browser.tool import Tool
from tests.browser.visit import Visit
from tests.conftest import ROOT, NewPage
from tests.trees import TOOLS

PAIRS = ROOT / "build" / "accessibility-pairs.json"


def misled(tool: Tool, pair: Pair) -> list[str]:
    """Whether a new screen left the focus elsewhere than where its reading begins. At first the page has it."""
    begun = tool.screen.locator(".dt-so-far").count() > 0
    led = pair.state in (OUTCOME, CHANGING, ERROR, OPENED) or (pair.state == ASKING and begun)
    at = tool.page.evaluate("document.activeElement.matches('[data-focus]')")
    return ["the focus is elsewhere"] if led and not at else []


@dataclass
class States(Seen):
    """What was seen of one tool."""

    tool: str = ""


@pytest.fixture(scope="module", params=TOOLS)
def states(request: pytest.FixtureRequest, new_page: NewPage, site_url: str) -> States:
    """Every state of every screen of a tool, on a small screen."""
    seen = States(tool=request.param)
    root = f'[data-decision-tool="{seen.tool}"]'

    def note(tool: Tool, pair: Pair) -> None:
        page, place = tool.page, f"{pair.screen} {pair.state}"
        if not page.evaluate("window.axe !== undefined"):
            axe.add(page)
        page.evaluate("scrollTo(0, 0)")  # where the header at the top of the window lies over nothing
        seen.note("axe", place, axe_in_both_schemes(page, seen.judged, root, axe.FOLDED))
        seen.note("targets", place, look.small_targets(page, root))
        seen.note("headings", place, look.headings(page))
        seen.note("overflow", place, look.overflowing(page))
        seen.note("spacing", place, look.clipped(page, root))
        seen.note("place", place, misled(tool, pair))

    with new_page() as page:
        page.set_viewport_size(SMALL)  # type: ignore[arg-type]
        page.emulate_media(reduced_motion="reduce")
        visit = Visit(page, site_url, note)
        for walk in shortest_cover(seen.tool):
            visit.go(walk)
    seen.pairs = visit.pairs
    return seen


def test_the_states_met_are_those_that_the_trees_can_reach(states: States) -> None:
    PAIRS.parent.mkdir(exist_ok=True)
    listed = [{**asdict(pair.screen), "state": pair.state} for pair in sorted(states.pairs)]
    file = PAIRS.with_stem(f"{PAIRS.stem}-{states.tool}")
    file.write_text("[\n" + ",\n".join(map(json.dumps, listed)) + "\n]\n", "utf-8")
    assert states.pairs - reachable(states.tool) == set(), "met, and not to be reached by the trees"
    assert reachable(states.tool) - states.pairs == set(), "to be reached, and not met"


def test_axe_finds_nothing_in_any_state_of_any_tool(states: States) -> None:
    assert states.about("axe") == {}


@pytest.mark.parametrize("question", ["targets", "headings", "overflow", "spacing", "place"])
def test_every_state_of_every_tool_holds_to(states: States, question: str) -> None:
    assert states.about(question) == {}
