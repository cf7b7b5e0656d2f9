"""From a press to what follows: the first answers on a phone, with Python there and not; and any answer once it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from playwright.sync_api import Page, Playwright, sync_playwright

from macros.site.before.speed import PATIENCE
from tests.bench.figures import at, spread
from tests.bench.report import once_more, say
from tests.bench.serve import Served
from tests.bench.visits import LONGEST, chromium, press, profile, slow_down, visit
from tests.browser.answers import LONG
from tests.browser.journeys import journeys
from tests.browser.tool import Tool

SCREENS = 3
READING = 2_000  # milliseconds that somebody reads a question on a phone before they press
RESTED = 5_000  # milliseconds that somebody reads the first question at a desk

Took = list[float | None]


def on_a_phone(served: Served, times: int) -> dict[str, Any]:
    """Milliseconds from the press to each of the first three screens of each tool; None for what does not come in time.

    With the network and the processor of a phone: `without` has all but the last bytes of Python under way, so that it
    takes its share of the network and is never there; `with` waits for it first.
    """
    found: dict[str, dict[str, list[Took]]] = {"without": {}, "with": {}}
    with sync_playwright() as playwright:
        for tool, answers in _ways().items():
            for _ in range(times):
                for kind, measure in (("without", _without_python), ("with", _with_python)):
                    took = once_more(partial(measure, playwright, served, tool, answers))
                    found[kind].setdefault(tool, []).append(took)
            say(f"  {tool}: { ({kind: tools[tool] for kind, tools in found.items()}) }")
    return {**found, **{f"most {kind}": _most(tools) for kind, tools in found.items()}, "read for": READING}


def _ways() -> dict[str, Mapping[str, Any]]:
    """For each tool that people use, the answers of the journey with most screens."""
    longest: dict[str, Mapping[str, Any]] = {}
    for journey in sorted(journeys().values(), key=lambda one: -len(one["expect"].get("screens", ()))):
        if not journey["expect"].get("problems") and not journey["expect"].get("unused"):
            longest.setdefault(journey["tree"], journey["answers"])
    return longest


def _without_python(playwright: Playwright, served: Served, tool: str, answers: Mapping[str, Any]) -> Took:
    with profile() as own, chromium(playwright, own) as page:
        served.network.slow = True
        served.hold_python()
        try:
            slow_down(page)
            visit(page, f"{served.url}tools/{tool}/", ["paint", "form"])
            return _first_screens(page, answers)
        finally:
            served.network.slow = False
            served.release_python()


def _with_python(playwright: Playwright, served: Served, tool: str, answers: Mapping[str, Any]) -> Took:
    """What is there is there, however it came: so it comes quickly, and the processor is slowed afterwards."""
    with profile() as own, chromium(playwright, own) as page:
        visit(page, f"{served.url}tools/{tool}/", ["paint", "form", "ready"])
        slow_down(page)
        return _first_screens(page, answers)


def _first_screens(page: Page, answers: Mapping[str, Any]) -> Took:
    took: Took = []
    while len(took) < SCREENS and page.evaluate("bench.state()") == "asking":
        page.wait_for_timeout(READING)
        came = press(page, answers, PATIENCE)
        took.append(round(came["took"], 1) if came else None)
        if not came:
            break
    return took


def _most(tools: Mapping[str, list[Took]]) -> float | None:
    """The longest of all; None if one did not come in time."""
    every = [time for visits in tools.values() for took in visits for time in took]
    return None if None in every else max(time for time in every if time is not None)


def at_a_desk(served: Served, times: int) -> dict[str, Any]:
    """Milliseconds from Python's being ready to the answer of a press that waited for it; from a press to what follows
    once it is ready, and to the result.
    """
    with sync_playwright() as playwright:
        visits = [once_more(partial(_at_a_desk, playwright, served)) for _ in range(times)]
    kept = [one["kept"] for one in visits if one["kept"] is not None]
    steps = [step for one in visits for step in one["steps"]]
    return {
        "kept": {**spread(kept), "most": round(max(kept), 1)} if kept else None,
        "steps": {**spread(steps), "95 %": at(95, steps), "number": len(steps)},
        "result": spread([one["result"] for one in visits]),
    }


def _at_a_desk(playwright: Playwright, served: Served) -> dict[str, Any]:
    with profile() as own, chromium(playwright, own) as page:
        served.hold_python()
        try:
            visit(page, f"{served.url}tools/level/", ["paint", "form"])
            kept = _kept(page, served)
        finally:
            served.release_python()
        page.evaluate("within => bench.times(['ready'], within)", LONGEST)
        page.wait_for_timeout(RESTED)
        *steps, result = _to_the_end(page)
    say(f"  kept {kept}, steps {[round(step) for step in steps]}, result {result:.0f} ms")
    return {"kept": kept, "steps": steps, "result": result}


def _kept(page: Page, served: Served) -> float | None:
    """Answer until an answer needs Python, and then let that come. None if none ever needs it."""
    while page.evaluate("bench.state()") == "asking":
        if press(page, LONG, PATIENCE // 2) is None:
            served.release_python()
            came = page.evaluate("within => bench.came(within)", LONGEST)
            (ready,) = page.evaluate("within => bench.times(['ready'], within)", LONGEST)
            return round(float(came["shown"]) - float(ready), 1)
    return None


def _to_the_end(page: Page) -> Iterator[float]:
    """Start again, with Python ready, and go on to a result."""
    tool = Tool(page, "level")
    tool.restart()
    while page.evaluate("bench.state()") == "asking":
        page.wait_for_timeout(RESTED // 10)
        came = press(page, LONG, LONGEST)
        assert came, "no answer"
        yield float(came["took"])
