"""The indicator sorter: lines of a checklist, each put by the reader under harm, risk, protective or unsure.

Knows section 4 of the procedure, which wants signs of harm kept apart from signs of risk. Knows no list of indicators:
where a line belongs the reader decides, and nothing is counted. Of lines that this site asks about itself it says where
it asks them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..html.markup import Markup, el, join
from ..html.view import View, footing, heading
from ..model.library import Library

MOST_LINES = 60
LONGEST_LINE = 300
FOR_RISK = "risk"
HARM = "harm"


@dataclass(frozen=True)
class Place:
    """A place to put lines: its name, what belongs there and why, with the clauses."""

    id: str
    name: str
    reason: str
    cites: tuple[str, ...]
    basis: str = "source"


PLACES = (
    Place(
        HARM,
        "Harm",
        "It shows that a child is being harmed or was. It says who is a victim, so it stands apart, and the response "
        "to it is another one.",
        ("s4-12", "s4-13", "s4-14"),
    ),
    Place(
        "risk",
        "Risk",
        "It shows that harm could come, not that it is there. Note in words what kind of risk it is.",
        ("s4-13", "s4-10", "s4-11"),
    ),
    Place(
        "protective",
        "Protective",
        "It shows what keeps a child safe. It is written down beside the risks, and takes nothing away from a sign of "
        "harm.",
        ("s4-11", "s4-13"),
    ),
    Place(
        "unsure",
        "Unsure",
        "It could be one or the other. That is for professional judgement: talk it over, and write down what was seen "
        "rather than a tick.",
        ("s4-08", "s4-10"),
    ),
)
PURPOSES = (
    (FOR_RISK, "It is meant to find out whether a child could be harmed (a risk tool)"),
    ("other", "It is meant for something else, or I do not know"),
)


@dataclass(frozen=True)
class Sorting:
    """Lines, where each was put so far (by its number), and what the checklist is for."""

    lines: tuple[str, ...]
    bins: Mapping[int, str]
    purpose: str = ""

    def of(self, place: str) -> list[str]:
        return [line for i, line in enumerate(self.lines) if self.bins.get(i) == place]


def read_sorting(request: Mapping[str, Any]) -> Sorting | None:
    """The sorting that a page hands over; None if it is none."""
    lines, bins = request.get("lines"), request.get("bins") or {}
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines) or not isinstance(bins, dict):
        return None
    kept = tuple(dict.fromkeys(line.strip()[:LONGEST_LINE] for line in lines if line.strip()))[:MOST_LINES]
    names = [place.id for place in PLACES]
    put = {
        int(i): place
        for i, place in bins.items()
        if i.isascii() and i.isdigit() and place in names and int(i) < len(kept)
    }
    purpose = str(request.get("purpose"))
    return Sorting(kept, put, purpose if purpose in dict(PURPOSES) else "")


def known_lines(library: Library) -> dict[str, str]:
    """Lines that this site asks about itself, with the domain under which it does."""
    return {
        option.text: fact.domain
        for fact in library.facts.values()
        if fact.kind == "any_of" and fact.domain == HARM
        for option in fact.options
        if not option.exclusive and " " in option.text
    }


def sorter_response(view: View, request: Mapping[str, Any]) -> dict[str, Any] | None:
    """The form with the lines, and what is to be said of where they were put."""
    sorting = read_sorting(request)
    if sorting is None:
        return None
    return {
        "ok": True,
        "lines": list(sorting.lines),
        "said": [beside(sorting, i) for i in range(len(sorting.lines))],
        "html": form(sorting),
        "report": report(view, sorting),
    }


def beside(sorting: Sorting, i: int) -> str:
    """What is said beside a line itself, so that nobody has to look for it below."""
    return "A sign of harm in a risk tool: see below." if _out_of_place(sorting) and sorting.bins.get(i) == HARM else ""


def _out_of_place(sorting: Sorting) -> bool:
    return sorting.purpose == FOR_RISK and bool(sorting.of(HARM))


def form(sorting: Sorting) -> Markup:
    """Each line with the four places. Radio buttons: the pointer, a finger and the keyboard do the same with them."""
    if not sorting.lines:
        words = "There is no line yet. Paste some, one to a line, or tick some above."
        return el("p", words, class_="dt-error", tabindex="-1", data_focus="")
    return join(
        heading("h2", "Where does each line belong?", focus=True, class_="tr-title"),
        el(
            "form",
            choice("purpose", "What is the checklist for?", PURPOSES, sorting.purpose),
            [
                choice(f"line-{i}", line, [(place.id, place.name) for place in PLACES], sorting.bins.get(i, ""))
                for i, line in enumerate(sorting.lines)
            ],
            method="dialog",
            autocomplete="off",
            data_sorting=True,
        ),
    )


def choice(name: str, legend: str, options: Any, chosen: str) -> Markup:
    """One line, or the question what the checklist is for."""
    return el(
        "fieldset",
        el("legend", legend, class_="dt-legend"),
        el(
            "div",
            [
                el(
                    "label",
                    el("input", type="radio", name=name, value=value, id=f"{name}-{value}", checked=value == chosen),
                    el("span", words),
                    class_="dt-option",
                    for_=f"{name}-{value}",
                )
                for value, words in options
            ],
            class_="dt-options dt-options--short",
        ),
        el("p", data_said_beside=name, class_="dt-error"),
        class_="dt-question tr-line",
    )


def report(view: View, sorting: Sorting) -> Markup:
    """The warning where it is due, then each place with its reason and its lines."""
    return join(
        warning(view, sorting),
        [
            el(
                "section",
                el("h3", place.name),
                el("p", place.reason),
                footing(view, place.cites, place.basis),
                el("ul", [el("li", line, known(view, line, place)) for line in sorting.of(place.id)]),
                data_place=place.id,
            )
            for place in PLACES
            if sorting.of(place.id)
        ],
    )


def warning(view: View, sorting: Sorting) -> Markup | None:
    """Harm in a risk tool."""
    if not _out_of_place(sorting):
        return None
    return el(
        "div",
        el("p", el("strong", "Signs of harm stand in a risk tool.")),
        el(
            "p",
            "A child who is being harmed could be counted here as a child who might be. Take these lines out, or put "
            "them in a part of their own that comes first.",
        ),
        el(
            "p",
            "Is one of them true of a child you know? Do not treat it as risk: contact the police directly, and work "
            "out the level.",
        ),
        footing(view, ("s4-12", "s4-13", "s4-14"), "source"),
        footing(view, ("s9-12",), "SR-24"),
        el("p", el("a", "Work out the level", href=f"{view.base}tools/level/")),
        class_="dt-police dt-act-now",
        data_warning=True,
    )


def known(view: View, line: str, place: Place) -> Markup | None:
    """Where this site asks about a line itself, if that is elsewhere."""
    domain = known_lines(view.library).get(line)
    if domain is None or domain == place.id:
        return None
    return el("strong", " This site asks about it among the signs of harm.", class_="tr-known")
