"""The report of a comparison, whatever was found: as text it keeps to its room, and nothing is left out uncounted."""

from __future__ import annotations

import html
import re
from datetime import date
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import pytest

from macros.authoring.compare.difference import Group, Weight
from macros.authoring.compare.edits import Edit
from macros.authoring.compare.findings import MOST_ALONE, Cell, Compared, Finding, Tool
from macros.authoring.compare.report import ENOUGH_LINES, MOST_LINES, DiffReport
from macros.authoring.compare.touches import Touched
from macros.authoring.compare.versions import Version

KINDS = ("level", "quantity", "result", "asked", "named", "settled", "leads", "end")
EXAMPLE = ({"Is it?": "“Yes”"}, {"Is it?": "“No”"})


def version(name: str) -> Version:
    return cast(Version, SimpleNamespace(
        name=name, by_own_engine=True, edition=SimpleNamespace(version=name), authored=SimpleNamespace(sources={}),
    ))  # fmt: skip


def found(dice: Random) -> Compared:
    """A comparison that found anything: of few edits or many, a little or a lot, in several tools."""
    edits = tuple(
        Edit(("trees", "whole", "nodes", n, dice.choice(["because", "to"])), (), "a", "b", f"Edit {n}.")
        for n in range(dice.choice([1, 1, 2, 5, MOST_ALONE, 40, 90]))
    )

    def finding(tool: str, n: int) -> Finding:
        by = tuple(dice.sample(edits, min(len(edits), dice.randint(0, 6))))
        names = tuple(f"name-{dice.randint(0, 40)}" for _ in range(dice.randint(0, 9)))
        group = Group(dice.choice(KINDS), "it", 1, 2, dice.choice(list(Weight)), 0)
        start = dice.choice(["Some", "Whoever answers"])
        return Finding(
            tool, group, f"{start} {tool} {n}.", dice.randint(1, 10**9), EXAMPLE, ("level 1", "level 2"), frozenset(),
            by, Touched(*[names] * 6), dice.random() < 0.5, edits[:5],
        )  # fmt: skip

    table = [Cell(("level 1",), ("level 2",), n, EXAMPLE, ("Whoever.",) * dice.randint(0, 3)) for n in range(30)]
    tools = [
        Tool(
            id, id, 9, tuple(finding(id, n) for n in range(dice.choice([0, 1, 3, 12, 40]))),
            tuple(table) if len(edits) > MOST_ALONE else (), frozenset(["level"]), dice.choice(["", "", "", "before"]),
        )
        for id in ("one", "two", "three")
    ]  # fmt: skip
    return Compared(version("before"), version("after"), edits, tuple(tools))


@pytest.mark.parametrize("seed", range(150))
def test_text_keeps_to_its_room_and_counts_what_it_leaves_out(seed: int) -> None:
    compared = found(Random(seed))
    report = DiffReport(compared)
    lines = report.text().splitlines()
    assert len(lines) < min(MOST_LINES, max(ENOUGH_LINES, len(compared.edits))), "the command adds one"
    edits = [edit for listed in report.words().values() for edit in listed]
    words = [line for line in lines if line.startswith("  decision_trees/")]
    sentences = [one.sentence for one in report.statements]
    told = [sentence for sentence in sentences if any(line.startswith(f"  {sentence}") for line in lines)]
    cells = [line for line in lines if line.startswith("  level 1 → level 2")]
    counted = re.search(r"^Not shown here, .*: (\d+) more", "\n".join(lines), re.MULTILINE)
    every = len(sentences) + len(edits) + sum(len(tool.table) for tool in compared.tools)
    assert len(words) + len(told) + len(cells) + (int(counted[1]) if counted else 0) == every


@pytest.mark.parametrize("seed", range(20))
def test_the_page_and_the_data_leave_out_nothing(seed: int) -> None:
    compared = found(Random(seed))
    report = DiffReport(compared)
    page, data = report.page(date(2026, 5, 3)), report.data()
    in_data: list[Any] = [one["sentence"] for tool in data["tools"] for one in tool["findings"]]
    assert in_data == [one.sentence for tool in compared.tools for one in tool.findings]
    assert all(html.escape(sentence) in page for sentence in in_data)
