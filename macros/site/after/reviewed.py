"""What is said of reviews: on each page its days, and in the build's report what is overdue.

Pages show both days; what is overdue on a given day is told in the report alone, so that the bytes of the site never
hang on the day of the build.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

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
