"""One thing to do, as HTML: the action, who, when, how to reach them and where it stands in the procedure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from ..model.guards import Floor, evaluate
from ..model.library import Contact, Result, Wording
from ..model.uktime import ended, read_time, to_local, to_utc
from ..model.uktime import words as time_words
from ..model.walk import Journey
from .markup import Markup, el
from .view import View, footing


def action(view: View, result: Result, journey: Journey, now: bool = False) -> Markup:
    """One thing to do: the action, who does it if it is not the reader, when, how to reach them.

    What it stands on is one tap down, at the end of the result (`stands_on`), but for text that is read as a whole.
    """
    result = worded(result, journey)
    urgent = result.route == "police"
    others = result.actor and (view.unfolded or result.actor != READER)
    return el(
        "div",
        el("p", result.action, class_="dt-action-what"),
        el("p", el("span", "Who: ", class_="dt-key"), result.actor, class_="dt-action-who") if others else None,
        el("p", el("span", "When: ", class_="dt-key"), result.timescale, class_="dt-action-when")
        if result.timescale
        else None,
        deadline(view, result, journey),
        el("ul", [el("li", point) for point in result.points]) if result.points else None,
        [contact(view.library.contacts[c], view.unfolded) for c in result.contacts],
        tool_link(view, result),
        stands_on(view, result) if view.unfolded else None,
        class_=f"dt-action{' dt-police' if urgent else ''}{' dt-act-now' if now else ''}",
        data_result=result.id,
    )


READER = "You"
"""The actor that is whoever reads the result, of whom nothing need be said."""


def stands_on(view: View, result: Result) -> Markup:
    """What a result stands on: its note, its clauses, its basis."""
    note = el("p", result.note, class_="dt-hint") if result.note else None
    return el("div", note, footing(view, result.cites, result.basis))


def worded(result: Result, journey: Journey) -> Result:
    """A result in the words meant for this reader, with the contacts that are of use to them."""
    own = _own(result.wordings, journey)
    if own is None:
        return result
    contacts = result.contacts if own.contacts is None else own.contacts
    return replace(result, action=own.action, basis=own.basis, contacts=contacts)


def _own(wordings: Iterable[Wording], journey: Journey) -> Wording | None:
    """The first words whose guard holds."""

    def look(leaf: object) -> bool | None:
        if isinstance(leaf, Floor):
            return journey.floors.get(leaf.quantity, 0) >= leaf.at_least
        value = journey.answers.get(getattr(leaf, "fact", ""))
        return None if value is None else leaf.holds(value)  # type: ignore[attr-defined]

    return next((own for own in wordings if evaluate(own.guard, look)), None)


def deadline(view: View, result: Result, journey: Journey) -> Markup | None:
    """The last moment for an action, if it has one; once it is over, what is done now."""
    until = deadline_of(result, journey)
    if until is None or result.deadline is None:
        return None
    if view.current_time is None or view.current_time <= until:
        words = (el("span", "By: ", class_="dt-key"), el("strong", time_words(to_local(until))), " (UK time)")
        return el("p", *words, class_="dt-deadline")
    over = el("p", f"These {result.deadline.hours} hours ended ", el("strong", ended(to_local(until))), " (UK time).")
    late = _own(result.late, journey)
    said = (el("p", el("strong", late.action)), footing(view, (), late.basis)) if late else None
    return el("div", over, said, class_="dt-deadline dt-late")


def deadline_of(result: Result, journey: Journey) -> datetime | None:
    """The last moment for an action in UTC, worked out from the time in the answers; None where it has none.

    (s11-13: 72 hours from the return.)
    """
    answer = journey.answers.get(result.deadline.fact) if result.deadline else None
    start = read_time(answer) if isinstance(answer, str) else None
    return to_utc(start) + timedelta(hours=result.deadline.hours) if result.deadline and start else None


def deadline_words(result: Result, journey: Journey) -> str:
    """The last moment for an action in UK time, in words; "" where it has none."""
    until = deadline_of(result, journey)
    return time_words(to_local(until)) if until else ""


def contact(contact: Contact, where_from: bool) -> Markup:
    """How to reach somebody: a number to tap, or that none is entered here; perhaps whether the procedure has it."""
    name, number, label = contact_parts(contact)
    words = el("strong", number)
    if contact.number:
        words = el("a", number, href=f"tel:{''.join(c for c in contact.number if c in '+0123456789')}", class_="dt-tel")
    return el("p", name, words, label if where_from else None, class_="dt-contact")


def contact_words(contact: Contact) -> str:
    """How to reach somebody, as plain text."""
    return "".join(contact_parts(contact))


def contact_parts(contact: Contact) -> tuple[str, str, str]:
    """A contact's name, its number or whom to ask for it, and whether the procedure names it."""
    label = "" if contact.from_procedure else " (not from the procedure)"
    return f"{contact.name}: ", contact.number or "number not entered here: use the one you were given", label


def tool_link(view: View, result: Result) -> Markup | None:
    """A link to the tool that helps further, if there is one."""
    if not result.tool or result.tool not in view.library.trees:
        return None
    return el("p", el("a", view.library.trees[result.tool].title, href=f"{view.base}tools/{result.tool}/"))
