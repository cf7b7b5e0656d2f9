"""English that sounds translated does not come back: `english.json` lists turns that readers stumbled over, each with
what to say instead, and every published text is held to it.

The texts of decisions are looked at file by file, each as a case of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCS, TREES = ROOT / "docs", ROOT / "decision_trees"
PAGES = sorted(file.relative_to(ROOT).as_posix() for file in DOCS.rglob("*.md"))
TABLES = ("source-clauses", "amendments", "contacts", "sorter", "call-sheet", "quantities")
DECISIONS = sorted(
    file.relative_to(ROOT).as_posix()
    for file in (
        TREES / "facts.json",
        TREES / "results.json",
        *TREES.glob("trees/*.json"),
        *TREES.glob("scenarios/*.json"),
        *TREES.glob("pairs/*.json"),
    )
)
NOT_SAID = {
    "$schema",
    "id",
    "cites",
    "basis",
    "if",
    "to",
    "ask",
    "expect",
    "answers",
    "answer",
    "tree",
    "themes",
    "trait",
}
"""Keys of decision data behind which stand ids and answers, and nothing that a reader is told."""


@dataclass(frozen=True)
class Turn:
    """A turn of phrase that is not used, what to say instead, and an example of it."""

    pattern: re.Pattern[str]
    say: str
    found: str


def turns(part: str) -> list[Turn]:
    listed = json.loads((ROOT / "tests" / "english.json").read_text("utf-8"))[part]
    return [Turn(re.compile(one["turn"], re.IGNORECASE), one["say"], one["found"]) for one in listed]


EVERYWHERE, ON_PAGES = turns("everywhere"), turns("pages")


def faults(text: str, against: list[Turn]) -> list[str]:
    """Each turn that a text has, with what to say instead."""
    return [f"“{found[0]}” in “{text[:90]}”: {turn.say}" for turn in against if (found := turn.pattern.search(text))]


def paragraphs(page: str) -> Iterator[str]:
    """The paragraphs of a page as they are read: without addresses of links, ids, marks and code."""
    text = re.sub(r"\]\([^)]*\)|\{:[^}]*\}|`[^`]*`|\{\{.*?\}\}", " ", page)
    for part in re.split(r"\n\s*\n|\n\s*(?:[-*]|\d+\.) |\|", text):
        yield " ".join(re.sub(r"[*\[#>]", "", part).split())


def said(data: Any) -> Iterator[str]:
    """Every text of a file of decision data that a reader may be told."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key not in NOT_SAID:
                yield from said(value)
    elif isinstance(data, list):
        for value in data:
            yield from said(value)
    elif isinstance(data, str) and " " in data:
        yield data


@pytest.mark.parametrize("turn", [*EVERYWHERE, *ON_PAGES], ids=lambda turn: turn.found)
def test_each_turn_is_found_in_its_example(turn: Turn) -> None:
    assert turn.pattern.search(turn.found)
    assert turn.say


def test_a_turn_is_found_across_lines_links_and_emphasis() -> None:
    page = "# T\n\n- One.\n- Is any of\n  [this](a.md#b) **so**, you think?\n"
    assert len([fault for text in paragraphs(page) for fault in faults(text, EVERYWHERE)]) == 1


def test_a_turn_is_found_wherever_decision_data_says_something() -> None:
    data = {"id": "is any of this so", "hint": ["Fine.", {"text": "Is any of this so?"}], "cites": ["no fault of"]}
    assert [fault for text in said(data) for fault in faults(text, EVERYWHERE)] != []
    assert list(said({"cites": ["a b"], "basis": "x y"})) == []


@pytest.mark.parametrize("page", PAGES)
def test_pages_read_as_written_in_english(page: str) -> None:
    texts = paragraphs((ROOT / page).read_text("utf-8"))
    assert [fault for text in texts for fault in faults(text, [*EVERYWHERE, *ON_PAGES])] == []


@pytest.mark.parametrize("table", TABLES)
def test_tables_that_are_published_read_as_written_in_english(table: str) -> None:
    data = json.loads((TREES / f"{table}.json").read_text("utf-8"))
    assert [fault for text in said(data) for fault in faults(text, EVERYWHERE)] == []


@pytest.mark.parametrize("file", DECISIONS)
def test_decisions_and_stories_read_as_written_in_english(file: str) -> None:
    data = json.loads((ROOT / file).read_text("utf-8"))
    assert [fault for text in said(data) for fault in faults(text, EVERYWHERE)] == []
