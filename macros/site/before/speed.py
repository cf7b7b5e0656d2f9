"""The figures of the page "How quick it is", from the file that `make bench` saves, and what is to be reached.

A part of them that was not measured leaves out its rows, and the page says which it was.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

from macros.engine.html.markup import Markup, el
from macros.site.before.render import render

FIGURES = "docs/about/speed.json"

PATIENCE = 3_000
"""Milliseconds after which an answer is held not to have come."""

Found = Mapping[str, Any]
Row = tuple[str, ...]

BROWSERS = {"firefox": "Firefox", "webkit": "WebKit"}
PAGES = {
    "tool": "A tool", "procedure": "A page of the procedure", "home": "The home page", "plain": "The plain page",
    "stock": "The tool on a plain page",
}  # fmt: skip
PARTS = {
    "pages": "the times of a visit", "slow": "the times on a slow phone", "phone": "the first answers on a slow phone",
    "desk": "the answers once Python is ready", "sizes": "the sizes", "lighthouse": "Lighthouse",
    "others": "Firefox and WebKit", "build": "the build", "proofs": "the proofs",
}  # fmt: skip
"""The parts of `make bench`, in words."""


def at(found: Found, *way: str) -> Any:
    """What stands in the figures at the end of this way; None if it was not measured."""
    part: Any = found
    for name in way:
        part = part.get(name) if isinstance(part, Mapping) else None
    return part


def _time(milliseconds: float) -> str:
    if milliseconds == inf:
        return f"over {PATIENCE / 1000:.0f} s"
    return f"{milliseconds / 1000:.1f} s" if milliseconds >= 1000 else f"{milliseconds:.0f} ms"


def _number(value: float) -> str:
    return "more than none" if value == inf else f"{value:.2f}"


def _points(value: float) -> str:
    return f"{value:.0f}"


# ---- what is to be reached


@dataclass(frozen=True)
class Aim:
    """What is to be reached: in words, how to tell it from the figures, and why it may be missed."""

    what: str
    limit: float
    value: Callable[[Found], float | None]
    """The value; None where it was not measured, and infinite where it did not come."""
    why: str
    shown: Callable[[float], str] = _number
    least: bool = False
    """Whether it is the limit or more that is wanted, not the limit or less."""
    part: str = "pages"
    """The part of the figures that it comes from."""

    def reached(self, found: Found) -> bool | None:
        """Whether it is reached; None if it was not measured."""
        value = self.value(found)
        if value is None:
            return None
        return value >= self.limit if self.least else value <= self.limit


def _ratio(comparison: str) -> Callable[[Found], float | None]:
    return _figure("pages", "ratios", comparison, "ready", "median")


def _figure(*way: str) -> Callable[[Found], float | None]:
    return lambda found: at(found, *way)


def _scores(found: Found, audit: str = "performance") -> list[float]:
    told = (at(found, "lighthouse", name, audit) for name in ("tool", "procedure", "home"))
    return [value for value in told if value is not None]


def _beside_plain(found: Found) -> float | None:
    plain, ours = at(found, "lighthouse", "plain", "performance"), _scores(found)
    return min(ours) - plain if ours and plain is not None else None


def _blocking(found: Found) -> float | None:
    audit = "total-blocking-time"
    plain, ours = at(found, "lighthouse", "plain", audit), _scores(found, audit)
    if not ours or plain is None:
        return None
    return max(ours) / plain if plain else inf if max(ours) else 0.0


def _slowest(kind: str) -> Callable[[Found], float | None]:
    """The slowest of the first three answers, with or without Python."""

    def value(found: Found) -> float | None:
        slowest = at(found, "phone", f"most {kind}")
        return inf if found.get("phone") and slowest is None else slowest

    return value


def _before_paint(found: Found) -> float | None:
    ours, plain = (at(found, "sizes", "pages", name, "before paint") for name in ("tool", "plain"))
    return ours / plain if ours and plain else None


PAINT_FIRST = (
    "We ask for Python only when the question can be read, and the bare page asks at once. What our page shows first "
    "takes its time, too."
)
CACHE_ONLY = (
    "What your browser keeps saves the download, and Python must still start. Below it says what a copy of its memory "
    "could save, and why we have none."
)
SAME_START = "Our page has Material’s style and script, as the plain page has, and ours beside them, and a font."

AIMS = (
    Aim(
        "Until you can answer, once you can read the question",
        150,
        _figure("pages", "cold", "ours", "form after paint", "median"),
        "The script that takes answers comes after the style that paints the question.",
        shown=_time,
    ),
    Aim(
        "The first three answers on a slow phone, before Python is there",
        200,
        _slowest("without"),
        "Some of the next questions wait for Python, which takes half a minute to come on such a phone.",
        shown=_time,
        part="phone",
    ),
    Aim(
        "The first three answers on a slow phone, once Python is there",
        200,
        _slowest("with"),
        "The longest of all counts here. The first is the slowest, for nothing like it has been run before.",
        shown=_time,
        part="phone",
    ),
    Aim(
        "An answer that you gave too early, once Python is ready",
        100,
        _figure("desk", "kept", "most"),
        "The longest of all counts here. The first answer is the slowest: Python has had no practice.",
        shown=_time,
        part="desk",
    ),
    Aim("First visit: ready, beside the bare page", 0.40, _ratio("cold, bare"), PAINT_FIRST),
    Aim("First visit: ready, beside the tool on a plain page", 0.35, _ratio("cold, stock"), PAINT_FIRST),
    Aim("Later visit: ready, beside the bare page", 0.30, _ratio("warm, bare"), CACHE_ONLY),
    Aim(
        "Next tool of a visit: ready, beside the bare page",
        0.10,
        _ratio("next, bare"),
        "Python is running already. The rest is the time that any page takes to load.",
    ),
    Aim(
        "Lighthouse’s figure for a phone, the lowest of our pages",
        95,
        lambda found: min(_scores(found), default=None),
        SAME_START,
        shown=_points,
        least=True,
        part="lighthouse",
    ),
    Aim("The same, points above the plain page", 1, _beside_plain, SAME_START, _points, least=True, part="lighthouse"),
    Aim(
        "Time in which a page cannot react, beside the plain page",
        0.5,
        _blocking,
        "Both pages run the theme’s script and lay out a long text. Ours has more around it.",
        part="lighthouse",
    ),
    Aim(
        "What is asked for before the question can be read, beside the plain page",
        1.0,
        _before_paint,
        "The page of a tool holds the whole check as text too, for readers whose browser runs no scripts. And it "
        "has the script that takes your answers.",
        part="sizes",
    ),
    Aim(
        "Building the site after one page changed, beside a build from nothing",
        0.3,
        _figure("build", "ratio"),
        "One page can change the search, the links and the lists on all others. So all are made and checked again.",
        part="build",
    ),
    Aim(
        "What a proof goes through for each question: 1,000 questions beside 100",
        1.2,
        _figure("proofs", "states for each question, 1000 to 100"),
        "",
        part="proofs",
    ),
)


SAID = {True: "Reached", False: "Missed", None: "Not measured"}


def measured(aim: Aim, found: Found) -> Row:
    """What was measured, what is wanted, and whether it is reached, each in a few words."""
    value = aim.value(found)
    wanted = f"{aim.shown(aim.limit)} or {'more' if aim.least else 'less'}"
    return "–" if value is None else aim.shown(value), wanted, SAID[aim.reached(found)]


# ---- the page


def speed_table(root: Path, name: str) -> Markup:
    """The table of this name, of TABLES; `missed` is a list, and `machine` a sentence or two.

    Raises KeyError if there is none.
    """
    rows, titles = TABLES[name]
    try:
        found = json.loads((root / FIGURES).read_text("utf-8"))
    except FileNotFoundError:
        return el("p", "Nobody has saved any figures yet.")
    if name == "machine":
        missing = [words for part, words in PARTS.items() if not found.get(part)]
        on, pairs = found["machine"], at(found, "pages", "pairs")
        busy = on["load_before"] > on["cores"] / 2
        return render("speed-machine.html", on=on, pairs=pairs, busy=busy, missing=missing)
    body = list(rows(found))
    if not body:
        return el("p", "Nothing that was measured." if name == "missed" else "This was not measured the last time.")
    return render("speed.html", titles=titles, rows=body)


def _waits(found: Found) -> Iterator[Row]:
    visits = [("pages", "cold"), ("pages", "warm"), ("slow", "cold"), ("slow", "warm")]
    for name, words in (
        ("paint", "Until you can read the question"),
        ("form", "Until you can answer it"),
        ("first", "Until the next question is there, if you answer at once"),
        ("ready", "Until Python is ready"),
    ):
        times = [at(found, *visit, "ours", name, "median") for visit in visits]
        if name == "form":  # what cannot be seen cannot be answered
            paints = [at(found, *visit, "ours", "paint", "median") for visit in visits]
            times = [time and max(time, paint) for time, paint in zip(times, paints, strict=True)]
        if any(time is not None for time in times):
            yield words, *("–" if time is None else _time(time) for time in times)


def _presses(found: Found) -> Iterator[Row]:
    for kind, words in (("without", "Python not there yet"), ("with", "Python there")):
        if slowest := _slowest(kind)(found):
            yield f"Slow phone, {words}: the slowest of the first three answers", _time(slowest)
    if desk := found.get("desk"):
        yield "Quick line, Python ready: 95 of 100 answers within", _time(desk["steps"]["95 %"])
        yield "Quick line, Python ready: from the last answer to the result", _time(desk["result"]["median"])
        if kept := desk["kept"]:
            yield "An answer that waited for Python, once it was ready", _time(kept["median"])


UNTIL = {"ready": "Python is ready", "form": "You can answer", "first": "The next question is there"}
VISITS = {
    ("pages", "cold"): "first visit",
    ("pages", "warm"): "later visit",
    ("pages", "next"): "next tool of a visit",
    ("slow", "cold"): "first visit on a slow phone",
}
OTHERS = {"bare": "the bare page", "stock": "the tool on a plain page"}
COMPARED = (
    *(("ready", visit, other) for visit in VISITS for other in OTHERS),
    *((until, visit, "stock") for until in ("form", "first") for visit in VISITS if "cold" in visit),
)
"""What is compared, as far as it was measured: until when, on which visit, and with which other page."""


def _beside(found: Found) -> Iterator[Row]:
    for until, (part, kind), other in COMPARED:
        if ratio := at(found, part, "ratios", f"{kind}, {other}", until):
            words = f"{UNTIL[until]}, {VISITS[part, kind]}: {OTHERS[other]}"
            ours, others = (at(found, part, kind, name, until) for name in ("ours", other))
            yield _compared(words, ours, others, ratio)
    for name, times in (found.get("others") or {}).items():
        words = f"{UNTIL['ready']}, first visit in {BROWSERS[name]}: {OTHERS['bare']}"
        yield _compared(words, times["ours"], times["bare"], times["ratio"])
    if sizes := at(found, "sizes", "python"):
        ours, others = (f"{sizes[whose] / 1e6:.1f} MB" for whose in ("ours", "stock"))
        yield "What Python asks your browser to download", ours, others, _number(sizes["ratio"])


def _compared(words: str, ours: Found, other: Found, ratio: Found) -> Row:
    spread = f"{_number(ratio['median'])} ({_number(ratio['lower quartile'])} to {_number(ratio['upper quartile'])})"
    return words, _time(ours["median"]), _time(other["median"]), spread


def _targets(found: Found) -> Iterator[Row]:
    for aim in AIMS:
        shown, wanted, said = measured(aim, found)
        yield aim.what, wanted, shown, said


def _missed(found: Found) -> Iterator[Row]:
    for aim in AIMS:
        if aim.reached(found) is False:
            yield aim.what, aim.why


def _pages(found: Found) -> Iterator[Row]:
    for name, words in PAGES.items():
        if page := at(found, "sizes", "pages", name):
            counted = [str(page[what]) for what in ("requests", "styles", "scripts")]
            yield words, *counted, _kilobytes(page["bytes"]), _kilobytes(page["before paint"])


def _lighthouse(found: Found) -> Iterator[Row]:
    for name, words in PAGES.items():
        if told := at(found, "lighthouse", name):
            paint, blocked = (_time(told[audit]) for audit in ("first-contentful-paint", "total-blocking-time"))
            yield words, f"{told['performance']:.0f} of 100", paint, blocked


def _kilobytes(size: float) -> str:
    return f"{size / 1000:.0f} kB"


def _builds(found: Found) -> Iterator[Row]:
    for name, words in (
        ("from nothing", "The site, from nothing, with all checks and packed files"),
        ("after one page", "The site, after one page changed"),
        ("plain", "MkDocs with Material, the same texts and nothing of ours"),
    ):
        if seconds := at(found, "build", name):
            yield words, f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    for questions, counted in (at(found, "proofs", "sizes") or {}).items():
        yield f"Proving a made-up check of {int(questions):,} questions", f"{counted['seconds']:.2f} s"


TABLES: Mapping[str, tuple[Callable[[Found], Iterable[Row]], Row]] = {
    "waits": (_waits, ("What", "First visit", "Later visit", "Slow phone, first visit", "Slow phone, later visit")),
    "presses": (_presses, ("From your answer to the next question", "Time")),
    "beside": (
        _beside,
        ("Until …, and what stands beside it", "This site", "The other", "Ratio, and half of all pairs"),
    ),
    "targets": (_targets, ("What", "Wanted", "Measured", "Reached?")),
    "missed": (_missed, ()),
    "pages": (_pages, ("Page", "Requests", "Styles", "Scripts", "To download", "Of it, before it can be read")),
    "lighthouse": (_lighthouse, ("Page", "Figure", "It can be read after", "It cannot react for")),
    "builds": (_builds, ("What", "Time")),
    "machine": (lambda found: (), ()),
}
"""The rows of each table, and its titles."""
