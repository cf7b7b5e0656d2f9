"""From the link to the first answer and to Python: our tool's page beside a bare one and a stock one, in turn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page, Playwright, sync_playwright

from tests import drivers
from tests.bench import sites
from tests.bench.figures import ratio, spread
from tests.bench.report import say
from tests.bench.serve import Served
from tests.bench.visits import SETTLED, chromium, give_first, profile, slow_down, visit
from tests.browser.answers import LONG

ALL = ["paint", "form", "first", "ready"]
SEEN = {"ours": ALL, "stock": ALL, "bare": ["paint", "ready"]}
ADDRESS = {"ours": sites.TOOL, "stock": sites.STOCK, "bare": sites.BARE}
COMPARED = ("bare", "stock")
FIRST = {"danger": LONG["danger"]}

Times = dict[str, float]


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
    rounds: list[dict[tuple[str, str], Times]] = []
    with sync_playwright() as playwright:
        for n in range(pairs):
            names = list(SEEN)[:: 1 if n % 2 else -1]
            try:
                rounds.append(
                    {key: times for name in names for key, times in _both(playwright, served, name, slow=slow)}
                )
            except Exception as error:  # one round less is told from the number of pairs
                say(f"  round {n + 1} of {pairs} failed: {error}")
                continue
            ready = {" ".join(key): round(times["ready"]) for key, times in rounds[-1].items()}
            say(f"  round {n + 1} of {pairs}, ready: {ready}")
    if not rounds:
        raise RuntimeError("no round came to its end")
    return _summed(rounds)


def _both(playwright: Playwright, served: Served, name: str, *, slow: bool) -> Iterator[tuple[tuple[str, str], Times]]:
    """Cold and warm, and the next page where the network is quick."""
    with profile() as own:
        for kind in ("cold", "warm"):
            with chromium(playwright, own) as page:
                if slow:
                    slow_down(page)
                yield (kind, name), _first(page, served, name)
                page.wait_for_timeout(SETTLED)
                if kind == "warm" and not slow and name in NEXT:
                    yield ("next", name), _next(page, served, name)


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


def _summed(rounds: list[dict[tuple[str, str], Times]]) -> dict[str, Any]:
    values: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for one in rounds:
        for key, times in one.items():
            for name, time in times.items():
                values[key][name].append(time)
    found: dict[str, Any] = {"pairs": len(rounds)}
    for (kind, name), times in values.items():
        found.setdefault(kind, {})[name] = {what: spread(measured) for what, measured in times.items()}
    found["ratios"] = {
        f"{kind}, {other}": ratio(values[kind, "ours"]["ready"], values[kind, other]["ready"])
        for kind in ("cold", "warm", "next")
        for other in COMPARED
        if (kind, other) in values
    }
    return found


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
    found = {}
    for name, driver in drivers.DRIVERS.items():
        times: dict[str, list[float]] = {"ours": [], "bare": []}
        for n in range(pairs):
            for which, mark in (("ours", "decision-tool:engine-ready"), ("bare", "ready"))[:: 1 if n % 2 else -1]:
                browser = driver()
                try:
                    browser.goto(served.url + ADDRESS[which])
                    times[which].append(browser.evaluate(READY % mark))
                finally:
                    browser.close()
        found[name] = {which: spread(taken) for which, taken in times.items()}
        found[name] |= {"pairs": pairs, "ratio": ratio(times["ours"], times["bare"])}
        say(f"  {name}: {found[name]['ratio']}")
    return found
