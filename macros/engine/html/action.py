"""One thing to do, as HTML: the action, who, when, how to reach them and where it stands in the procedure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from ..model.guards import Leaf, evaluate, truth
from ..model.library import Contact, Result, Wording
from ..model.uktime import ended, read_time, to_local, to_utc
from ..model.uktime import words as time_words
from ..model.walk import Journey
from .markup import Child, Markup, el
from .view import View, footing


def action(view: View, result: Result, journey: Journey, *, among: bool = False) -> Markup:
    """One thing to do: the action, its last moment if it has one, how to reach whom it is about.

    The action itself says who and when. These as fields, and what it stands on, are one tap down, at the end of the
    result (`stands_on`), but for text that is read as a whole. `among` others, the list says once what has no number.
    """
    result = worded(result, journey)
    urgent = result.route == "police"
    return el(
        "div",
        el("p", tappable(view, result), class_="dt-action-what"),
        deadline(view, result, journey),
        el("ul", [el("li", point) for point in result.points]) if result.points else None,
        contacts(view, result),
        None if among or view.unfolded else without_number(view, [result]),
        tool_link(view, result),
        stands_on(view, result) if view.unfolded else None,
        class_=f"dt-action{' dt-police' if urgent else ''}",
        data_result=result.id,
    )


def stands_on(view: View, result: Result) -> Markup:
    """What a result stands on: who and when, its note, its clauses, its basis."""
    fields = (("Who", result.actor), ("When", result.timescale))
    rows = [el("p", el("span", f"{name}: ", class_="dt-key"), said) for name, said in fields if said]
    note = el("p", result.note, class_="dt-hint") if result.note else None
    return el("div", rows, note, footing(view, result.cites, result.basis))


def worded(result: Result, journey: Journey) -> Result:
    """A result in the words meant for this reader, with the contacts that are of use to them."""
    own = _own(result.wordings, journey)
    if own is None:
        return result
    contacts = result.contacts if own.contacts is None else own.contacts
    return replace(result, action=own.action, basis=own.basis, contacts=contacts)


def _own(wordings: Iterable[Wording], journey: Journey) -> Wording | None:
    """The first words whose guard holds."""

    def look(leaf: Leaf) -> bool | None:
        return truth(leaf, journey.answers, journey.floors)

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
    return el("div", over, el("p", el("strong", late.action)) if late else None, class_="dt-deadline dt-late")


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


def tappable(view: View, result: Result) -> list[Child]:
    """The words of an action; a number in them that is one of its contacts' is there to tap."""
    numbers = [number for c in result.contacts if (number := view.library.contacts[c].number)]
    longest_first = "|".join(map(re.escape, sorted(numbers, key=len, reverse=True)))
    parts = re.split(rf"(?<![\d+])({longest_first})(?!\d)", result.action) if numbers else [result.action]
    return [telephone(part, class_="dt-tel") if part in numbers else part for part in parts]


def contacts(view: View, result: Result) -> Markup | None:
    """How to reach them: each a number to tap. A number that the action itself has is not given twice."""
    known = [one for one in contacts_of(view, [result]) if not one.number or one.number not in result.action]
    if view.unfolded:
        rows = [el("li", contact_words(one)) for one in known]
    else:
        numbers = [(one.short or one.name, one.number) for one in known if one.number]
        rows = [el("li", f"{name}: ", telephone(number, class_="dt-tel")) for name, number in numbers]
    return el("ul", rows, class_="dt-contacts") if rows else None


def without_number(view: View, results: Iterable[Result]) -> Markup | None:
    """Whose number is not entered on this site yet, of those that some actions name, and what to use instead."""
    names = list(dict.fromkeys(one.short or one.name for one in contacts_of(view, results) if not one.number))
    if not names:
        return None
    numbers, ones = ("Number", "one") if len(names) == 1 else ("Numbers", "ones")
    words = f"{numbers} not entered here: {' · '.join(names)}. Use the {ones} you were given."
    return el("p", words, class_="dt-hint dt-small-print dt-no-number")


def contacts_of(view: View, results: Iterable[Result]) -> list[Contact]:
    """Whom some actions name, in their order."""
    return [view.library.contacts[name] for result in results for name in result.contacts]


NO_NUMBER = "number not entered here: use the one you were given"


EXTENSION = re.compile(r"(.*?),? (?:ext\.?|extension|x) ?(\d+)")
KEYS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
"""The key of a telephone on which each letter stands."""


def telephone(number: str, **attributes: str) -> Markup:
    """A number to tap, by RFC 3966, as it is said aloud: an extension in a word, and for letters their keys as well."""
    found = EXTENSION.fullmatch(number)
    main, extension = found.groups() if found else (number, "")
    keys = main.translate(KEYS)
    dialled = keys.replace("(0)", "") if keys.startswith("+") else keys  # the 0 is for callers in the country alone
    address = f"tel:{''.join(c for c in dialled if c in '+0123456789')}"
    shown = main if keys == main else f"{main} ({keys})"
    if extension:
        address, shown = f"{address};ext={extension}", f"{shown}, extension {extension}"
    return el("a", shown, href=address, **attributes)


def contact_words(contact: Contact) -> str:
    """A contact as plain text: its name, its number or what to use instead, and whether the procedure names it."""
    label = "" if contact.from_procedure else " (not from the procedure)"
    return f"{contact.name}: {contact.number or NO_NUMBER}{label}"


def tool_link(view: View, result: Result) -> Markup | None:
    """The way on to the tool that helps further, if there is one."""
    if not result.tool or result.tool not in view.library.trees:
        return None
    title, address = view.library.trees[result.tool].title, f"{view.base}tools/{result.tool}/"
    return el("p", el("a", title, href=address, class_="dt-way-on"))
