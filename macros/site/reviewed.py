"""When the policy owner last reviewed each page. Its front matter says so: `reviewed: 2026-01-31`, or nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

FORM = re.compile(r"\d{4}-\d{2}-\d{2}")
LINE = re.compile(r"reviewed:[ \t]*(.*?)[ \t]*(?:#.*)?")
NOT_YET = "not yet reviewed by the policy owner"


class WrongReview(Exception):
    """A page names a day that is none. As text: where it stands and how to mend it."""


def read_reviews(docs: Path) -> Mapping[str, date | None]:
    """The day of the last review of each page, by the page's file below `docs`; None where there was no review yet.

    Raises WrongReview, with all that is wrong.
    """
    days: dict[str, date | None] = {}
    wrong: list[str] = []
    for path in sorted(docs.rglob("*.md")):
        try:
            days[path.relative_to(docs).as_posix()] = _day(path.read_text("utf-8"))
        except _NoDay as error:
            wrong.append(f"{docs.name}/{path.relative_to(docs).as_posix()}:{error.line}: {error}")
    if wrong:
        raise WrongReview("\n".join(wrong))
    return days


class _NoDay(Exception):
    def __init__(self, line: int, value: str) -> None:
        super().__init__(
            f"“reviewed: {value}” names no day. Mend: write year-month-day, as in 2026-01-31, "
            "or leave it empty if the policy owner has not reviewed the page yet."
        )
        self.line = line


def _day(text: str) -> date | None:
    lines = text.splitlines()
    if not lines or lines[0].strip() != "---":
        return None
    for number, line in enumerate(lines[1:], 2):
        if line.strip() == "---":
            return None
        if match := LINE.fullmatch(line):
            return _read(number, match[1])
    return None


def _read(line: int, value: str) -> date | None:
    plain = value.strip("\"'")
    if not plain:
        return None
    try:
        if FORM.fullmatch(plain):
            return date.fromisoformat(plain)
    except ValueError:
        pass
    raise _NoDay(line, value)


def said(day: date | None) -> str:
    """The day as readers say it, or that there was none yet."""
    return f"{day.day} {day:%B %Y}" if day else NOT_YET
