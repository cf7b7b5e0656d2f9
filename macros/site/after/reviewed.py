"""When the policy owner last reviewed each page, and when the next review is due.

A page's front matter says so: `reviewed: 2026-01-31` and `review_due: 2027-01-31`, or nothing. No rule works a due day
out: an editor sets it. Pages show both days; what is overdue on a given day is told in the build's report alone, so
that the bytes of the site never hang on the day of the build.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

FORM = re.compile(r"\d{4}-\d{2}-\d{2}")
LINE = re.compile(r"(reviewed|review_due):[ \t]*(.*?)[ \t]*(?:#.*)?")
NOT_YET = "not yet reviewed by the policy owner"


class WrongReview(Exception):
    """A page names a day that is none. As text: where it stands and how to fix it."""


@dataclass(frozen=True)
class Review:
    """The day of the last review of a page and the day on which the next is due; None where there is none."""

    day: date | None = None
    due: date | None = None


NO_REVIEW = Review()


def read_reviews(docs: Path) -> Mapping[str, Review]:
    """The reviews of each page, by the page's file below `docs`.

    Raises WrongReview, with all that is wrong.
    """
    reviews: dict[str, Review] = {}
    wrong: list[str] = []
    for path in sorted(docs.rglob("*.md")):
        try:
            reviews[path.relative_to(docs).as_posix()] = _review(path.read_text("utf-8"))
        except _NoDay as error:
            wrong.append(f"{docs.name}/{path.relative_to(docs).as_posix()}:{error.line}: {error}")
    if wrong:
        raise WrongReview("\n".join(wrong))
    return reviews


class _NoDay(Exception):
    def __init__(self, line: int, name: str, value: str) -> None:
        empty = "the policy owner has not reviewed the page yet" if name == "reviewed" else "no day is set"
        super().__init__(
            f"“{name}: {value}” names no day. Fix: write year-month-day, as in 2026-01-31, "
            f"or leave it empty if {empty}."
        )
        self.line = line


def _review(text: str) -> Review:
    lines = text.splitlines()
    if not lines or lines[0].strip() != "---":
        return NO_REVIEW
    days: dict[str, date | None] = {}
    for number, line in enumerate(lines[1:], 2):
        if line.strip() == "---":
            break
        if (match := LINE.fullmatch(line)) and match[1] not in days:
            days[match[1]] = _read(number, match[1], match[2])
    return Review(days.get("reviewed"), days.get("review_due"))


def _read(line: int, name: str, value: str) -> date | None:
    plain = value.strip("\"'")
    if not plain:
        return None
    try:
        if FORM.fullmatch(plain):
            return date.fromisoformat(plain)
    except ValueError:
        pass
    raise _NoDay(line, name, value)


def said(day: date | None) -> str:
    """The day as readers say it, or that there was none yet."""
    return f"{day.day} {day:%B %Y}" if day else NOT_YET


def review_report(reviews: Mapping[str, Review], today: date) -> str:
    """What an editor should see to on a day: the pages whose review is overdue, the longest first, and how many never
    had one. Takes the pages that readers see.
    """
    overdue = sorted((review.due, page) for page, review in reviews.items() if review.due and review.due < today)
    never = sum(review.day is None for review in reviews.values())
    lines = [f"Reviews on {said(today)}: {len(overdue)} overdue, {never} of {len(reviews)} pages never reviewed."]
    return "\n".join([*lines, *(f"  overdue since {said(due)}: {page}" for due, page in overdue)])
