"""The figures of the page "How quick it is", from the file that `make bench` saves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from macros.engine.html.markup import Markup, el
from macros.site.before.render import render

FIGURES = "docs/about/speed.json"
NAMES = {"firefox": "Firefox", "webkit": "WebKit"}


def speed_table(root: Path) -> Markup:
    """What was measured, and on what; or that nothing was."""
    try:
        found = json.loads((root / FIGURES).read_text("utf-8"))
    except FileNotFoundError:
        return el("p", "Nobody has saved any figures yet.")
    return render("speed.html", beside_stock=_beside_stock(found), alone=_alone(found), on=found["machine"])


def _beside_stock(found: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """What can be compared with Pyodide as it comes."""
    for kind, words in (("cold", "Ready at the first visit"), ("warm", "Ready at a later visit")):
        yield words, *_beside(found[kind])
    for browser, times in found["other browsers, cold"].items():
        yield f"Ready at the first visit, in {NAMES[browser]}", *_beside(times)
    for kind in ("gzip", "brotli"):
        sizes = found["bytes"][kind]
        ours, stock = (f"{sizes[whose] / 1e6:.2f} MB" for whose in ("ours", "stock"))
        yield f"To download, compressed by {kind}", ours, stock, f"{sizes['ratio']:.3f}"
    next_tool, stock_warm = found["next tool"], found["warm"]["stock"]["median"]
    ratio = f"{next_tool['of stock warm']:.3f}"
    yield "Ready on the next tool of a visit", _time(next_tool["median"]), _time(stock_warm), ratio


def _alone(found: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """What has nothing to be compared with."""
    yield "First question can be read", _time(found["first contentful paint"]["median"])
    yield "It can be answered", _time(found["first question"]["median"])
    yield "From a click to the next question, 95 of 100 within", _time(found["step, engine ready"]["95 %"])
    yield "From the last click to the result", _time(found["result, engine ready"]["median"])
    if early := found["click before ready, after ready"]:
        yield "A click made too early is answered, once ready, after", _time(early["median"])
    yield "Memory that Python takes", f"{found['heap'] / 1e6:.0f} MB"
    for path, told in found["lighthouse, phone"].items():
        if "performance" in told:
            name = "a tool" if "tools" in path else "the home page"
            yield f"Lighthouse on a phone, {name}", f"{told['performance']} of 100"


def _beside(times: Mapping[str, Any]) -> tuple[str, str, str]:
    ours, stock = (_time(times[whose]["median"]) for whose in ("ours", "stock"))
    return ours, stock, f"{times['ratio']:.3f}"


def _time(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.2f} s" if milliseconds >= 1000 else f"{milliseconds:.0f} ms"
