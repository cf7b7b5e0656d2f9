"""The end of a session: one screen for the room, and a summary of one page to print or to copy.

The summary holds numbers of hands and nothing of who raised them, and no total over a session: it is about the talk,
not about the people.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..html.controls import button
from ..html.markup import Markup, el, join
from ..html.result import outcome_title
from ..html.view import heading
from ..model.approval import approval_of
from .console import buttons, deciding_question, go, to_view
from .exercise import Exercise
from .screens import thought

TITLE = "What this session talked about"
MOST_SENTENCES = 3
"""How many sentences a room takes home."""


@dataclass(frozen=True)
class Talk:
    """One scenario of a session with those of its checks for which hands were counted. `points` is what it teaches."""

    title: str
    exercises: tuple[Exercise, ...]
    points: tuple[str, ...]


def close_screen(talks: list[Talk]) -> Markup:
    """The last screen of the room: what to take home, the first lesson of each story, and one thing to do."""
    return thought(
        heading("h2", "To take home", focus=True, class_="tr-title"),
        el("ol", [el("li", talk.points[0]) for talk in talks[:MOST_SENTENCES]], class_="tr-home") if talks else None,
        el("p", el("strong", "Write down one thing that you will do this week."), " It is yours: nobody collects it."),
    )


def summary(talks: list[Talk]) -> Markup:
    """The summary to print or to copy: nothing of it is kept."""
    return join(
        buttons(
            button("Print the summary", data_print_summary=True, class_="dt-secondary"),
            button("Copy it as text", data_copy_summary=True, class_="dt-secondary"),
            go("End the session and clear everything", "end"),
            to_view(),
        ),
        el("div", role="status", data_said=True),
        el("div", data_copy_text=True),
        el(
            "section",
            heading("h2", TITLE, focus=False, class_="tr-title"),
            el(
                "p",
                "It holds counts of hands and no names. It is on this page alone, until you print it or copy it.",
                class_="tr-hint",
            ),
            [talk_html(talk) for talk in talks] or el("p", "No hands were counted."),
            el("p", "One thing that I will do this week:", el("span", class_="tr-write"), class_="tr-pledge"),
            class_="tr-summary",
        ),
    )


def talk_html(talk: Talk) -> Markup:
    """One scenario of the summary."""
    return el(
        "section",
        el("h3", talk.title),
        [
            el("div", el("h4", exercise.tree.title), el("ul", [el("li", line) for line in lines_of(exercise)]))
            for exercise in talk.exercises
        ],
        el("h4", "To take up"),
        el("ul", [el("li", point) for point in talk.points]),
        class_="tr-talk",
    )


def lines_of(exercise: Exercise) -> Iterator[str]:
    """What is said of a check, a line each: where the story's answers lead, then each answer that hands went up for."""
    title = outcome_title(exercise.view, exercise.journey)
    yield f"The answers lead to: {title}"
    counted = [node for node in exercise.outcomes if node.id in {*exercise.tally, *exercise.second}]
    yield from (f"{node.title}: {counts(exercise, node.id)}{how_far(exercise, node.id)}" for node in counted)


def counts(exercise: Exercise, id: str) -> str:
    """The hands for an answer, and those of the second vote where there was one."""
    first, second = (str(hands.get(id, 0)) for hands in (exercise.tally, exercise.second))
    return f"{first}, then {second}" if exercise.second else first


def how_far(exercise: Exercise, id: str) -> str:
    """Behind the hands for an answer: at which question it parted, or that the tool leaves it open; else nothing."""
    if id in exercise.partings:
        return f", parted at: {deciding_question(exercise, id)}"
    return ", within what the tool leaves open" if id in exercise.within else ""


def summary_text(talks: list[Talk]) -> str:
    """The summary as plain text."""
    return "\n".join(_lines(talks)) + "\n"


def _lines(talks: list[Talk]) -> Iterator[str]:
    yield TITLE
    for talk in talks:
        yield from ("", talk.title.upper())
        for exercise in talk.exercises:
            yield from ("", exercise.tree.title, *(f"- {line}" for line in lines_of(exercise)))
        yield from ("", "To take up:", *(f"- {point}" for point in talk.points))
    if talks:
        yield from ("", approval_of(talks[0].exercises[0].tree.library.approval)["notice"])
    yield from ("", "A prompt for discussion, not an assessment. Counts of hands; no names.")


def practised_screen(title: str) -> Markup:
    """The end of solo practice. Nothing is counted or kept."""
    return thought(
        heading("h2", "That was the last check of this story", focus=True, class_="tr-title"),
        el("p", f"You have worked through “{title}”. Nothing of what you answered is kept."),
    )


def after_practice() -> Markup:
    """The ways on from there."""
    return buttons(go("Choose another story", "end", main=True), go("Do this one again", "restart"))
