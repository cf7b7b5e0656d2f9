"""When the policy owner last reviewed each page, and when the next review is due.

A page's front matter says so: `reviewed: 2026-01-31` and `review_due: 2027-01-31`, or nothing. No rule works a due day
out: an editor sets it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from pathlib import Path

from macros.authoring.sources.diagnostics import Diagnostic, no_day, to_come
from macros.authoring.sources.legible import text_of

LINE = re.compile(r"(reviewed|review_due):[ \t]*(.*?)[ \t]*(?:#.*)?")


@dataclass(frozen=True)
class Review:
    """The day of the last review of a page and the day on which the next is due; None where there is none."""

    day: date | None = None
    due: date | None = None


NO_REVIEW = Review()


def read_reviews(docs: Path) -> tuple[Mapping[str, Review], list[Diagnostic]]:
    """The reviews of each page, by the page's file below `docs`, and each day in a front matter that is none."""
    reviews: dict[str, Review] = {}
    diagnostics: list[Diagnostic] = []
    for path in sorted(docs.rglob("*.md")):
        file = path.relative_to(docs).as_posix()
        days: dict[str, date | None] = {}
        for number, name, value in _lines(text_of(path)):
            plain = value.strip("\"'")
            if plain and no_day(plain):
                diagnostics.append(_no_day(f"{docs.name}/{file}", number, name, value))
            elif name == "reviewed" and to_come(plain):
                told, fix = f"“{value}” is still to come.", "write the day on which the page was reviewed."
                diagnostics.append(Diagnostic("day-to-come", f"{docs.name}/{file}", number, 1, "", told, fix))
            else:
                days.setdefault(name, date.fromisoformat(plain) if plain else None)
        reviews[file] = Review(days.get("reviewed"), days.get("review_due"))
    return reviews, diagnostics


def _lines(text: str) -> list[tuple[int, str, str]]:
    """The lines of a page's front matter that are about a review: number, name and value."""
    first, *lines = text.splitlines() or [""]
    front = takewhile(lambda line: line.strip() != "---", lines) if first.strip() == "---" else ()
    found = ((number, LINE.fullmatch(line)) for number, line in enumerate(front, 2))
    return [(number, match[1], match[2]) for number, match in found if match]


def _no_day(file: str, line: int, name: str, value: str) -> Diagnostic:
    empty = "the policy owner has not reviewed the page yet" if name == "reviewed" else "no day is set"
    fix = f"write year-month-day, as in 2026-01-31, or leave it empty if {empty}."
    return Diagnostic("no-day", file, line, 1, "", f"“{name}: {value}” names no day.", fix)
