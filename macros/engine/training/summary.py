"""The summary of a session: what was discussed, how the hands went up, what to take up. As HTML and as plain text.

It holds numbers of hands and nothing of who raised them, and no total over a session: it is about the talk, not about
the people.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..html.markup import Markup, el, join
from ..html.result import outcome_title
from ..html.view import heading
from ..model.approval import approval_of
from .console import buttons, deciding_question, go, spread
from .exercise import Exercise

TITLE = "What this session talked about"


@dataclass(frozen=True)
class Talk:
    """One scenario of a session with those of its checks for which hands were counted."""

    title: str
    exercises: tuple[Exercise, ...]
    points: tuple[str, ...]


def summary_screen(talks: list[Talk]) -> Markup:
    """The end of a session, to print or to copy: nothing of it is kept."""
    return join(
        heading("h2", TITLE, focus=True, class_="tr-title"),
        el("p", "It holds counts of hands and no names. It is on this page alone, until you print it or copy it."),
        [talk_html(talk) for talk in talks] or el("p", "No hands were counted."),
        el(
            "div",
            el("button", "Print this summary", type="button", data_print_summary=True, class_="dt-secondary"),
            el("button", "Copy it as text", type="button", data_copy_summary=True, class_="dt-secondary"),
            go("End the session and clear everything", "end"),
            class_="tr-buttons",
        ),
        el("div", role="status", data_said=True),
        el("div", data_copy_text=True),
    )


def talk_html(talk: Talk) -> Markup:
    """One scenario of the summary."""
    return el(
        "section",
        el("h3", talk.title),
        [
            el(
                "div",
                spread(exercise, f"{exercise.tree.title}: how the hands went up", mark=True),
                el("ul", [el("li", line) for line in part_lines(exercise)])
                if exercise.partings or exercise.within
                else None,
            )
            for exercise in talk.exercises
        ],
        el("h4", "To take up"),
        el("ul", [el("li", point) for point in talk.points]),
        class_="tr-talk",
    )


def part_lines(exercise: Exercise) -> Iterator[str]:
    """Where answers parted from the way, a sentence each."""
    for id in exercise.partings:
        yield f"“{exercise.title(id)}” parted from the way at: {deciding_question(exercise, id)}"
    for id in exercise.within:
        yield f"“{exercise.title(id)}” is within what the tool leaves open"


def summary_text(talks: list[Talk]) -> str:
    """The same as plain text."""
    return "\n".join(_lines(talks)) + "\n"


def _lines(talks: list[Talk]) -> Iterator[str]:
    yield TITLE
    for talk in talks:
        yield from ("", talk.title.upper())
        for exercise in talk.exercises:
            yield from (
                "",
                f"{exercise.tree.title}. The answers lead to: {outcome_title(exercise.view, exercise.journey)}",
            )
            yield from (f"- {node.title}: {exercise.tally.get(node.id, 0)}" for node in exercise.outcomes)
            yield from (f"- {line}" for line in part_lines(exercise))
        yield from ("", "To take up:", *(f"- {point}" for point in talk.points))
    if talks:
        yield from ("", approval_of(talks[0].exercises[0].tree.library.approval)["notice"])
    yield from ("", "A prompt for discussion, not an assessment. Counts of hands; no names.")


def practised(title: str) -> Markup:
    """The end of solo practice. Nothing is counted or kept."""
    return join(
        heading("h2", "That was the last check of this story", focus=True, class_="tr-title"),
        el("p", f"You have worked through “{title}”. Nothing of what you answered is kept."),
        buttons(go("Choose another story", "end", main=True), go("Do this one again", "restart")),
    )
