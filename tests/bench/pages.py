"""From the link to the first answer and to Python: our tool's page beside a bare one and a stock one, in turn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any

from playwright.sync_api import Page, Playwright, sync_playwright

from tests import drivers
from tests.bench import sites
from tests.bench.figures import ratio, spread
from tests.bench.report import once_more, say
from tests.bench.serve import Served
from tests.bench.visits import SETTLED, chromium, give_first, profile, slow_down, visit
from tests.browser.answers import LONG

ALL = ["paint", "form", "first", "ready"]
SEEN = {"ours": ALL, "stock": ALL, "bare": ["paint", "ready"]}
ADDRESS = {"ours": sites.TOOL, "stock": sites.STOCK, "bare": sites.BARE}
COMPARED = ("bare", "stock")
FIRST = {"danger": LONG["danger"]}

Times = dict[str, float]
Round = dict[tuple[str, str], Times]


def plain(served: Served, pairs: int) -> dict[str, Any]:
    """Each page cold, warm in a new start of the browser, and the next page of that visit."""
    return _in_turn(served, pairs, slow=False)


def slow(served: Served, pairs: int) -> dict[str, Any]:
    """Each page cold and warm, with the network and the processor of a phone."""
    served.network.slow = True
    try:
        return _in_turn(served, pairs, slow=True)
    finally:
        served.network.slow = False


def _in_turn(served: Served, pairs: int, *, slow: bool) -> dict[str, Any]:
    rounds: list[Round] = []
    with sync_playwright() as playwright:
        for n in range(pairs):
            names = list(SEEN)[:: 1 if n % 2 else -1]
            rounds.append(once_more(partial(_round, playwright, served, names, slow=slow)))
            ready = {" ".join(key): round(times["ready"]) for key, times in rounds[-1].items()}
            say(f"  round {n + 1} of {pairs}, ready: {ready}")
    return _summed(rounds)


def _round(playwright: Playwright, served: Served, names: list[str], *, slow: bool) -> Round:
    """Each of these pages cold and warm, and the next page where the network is quick."""
    times: Round = {}
    for name in names:
        with profile() as own:
            for kind in ("cold", "warm"):
                with chromium(playwright, own) as page:
                    if slow:
                        slow_down(page)
                    times[kind, name] = _first(page, served, name)
                    page.wait_for_timeout(SETTLED)
                    if kind == "warm" and not slow and name in NEXT:
                        times["next", name] = _next(page, served, name)
    return times


def _first(page: Page, served: Served, name: str) -> Times:
    if name != "bare":
        give_first(page, FIRST)
    return visit(page, served.url + ADDRESS[name], SEEN[name])


NEXT = {"ours": sites.NEXT, "bare": sites.BARE}


def _next(page: Page, served: Served, name: str) -> Times:
    page.add_init_script("delete window.benchFirst")
    names = ["paint", "form", "ready"] if name == "ours" else ["paint", "ready"]
    times = visit(page, served.url + NEXT[name], names)
    asked = max(times["form"], times["paint"]) if name == "ours" else 0.0
    return {**times, "ready after form": max(0.0, times["ready"] - asked)}


def _summed(rounds: list[Round]) -> dict[str, Any]:
    values: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for one in rounds:
        for key, times in one.items():
            for name, time in times.items():
                values[key][name].append(time)
    found: dict[str, Any] = {"pairs": len(rounds)}
    for (kind, name), measured in values.items():
        found.setdefault(kind, {})[name] = {what: spread(times) for what, times in measured.items()}
    found["ratios"] = {
        f"{kind}, {other}": {
            what: ratio(values[kind, "ours"][what], values[kind, other][what])
            for what in ("form", "first", "ready")
            if what in values[kind, "ours"] and what in values[kind, other]
        }
        for kind in ("cold", "warm", "next")
        for other in COMPARED
        if (kind, other) in values
    }
    return found


MARKS = {"ours": "decision-tool:engine-ready", "bare": "ready"}
READY = """new Promise((done) => {
  const look = () => {
    const [mark] = performance.getEntriesByName("%s");
    if (mark) done(mark.startTime);
    else setTimeout(look, 5);
  };
  look();
})"""


def others(served: Served, pairs: int) -> dict[str, Any]:
    """Ready in Firefox and WebKit, on our page and on the bare one."""
    found: dict[str, Any] = {}
    for name, driver in drivers.DRIVERS.items():
        times: dict[str, list[float]] = {"ours": [], "bare": []}
        for n in range(pairs):
            for which in ("ours", "bare")[:: 1 if n % 2 else -1]:
                times[which].append(once_more(partial(_elsewhere, driver, served, which)))
        found[name] = {which: spread(taken) for which, taken in times.items()}
        found[name] |= {"pairs": pairs, "ratio": ratio(times["ours"], times["bare"])}
        say(f"  {name}: {found[name]['ratio']}")
    return found


def _elsewhere(driver: Callable[[], drivers.Browser], served: Served, which: str) -> float:
    browser = driver()
    try:
        browser.goto(served.url + ADDRESS[which])
        return float(browser.evaluate(READY % MARKS[which]))
    finally:
        browser.close()
