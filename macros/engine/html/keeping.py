"""Where a reader keeps a record of a result, where they open one again, and what a printed copy says of itself.

Knows markup and words; the page does the keeping (overrides/assets/tool/record.mjs).
"""

from __future__ import annotations

from .controls import button, folded, form
from .markup import Markup, el
from .view import View, basis

LONGEST_RECORD = 1_000_000
"""Bytes of a file that are read at most: more than the longest record that this site makes."""

VALID_HOURS = 48
"""How long what is kept or printed is valid: hours that pass, whatever the clocks do meanwhile (open question 21)."""

WAYS = (
    (
        "copy",
        "Copy as text",
        "To paste into your case system. The text stays on this computer’s clipboard until something else is copied.",
    ),
    (
        "print",
        "Print or save as PDF",
        "The steps, the reasons, your answers and what you wrote, and any other part that you have opened. "
        "The copy says when it was printed and until when it is valid.",
    ),
    (
        "download",
        "Download as a file (JSON)",
        "The file stays on this computer, and whoever uses this computer can read it. "
        "Move it to where such records belong, and delete it here.",
    ),
)


def keep_a_record(view: View) -> Markup:
    """The ways to keep a record of a result, with their warnings."""
    return el(
        "div",
        el("h3", "Keep a record"),
        el(
            "p",
            "Nothing is saved unless you save it. A record holds this result, its reasons, your answers and what you "
            f"wrote. It is valid for {VALID_HOURS} hours. ",
            basis(view, "SR-21"),
            " ",
            el("a", "What a record holds", href=f"{view.base}about/records/"),
        ),
        el("p", el("strong", "Enter no names. "), NO_NAMES, class_="dt-no-names"),
        [way(view, *each) for each in WAYS],
        el("div", role="status", data_record_said=True, class_="dt-record-said"),
        el("div", data_record_text=True),
        class_="dt-keep",
    )


NO_NAMES = (
    "Others will read a record. Look through what you wrote: nothing may tell who the child is, "
    "and a role is enough for anybody else."
)


def way(view: View, name: str, words: str, warning: str) -> Markup:
    """One way to keep a record: its button and, beside it, what becomes of what it makes."""
    id = f"{view.tree.id}-keep-{name}"
    return el(
        "div",
        button(words, "record", data_way=name, class_="dt-secondary", aria_describedby=id),
        el("p", el("strong", "Take care: ") if name == "download" else None, warning, id=id, class_="dt-hint"),
        class_="dt-way",
    )


def leave() -> Markup:
    """The way to leave a result. What that takes away, and what it cannot, is said before it does."""
    restart = button("Clear everything and start again", "restart", class_="dt-restart dt-secondary")
    return el("div", restart, class_="dt-leave")


def open_a_record(view: View) -> Markup:
    """Under the first question: a file to open. Hidden until a script runs, for without one nothing can be opened."""
    id = f"{view.tree.id}-open"
    return folded(
        "Open a saved record",
        form(
            el(
                "p",
                "Choose a file that you downloaded from this check. It is read on this page and sent nowhere.",
                id=f"{id}-hint",
                class_="dt-hint",
            ),
            el("div", role="alert", id=f"{id}-said", data_open_said=True),
            el("p", el("label", "Record (a JSON file)", for_=id), class_="dt-legend"),
            el(
                "input",
                type="file",  # without `accept`: some file pickers would grey out a record that was downloaded
                id=id,
                data_most=LONGEST_RECORD,
                aria_describedby=f"{id}-hint {id}-said",
                class_="dt-file",
            ),
            button("Open this record", "open", class_="dt-secondary"),
            data_open=True,
        ),
        data_scripted=True,
        hidden=True,
        class_="dt-open",
    )


def print_head(view: View) -> Markup:
    """The head of a printed copy: what it is of and of which version.

    Whether it is approved, when it was printed and until when it is valid stands on each sheet of every page.
    """
    return el(
        "div",
        el("p", f"{view.tree.title}. Version of the check: {view.library.version}."),
        class_="dt-print-head",
    )
