"""What an editor is told after a build: how hard pages are to read, which reviews are overdue, and what else waits.

Pages show the days of their reviews; what is overdue on a given day is told in the report alone, so that the bytes of
the site never hang on the day of the build. What hangs on it is worked out when the report is told, so that it can be
kept and told on another day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from macros.authoring.pages.reviews import Review

NOT_YET = "not yet reviewed by the policy owner"


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


@dataclass(frozen=True)
class Report:
    """The table of readability, the reviews of the pages that readers see by their files, and a note to editors."""

    readability: str
    reviews: Mapping[str, Review]
    note: str

    def on(self, today: date) -> str:
        """The report as it is printed on a day."""
        return "\n".join(filter(None, [self.readability, review_report(self.reviews, today), self.note]))

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Report:
        """The report that JSON held, with each day as text."""
        reviews = {
            page: Review(**{name: day and date.fromisoformat(day) for name, day in days.items()})
            for page, days in data["reviews"].items()
        }
        return cls(data["readability"], reviews, data["note"])
