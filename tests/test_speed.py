"""The page "How quick it is": its tables and its verdicts come from the saved figures, whatever they are."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from copy import deepcopy
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from macros.site.before.speed import AIMS, FIGURES, PARTS, TABLES, Aim, speed_table
from tests.bench import __main__ as bench
from tests.conftest import ROOT


def middle(value: float) -> dict[str, float]:
    return {"median": value, "lower quartile": value, "upper quartile": value}


def visit(time: float) -> dict[str, Any]:
    return {name: middle(time) for name in ("paint", "form", "first", "ready", "form after paint")}


def half(*names: str) -> dict[str, Any]:
    return {name: {what: middle(0.1) for what in ("form", "first", "ready")} for name in names}


PAIRS = ("cold, bare", "cold, stock", "warm, bare", "next, bare")
PAGE = {"requests": 7, "styles": 2, "scripts": 2, "bytes": 90_000, "before paint": 80_000}
TOLD = {"performance": 99, "total-blocking-time": 10, "first-contentful-paint": 1000}
DULL = {**TOLD, "performance": 90, "total-blocking-time": 40}
GOOD: dict[str, Any] = {
    "machine": {
        "measured_on": "2001-02-03",
        "browser": "B",
        "pyodide": "P",
        "cores": 2,
        "processor": "A < B",
        "load_before": 0.4,
    },
    "failed": {},
    "pages": {
        "pairs": 3,
        **{kind: {name: visit(100) for name in ("ours", "bare", "stock")} for kind in ("cold", "warm", "next")},
        "ratios": half(*PAIRS),
    },
    "slow": {
        **{kind: {name: visit(3000) for name in ("ours", "bare", "stock")} for kind in ("cold", "warm")},
        "ratios": half(*PAIRS[:3]),
    },
    "phone": {"most without": 90, "most with": 80},
    "desk": {"kept": {**middle(40), "most": 45}, "steps": {**middle(20), "95 %": 31}, "result": middle(33)},
    "sizes": {
        "pages": {name: dict(PAGE) for name in ("tool", "procedure", "home", "plain", "stock")},
        "python": {"ours": 5_000_000, "stock": 6_000_000, "ratio": 0.83},
    },
    "lighthouse": {"tool": dict(TOLD), "procedure": dict(TOLD), "home": dict(TOLD), "plain": dict(DULL)},
    "others": {"firefox": {"ours": middle(900), "bare": middle(1800), "ratio": middle(0.5)}},
    "build": {"from nothing": 100.0, "after one page": 20.0, "plain": 3.5, "ratio": 0.2},
    "proofs": {"states for each question, 1000 to 100": 1.1, "sizes": {"10": {"seconds": 0.01}}},
}
"""Figures with which every aim is reached."""


class Rows(HTMLParser):
    """The cells of each row of a table."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._open = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        self._open = tag in ("th", "td")
        if self._open:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag not in ("th", "td")

    def handle_data(self, data: str) -> None:
        if self._open:
            self.rows[-1][-1] += data


def shown(tmp_path: Path, found: Mapping[str, Any], name: str) -> str:
    path = tmp_path / FIGURES
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found), "utf-8")
    return str(speed_table(tmp_path, name))


def rows(tmp_path: Path, found: Mapping[str, Any], name: str) -> list[list[str]]:
    return Rows(shown(tmp_path, found, name)).rows


@pytest.mark.parametrize("name", [name for name, (_, titles) in TABLES.items() if titles])
def test_each_row_of_a_table_has_a_cell_for_each_title(tmp_path: Path, name: str) -> None:
    titles, *body = rows(tmp_path, GOOD, name)
    assert body
    assert {len(row) for row in body} == {len(titles)}


def test_where_nothing_was_saved_each_table_says_so(tmp_path: Path) -> None:
    assert {str(speed_table(tmp_path, name)).startswith("<p>") for name in TABLES} == {True}


