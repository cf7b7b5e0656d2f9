"""The page of open questions: numbers, form, and labels that promise no more than they keep.

A safest reading protects the child more. What protects less than the letter, or is our own order, is a design choice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "about" / "open-questions.md").read_text("utf-8")
ENTRY = re.compile(r"^### (?:Question|Design choice) (\d+): .+ \{: #(q|dc)-(\d+) \}$", re.MULTILINE)
COUNTS = {17: "seventeen"}
SAFEST, MEANWHILE = "**Safest reading for now:**", "**What this site does for now:**"
CHOICES_OF = {18: 14, 26: 15, 29: 6, 31: 7, 34: 9, 37: 11, 39: 8, 40: 10, 43: 13}
"""Questions where what this site does is a design choice, by number, and that choice."""

LESS = (6, 7, 8, 9, 10, 11, 12, 14, 15)
"""The design choices that protect less than the strictest reading."""

WITHOUT_A_READING = (42, 44)
"""Questions on which the procedure says nothing, and neither do the tools."""

DECISIONS = [ROOT / "decision_trees" / name for name in ("facts.json", "results.json", "quantities.json")]


def entries(kind: str) -> dict[int, str]:
    """By its number the text of each question ("q") or design choice ("dc")."""
    found = list(ENTRY.finditer(PAGE))
    ends = [one.start() for one in found[1:]] + [len(PAGE)]
    return {
        int(one[1]): PAGE[one.end() : end].partition("\n## ")[0]
        for one, end in zip(found, ends, strict=True)
        if one[2] == kind
    }


QUESTIONS, CHOICES = entries("q"), entries("dc")


def bases(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        yield from (value for key, value in data.items() if key == "basis" and isinstance(value, str))
        for value in data.values():
            yield from bases(value)
    elif isinstance(data, list):
        for value in data:
            yield from bases(value)


def test_questions_and_choices_are_numbered_without_a_gap_and_their_ids_say_the_number() -> None:
    assert list(QUESTIONS) == list(range(1, 45))
    assert list(CHOICES) == list(range(17))
    assert all(one[1] == one[3] for one in ENTRY.finditer(PAGE))
    assert len(re.findall(r"^### ", PAGE, re.MULTILINE)) == len(QUESTIONS) + len(CHOICES)


def test_the_introduction_counts_the_choices() -> None:
    assert f"lists the {COUNTS[len(CHOICES)]} [design choices](#design-choices)" in PAGE
    assert f"numbered from 0 to {max(CHOICES)}" in PAGE


@pytest.mark.parametrize("number", QUESTIONS)
def test_each_question_says_what_the_procedure_says_what_we_do_what_it_changes_and_who_answers(number: int) -> None:
    text = QUESTIONS[number]
    parts = ["**What the procedure says:**", "**What it changes in the tools:**", "**Who must answer:**"]
    assert [text.count(part) for part in parts] == [1, 1, 1]
    assert text.count(SAFEST) + text.count(MEANWHILE) == 1


@pytest.mark.parametrize("number", CHOICES)
def test_each_choice_says_what_was_chosen_and_whether_it_protects_less(number: int) -> None:
    text = CHOICES[number]
    parts = ["**What the procedure says:**", "**What we chose:**", "**What it changes in the tools:**"]
    assert [text.count(part) for part in [*parts, "**Who must sign off:**"]] == [1, 1, 1, 1]
    assert ("This protects less than" in text) == (number in LESS)


def test_only_what_protects_more_is_called_a_safest_reading() -> None:
    without = {number for number, text in QUESTIONS.items() if SAFEST not in text}
    assert without == {*CHOICES_OF, *WITHOUT_A_READING}
    for question, choice in CHOICES_OF.items():
        assert f"(#dc-{choice})" in QUESTIONS[question]
        assert f"(#q-{question})" in CHOICES[choice]


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/**/*.md")), ids=lambda page: page.stem)
def test_no_page_calls_a_design_choice_a_safest_reading(page: Path) -> None:
    choices = "|".join(map(str, CHOICES_OF))
    for sentence in re.split(r"(?<=[.?])\s+(?=[A-Z\"])|\n\n", page.read_text("utf-8")):
        if re.search(r"(?:that|this|it) is a safest reading|safest reading:", sentence, re.IGNORECASE):
            assert not re.search(rf"open-questions\.md#(?:dc-\d+|q-(?:{choices}))\)", sentence), sentence


@pytest.mark.parametrize("file", DECISIONS, ids=lambda file: file.stem)
def test_no_decision_rests_on_a_safest_reading_that_is_a_design_choice(file: Path) -> None:
    wrong = {f"SR-{question}": f"DC-{choice}" for question, choice in CHOICES_OF.items()}
    used = set(bases(json.loads(file.read_text("utf-8"))))
    assert {label: wrong[label] for label in used & set(wrong)} == {}


@pytest.mark.parametrize("kind", ["trees", "scenarios", "pairs"])
def test_no_tree_or_story_rests_on_a_safest_reading_that_is_a_design_choice(kind: str) -> None:
    wrong = {f"SR-{question}" for question in CHOICES_OF}
    files = sorted((ROOT / "decision_trees" / kind).glob("*.json"))
    used = {file.name: sorted(wrong & set(bases(json.loads(file.read_text("utf-8"))))) for file in files}
    assert {name: labels for name, labels in used.items() if labels} == {}
