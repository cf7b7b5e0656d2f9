"""The call sheet as HTML: where it stands on a result, and what a reader has beside them in the call.

Knows markup. Which results have a sheet is data; what stands on it is made of a record (record/call.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..model.answers import LONGEST_TEXT
from ..model.guards import Value, holds, read_guard
from ..model.walk import Journey
from .controls import box, button, form
from .markup import Markup, el
from .sections import fold
from .view import View, basis

WAYS = (("copy", "Copy as text"), ("print", "Print the sheet"))


@dataclass(frozen=True)
class SheetPart:
    """One part of a sheet: what the record says, what the reader wrote on the way, and what they wrote here.

    `room` is None where there is no room to write.
    """

    id: str
    title: str
    said: tuple[str, ...]
    written: tuple[str, ...]
    room: str | None


@dataclass(frozen=True)
class Sheet:
    """All of a call sheet, in the order in which it is said. `words` are those that every sheet has, as data."""

    title: str
    before: tuple[str, ...]
    parts: tuple[SheetPart, ...]
    words: Mapping[str, Any]


def applies(part: Mapping[str, Any], answers: Mapping[str, Value], floors: Mapping[str, int]) -> bool:
    """Whether a part of the sheet's data is for these answers and floors."""
    return "if" not in part or holds(read_guard(part["if"]), answers, floors)


def way_of(view: View, answers: Mapping[str, Value], floors: Mapping[str, int]) -> Mapping[str, str]:
    """What the sheet is called for this reader, and how it opens."""
    return next(way for way in view.library.call_sheet["ways"] if applies(way, answers, floors))


def call(view: View, journey: Journey) -> Markup | None:
    """The fold that holds the sheet of a result, if it has one: the page asks for it once the result is there."""
    data = view.library.call_sheet
    if not data or not applies(data, journey.answers, journey.floors):
        return None
    title = way_of(view, journey.answers, journey.floors)["title"]
    return fold(title, el("div", data_later="call"), "dt-call")


def sheet_html(view: View, sheet: Sheet) -> Markup:
    """A sheet as the inner HTML of its place on the result."""
    ways = [button(words, "call", data_way=way, class_="dt-secondary") for way, words in WAYS]
    return el(
        "div",
        [el("p", _led(line), class_="dt-call-before") for line in sheet.before],
        el("p", sheet.words["order"], " ", basis(view, sheet.words["basis"]), class_="dt-hint"),
        el("p", sheet.words["room"], class_="dt-hint", id=f"{view.tree.id}-call-hint"),
        form(el("ol", [_part(view, part) for part in sheet.parts], class_="dt-call-parts"), data_call=True),
        el("h3", sheet.words["ask"]["title"]),
        el("ul", [el("li", question) for question in sheet.words["ask"]["lines"]], class_="dt-call-ask"),
        el("p", ways, class_="dt-call-keep"),
        el("div", role="status", data_record_said=True, class_="dt-record-said"),
        el("div", data_record_text=True),
        class_="dt-call-sheet",
    )


def _led(line: str) -> tuple[Markup, str]:
    """A line with what its first colon sets off in bold."""
    lead, _, rest = line.partition(":")
    return el("strong", f"{lead}:"), rest


def _part(view: View, part: SheetPart) -> Markup:
    id = f"{view.tree.id}-call-{part.id}"
    return el(
        "li",
        el("h3", part.title if part.room is None else el("label", part.title, for_=id)),
        el("p", " ".join(part.said)) if part.said else None,
        [el("blockquote", text, class_="dt-call-written") for text in part.written],
        box(f"call-{part.id}", id, part.room, 3, f"{view.tree.id}-call-hint", longest=LONGEST_TEXT)
        if part.room is not None
        else None,
    )
