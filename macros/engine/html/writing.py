"""Room to write: a box, and what holds for everything that a reader writes."""

from __future__ import annotations

from .markup import Markup, el

WRITING = "The result does not wait for what you write. No names."
"""Said once on a screen, beside its first box (R10: narrative is invited, and nothing waits for it)."""


def box(
    name: str,
    id: str,
    value: str,
    rows: int,
    described_by: str | None,
    *,
    longest: int | None = None,
    wrong: bool = False,
) -> Markup:
    """A box to write in.

    Browsers would fill it in from other pages, or send what is in it away to check the spelling: both are off.
    `longest` is the number of characters that it takes; `described_by` the ids of what is said about it.
    """
    return el(
        "textarea",
        value,
        name=name,
        id=id,
        class_="dt-text",
        rows=rows,
        maxlength=longest,
        autocomplete="off",
        spellcheck="false",
        aria_invalid="true" if wrong else None,
        aria_describedby=described_by,
    )
