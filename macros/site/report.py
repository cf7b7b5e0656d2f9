"""What an editor is told after a build: how hard pages are to read, which reviews are overdue, and what else waits.

What hangs on the day is worked out when it is told, so that a report can be kept and told on another day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from macros.authoring.pages.reviews import Review
from macros.site.after.reviewed import review_report


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
