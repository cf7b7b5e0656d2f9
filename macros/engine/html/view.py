"""What every part of a screen needs: the tree, the way to the site's root, clauses and what a step stands on.

Knows markup and the words of a basis; decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..model.library import Library
from ..model.remarks import NO_REMARKS, Remarks
from ..model.tree import Tree
from .controls import folded
from .markup import Child, Markup, el

MOST_CITES_SHOWN = 4  # more of them hide what they stand under
BASIS = {"source": "the procedure says", "SR": "safest reading, open question", "DC": "design choice"}


@dataclass(frozen=True)
class View:
    """What every part of a page needs: the tree, the relative path from the page to the root of the site, and what
    the reader remarked on their result, which alters nothing but the fields that hold it. `above` stands above the
    screen, where there is something to say first, and then has the focus. `unfolded` is for text that is read as a
    whole, where nothing is folded away. `current_time` is in UTC, as the page says it; None where it is not known.
    """

    tree: Tree
    base: str
    remarks: Remarks = NO_REMARKS
    above: Markup | None = None
    unfolded: bool = False
    current_time: datetime | None = None

    @property
    def library(self) -> Library:
        return self.tree.library


def heading(tag: str, text: Child, focus: bool = False, **attributes: str | None) -> Markup:
    """A heading; with `focus` it is where focus goes when the screen appears."""
    marks = {"data_focus": "", "tabindex": "-1"} if focus else {}
    return el(tag, text, **attributes, **marks)


def cites(view: View, ids: Sequence[str]) -> Markup | None:
    """Links to the clauses, by their titles."""
    if not ids:
        return None
    return el("span", [cite(view, id) for id in ids], class_="dt-cites")


def footing(view: View, ids: Sequence[str], on: str) -> Markup | None:
    """What something stands on, as a block: its clauses, folded away where they are many, and its basis if any."""
    stands = basis(view, on) if on else None
    if view.unfolded or len(ids) <= MOST_CITES_SHOWN:
        return el("div", cites(view, ids), stands, class_="dt-footing") if ids or stands else None
    several = folded(f"{len(ids)} clauses of the procedure", cites(view, ids))
    return el("div", several, stands, class_="dt-footing")


def cite(view: View, id: str) -> Markup:
    """A link to one clause."""
    clause = view.library.clauses.get(id, {})
    if not clause.get("url"):
        return el("span", clause.get("title", id), class_="dt-cite")
    return el("a", clause["title"], href=view.base + clause["url"], class_="dt-cite")


def basis(view: View, basis: str) -> Markup:
    """What a step stands on: the source, a safest reading or a design choice, with its open question."""
    kind, _, number = basis.partition("-")
    name, words = {"source": "source", "SR": "reading", "DC": "design"}[kind], basis_words(basis)
    if kind == "source":
        return el("span", words, class_=f"dt-basis dt-basis--{name}")
    anchor = f"q-{number}" if kind == "SR" else f"dc-{number}"
    return el("a", words, href=f"{view.base}about/open-questions/#{anchor}", class_=f"dt-basis dt-basis--{name}")


def basis_words(basis: str) -> str:
    """What a step stands on, in words."""
    kind, _, number = basis.partition("-")
    return BASIS[kind] + (f" {number}" if number and number != "0" else "")


def either(parts: list[str]) -> str:
    """One or more things, of which one holds, in words."""
    return " or ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
