"""The indicator sorter: lines of a checklist, each put by the reader under harm, risk, protective or unsure.

Knows that signs of harm are kept apart from signs of risk (section 4 of the procedure); what is said of it editors own.
Knows no list of indicators: where a line belongs the reader decides, and nothing is counted. Of lines that this site
asks about itself it says where it asks them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..html.controls import form, option
from ..html.markup import Markup, el, join
from ..html.view import View, footing, heading
from ..model.library import Library

MOST_LINES = 60
LONGEST_LINE = 300
CUT = f"Not all of it is here: {MOST_LINES} lines are taken at most, and {LONGEST_LINE} signs of each."
FOR_RISK = "risk"
HARM = "harm"


Words = Mapping[str, Any]
"""All that the sorter says, or a part of it, as editors own it (decision_trees/sorter.json)."""


@dataclass(frozen=True)
class Sorting:
    """Lines, where each was put so far (by its number), and what the checklist is for."""

    lines: tuple[str, ...]
    bins: Mapping[int, str]
    purpose: str = ""
    cut: bool = False
    """Whether more was handed over than is taken."""

    def of(self, place: str) -> list[str]:
        return [line for i, line in enumerate(self.lines) if self.bins.get(i) == place]


def read_sorting(words: Words, request: Mapping[str, Any]) -> Sorting | None:
    """The sorting that a page hands over; None if it is none."""
    lines, bins = request.get("lines"), request.get("bins") or {}
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines) or not isinstance(bins, dict):
        return None
    whole = tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))
    kept = tuple(dict.fromkeys(line[:LONGEST_LINE] for line in whole))[:MOST_LINES]
    names = [place["id"] for place in words["places"]]
    put = {
        int(i): place
        for i, place in bins.items()
        if i.isascii() and i.isdigit() and place in names and int(i) < len(kept)
    }
    purposes, purpose = [one["id"] for one in words["purposes"]], str(request.get("purpose"))
    return Sorting(kept, put, purpose if purpose in purposes else "", kept != whole)


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
    words = view.library.sorter
    sorting = read_sorting(words, request)
    if sorting is None:
        return None
    return {
        "ok": True,
        "lines": list(sorting.lines),
        "said": [beside(words, sorting, i) for i in range(len(sorting.lines))],
        "html": lines_form(words, sorting),
        "report": report(view, words, sorting),
    }


def beside(words: Words, sorting: Sorting, i: int) -> str:
    """What is said beside a line itself, so that nobody has to look for it below."""
    return str(words["warning"]["beside"]) if _out_of_place(sorting) and sorting.bins.get(i) == HARM else ""


def _out_of_place(sorting: Sorting) -> bool:
    return sorting.purpose == FOR_RISK and bool(sorting.of(HARM))


def lines_form(words: Words, sorting: Sorting) -> Markup:
    """Each line with the four places. Radio buttons: the pointer, a finger and the keyboard do the same with them."""
    if not sorting.lines:
        empty = "There is no line yet. Paste some, one to a line, or tick some above."
        return el("p", empty, class_="dt-error", tabindex="-1", data_focus="")
    purposes = {purpose["id"]: purpose["text"] for purpose in words["purposes"]}
    places = {place["id"]: place["name"] for place in words["places"]}
    return join(
        heading("h2", "Where does each line belong?", focus=True, class_="tr-title"),
        el("p", CUT, class_="dt-error") if sorting.cut else None,
        form(
            choice("purpose", "What is the checklist for?", purposes, sorting.purpose),
            [choice(f"line-{i}", line, places, sorting.bins.get(i, "")) for i, line in enumerate(sorting.lines)],
            data_sorting=True,
        ),
    )


def choice(name: str, legend: str, options: Mapping[str, str], chosen: str) -> Markup:
    """One line, or the question what the checklist is for."""
    return el(
        "fieldset",
        el("legend", legend, class_="dt-legend"),
        el(
            "div",
            [
                option("radio", name, value, f"{name}-{value}", words, value == chosen)
                for value, words in options.items()
            ],
            class_="dt-options dt-options--short",
        ),
        el("p", data_said_beside=name, class_="dt-error"),
        class_="dt-question tr-line",
    )


def report(view: View, words: Words, sorting: Sorting) -> Markup:
    """The warning where it is due, then each place with its reason and its lines."""
    return join(
        warning(view, words["warning"]) if _out_of_place(sorting) else None,
        [
            el(
                "section",
                el("h3", place["name"]),
                el("p", place["reason"]),
                footing(view, place["cites"], place["basis"]),
                el("ul", [el("li", line, known(view, words, line, place)) for line in sorting.of(place["id"])]),
                data_place=place["id"],
            )
            for place in words["places"]
            if sorting.of(place["id"])
        ],
    )


def warning(view: View, words: Words) -> Markup:
    """Harm in a risk tool: what that means and what to do, then what each paragraph rests on."""
    return el(
        "div",
        el("p", el("strong", words["title"])),
        [el("p", part["text"]) for part in words["parts"]],
        [footing(view, part["cites"], part["basis"]) for part in words["parts"]],
        el("p", el("a", words["go"], href=f"{view.base}tools/{words['tool']}/")),
        class_="act-now",
        data_warning=True,
    )


def known(view: View, words: Words, line: str, place: Words) -> Markup | None:
    """Where this site asks about a line itself, if that is elsewhere."""
    domain = known_lines(view.library).get(line)
    if domain in (None, place["id"]):
        return None
    return el("strong", f" {words['known']}", class_="tr-known")
