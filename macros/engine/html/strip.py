"""The police advice so far, on every screen below the answer that brought it."""

from __future__ import annotations

from collections.abc import Mapping

from .action import contacts_of, telephone
from .markup import Markup, el
from .view import View


def strip(view: View, floors: Mapping[str, int]) -> Markup | None:
    """The advice with its numbers to tap; it stays in view while it is the strongest, and scrolls away otherwise."""
    police = view.library.quantities["police"]
    grade = police.grade(floors["police"])
    if not grade.say:
        return None
    known = contacts_of(view, [view.library.results[grade.say]])
    return el(
        "p",
        el("strong", f"{grade.short[0].upper()}{grade.short[1:]}."),
        [(f" {one.short or one.name}: ", telephone(one.number, class_="dt-tel")) for one in known if one.number],
        id=strip_id(view),
        class_=f"dt-strip{' dt-strip--stays' if grade.at == police.highest else ''}",
    )


def strip_id(view: View) -> str:
    """The HTML id of the strip: the heading that gets the focus is described by it, so that it is heard."""
    return f"{view.tree.id}-police-so-far"