@pytest.mark.parametrize("part", sorted(PARTS))
def test_a_part_that_was_not_measured_leaves_the_others_and_is_named(tmp_path: Path, part: str) -> None:
    found = {name: value for name, value in GOOD.items() if name != part}
    for name in TABLES:
        assert "None" not in shown(tmp_path, found, name)
    assert PARTS[part] in shown(tmp_path, found, "machine")
    assert PARTS[part] not in shown(tmp_path, GOOD, "machine")
    without = [aim for aim in AIMS if aim.reached(found) is None]
    assert all(("–" in row) == (row[0] in {aim.what for aim in without}) for row in rows(tmp_path, found, "targets"))
    assert without == [aim for aim in AIMS if aim.part == part]


def test_the_words_of_each_part_are_those_of_the_command() -> None:
    assert set(PARTS) == set(bench.PARTS)
    assert {aim.part for aim in AIMS} <= set(PARTS)


def test_good_figures_reach_every_target(tmp_path: Path) -> None:
    assert [aim.what for aim in AIMS if not aim.reached(GOOD)] == []
    assert {row[-1] for row in rows(tmp_path, GOOD, "targets")[1:]} == {"Reached"}
    assert "<li>" not in shown(tmp_path, GOOD, "missed")


def test_figures_of_a_busy_machine_are_called_rough(tmp_path: Path) -> None:
    assert "rough" not in shown(tmp_path, GOOD, "machine")
    assert "rough" in shown(tmp_path, changed("machine", "load_before", 1.1), "machine")


def changed(*way: Any) -> dict[str, Any]:
    """Good figures but for one: the last of `way`, at the place that the others name."""
    found = deepcopy(GOOD)
    *path, name, value = way
    part = found
    for step in path:
        part = part[step]
    part[name] = value
    return found


BAD = (
    ("pages", "cold", "ours", "form after paint", "median", 151),
    ("phone", "most without", 201),
    ("phone", "most without", None),
    ("phone", "most with", 201),
    ("desk", "kept", "most", 101),
    ("pages", "ratios", "cold, bare", "ready", "median", 0.41),
    ("pages", "ratios", "cold, stock", "ready", "median", 0.36),
    ("pages", "ratios", "warm, bare", "ready", "median", 0.31),
    ("pages", "ratios", "next, bare", "ready", "median", 0.11),
    ("lighthouse", "home", "performance", 94),
    ("lighthouse", "plain", "performance", 99),
    ("lighthouse", "tool", "total-blocking-time", 21),
    ("sizes", "pages", "tool", "before paint", 81_000),
    ("build", "ratio", 0.31),
    ("proofs", "states for each question, 1000 to 100", 1.3),
)


@pytest.mark.parametrize("way", BAD, ids=lambda way: ", ".join(map(str, way)))
def test_a_figure_over_its_limit_is_missed_and_says_why(tmp_path: Path, way: tuple[Any, ...]) -> None:
    found = changed(*way)
    (missed,) = [aim for aim in AIMS if not aim.reached(found)]
    (row,) = [row for row in rows(tmp_path, found, "targets") if row[0] == missed.what]
    assert row[-1] == "Missed"
    assert f"<li><strong>{missed.what}.</strong> {missed.why}</li>" in shown(tmp_path, found, "missed")


def test_every_target_can_be_missed() -> None:
    assert {missed(way) for way in BAD} == {aim.what for aim in AIMS}


def missed(way: tuple[Any, ...]) -> str:
    (aim,) = [aim for aim in AIMS if not aim.reached(changed(*way))]
    return aim.what


def test_blocking_of_nothing_is_none_of_nothing(tmp_path: Path) -> None:
    """A plain page that never blocks leaves no ratio: ours reach it only if they never block either."""
    plain = changed("lighthouse", "plain", "total-blocking-time", 0)
    aim = blocking()
    assert aim.reached(plain) is False
    for name in ("tool", "procedure", "home"):
        plain["lighthouse"][name] = {**TOLD, "total-blocking-time": 0}
    assert aim.reached(plain) is True


def blocking() -> Aim:
    way = ("lighthouse", "tool", "total-blocking-time", 21)
    return next(aim for aim in AIMS if aim.what == missed(way))


def test_the_saved_figures_fill_every_table_of_the_page() -> None:
    asked = re.findall(r'speed\("(\w+)"\)', (ROOT / "docs" / "about" / "speed.md").read_text("utf-8"))
    assert sorted(asked) == sorted(TABLES)
    for name in asked:
        assert speed_table(ROOT, name)
