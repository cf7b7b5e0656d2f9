"""One thing to do, as HTML: the action, who, when, how to reach them and where it stands in the procedure."""

from __future__ import annotations

from ..model.guards import evaluate
from ..model.library import Contact, Result
from ..model.uktime import later, read_time
from ..model.uktime import words as time_words
from ..model.walk import Journey
from .markup import Markup, el
from .view import View, footing


def action(view: View, result: Result, journey: Journey, now: bool = False) -> Markup:
    """One thing to do: the action, who, when, how to reach them, where it stands in the procedure."""
    words, stands_on = wording(result, journey)
    urgent = result.route == "police"
    return el(
        "div",
        el("p", words, class_="dt-action-what"),
        el("p", el("span", "Who: ", class_="dt-key"), result.actor, class_="dt-action-who"),
        el("p", el("span", "When: ", class_="dt-key"), result.timescale, class_="dt-action-when"),
        deadline(result, journey),
        el("ul", [el("li", point) for point in result.points]) if result.points else None,
        el("p", result.note, class_="dt-hint") if result.note else None,
        [contact(view.library.contacts[c]) for c in result.contacts],
        tool_link(view, result),
        footing(view, result.cites, stands_on),
        class_=f"dt-action{' dt-police' if urgent else ''}{' dt-act-now' if now else ''}",
        data_result=result.id,
    )


def wording(result: Result, journey: Journey) -> tuple[str, str]:
    """A result's action and basis, in the words meant for this reader."""

    def look(leaf: object) -> bool | None:
        value = journey.answers.get(getattr(leaf, "fact", ""))
        return None if value is None else leaf.holds(value)  # type: ignore[attr-defined]

    for own in result.wordings:
        if evaluate(own.guard, look):
            return own.action, own.basis
    return result.action, result.basis


def deadline(result: Result, journey: Journey) -> Markup | None:
    """The last moment for an action, if it has one."""
    until = deadline_words(result, journey)
    if not until:
        return None
    return el("p", el("span", "By: ", class_="dt-key"), el("strong", until), " (UK time)", class_="dt-deadline")


def deadline_words(result: Result, journey: Journey) -> str:
    """The last moment for an action in UK time, worked out from the time in the answers; "" where it has none.

    (s11-13: 72 hours from the return.)
    """
    answer = journey.answers.get(result.deadline.fact) if result.deadline else None
    start = read_time(answer) if isinstance(answer, str) else None
    if not result.deadline or start is None:
        return ""
    return time_words(later(start, result.deadline.hours))


def contact(contact: Contact) -> Markup:
    """How to reach somebody; an empty number says whom to ask."""
    name, number, label = contact_parts(contact)
    return el("p", name, el("strong", number), label, class_="dt-contact")


def contact_words(contact: Contact) -> str:
    """How to reach somebody, as plain text."""
    return "".join(contact_parts(contact))


def contact_parts(contact: Contact) -> tuple[str, str, str]:
    """A contact's name, its number or whom to ask for it, and whether the procedure names it."""
    label = "" if contact.from_procedure else " (not from the procedure)"
    return f"{contact.name}: ", contact.number or "ask your library editor", label


def tool_link(view: View, result: Result) -> Markup | None:
    """A link to the tool that helps further, if there is one."""
    if not result.tool or result.tool not in view.library.trees:
        return None
    return el("p", el("a", view.library.trees[result.tool].title, href=f"{view.base}tools/{result.tool}/"))
