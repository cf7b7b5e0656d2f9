"""axe finds nothing in Firefox and WebKit either: each screen of one journey to each outcome of each tool.

In Chromium every state of every screen is looked at, by tests/browser/test_accessible_states.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests import drivers
from tests.browser import axe
from tests.browser.journeys import one_for_each_outcome
from tests.browser.test_journeys import STEP
from tests.drivers import Browser
from tests.trees import published

MOST_SCREENS = 20


@pytest.fixture(
    params=[pytest.param(name, marks=[pytest.mark.browser, pytest.mark.all_browsers]) for name in drivers.DRIVERS]
)
def other_browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    browser = drivers.DRIVERS[request.param]()
    yield browser
    browser.close()


def findings(browser: Browser, where: str) -> list[str]:
    return axe.read(browser.evaluate(f"({axe.RUN})({json.dumps([where, axe.FOLDED, axe.TAGS])})"))


def test_there_is_a_journey_to_each_outcome() -> None:
    ends = {(tool, step.key) for tool in published().tools for step in published().trees[tool].ends}
    assert {(j["tree"], j["expect"]["node"]) for j in one_for_each_outcome().values()} == ends


def test_axe_finds_nothing_on_the_way_to_any_outcome(other_browser: Browser, site_url: str) -> None:
    found: dict[str, list[str]] = {}
    for name, journey in one_for_each_outcome().items():
        other_browser.goto(f"{site_url}tools/{journey['tree']}/")
        other_browser.evaluate(f"(() => {{ {axe.source()}; }})()")
        at = {"state": "asking"}
        for _ in range(MOST_SCREENS):
            if said := findings(other_browser, f'[data-decision-tool="{journey["tree"]}"]'):
                found.setdefault(name, []).extend(said)
            if at["state"] != "asking":
                break
            at = other_browser.evaluate(STEP % json.dumps(journey["answers"]))
        assert (at["state"], at["node"]) == ("outcome", journey["expect"]["node"])
    assert found == {}
