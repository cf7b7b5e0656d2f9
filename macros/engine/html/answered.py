"""The answers so far, as HTML, each with its "change"."""

from __future__ import annotations

from ..model.guards import Value
from ..model.library import Fact
from ..model.uktime import read_time
from ..model.uktime import words as time_words
from ..model.walk import Journey, Screen
from .controls import button, folded
from .markup import Child, Markup, el
from .view import View


def so_far(view: View, journey: Journey, current: str) -> Markup | None:
    """The answers so far under a question, each with its "change"."""
    given = answers(view, journey, current)
    if given is None:
        return None
    restart = button("Start again", "restart", class_="dt-restart dt-secondary")
    return folded("Your answers so far", given, restart, class_="dt-so-far")


def answers(view: View, journey: Journey, current: str = "") -> Markup | None:
    """The answers given, but for those of the current step, each with its "change"."""
    rows = [
        so_far_rows(view, journey, s)
        for s in journey.screens
        if s.step != current and set(s.facts) <= set(journey.answers)
    ]
    return el("dl", rows, class_="dt-answers") if rows else None


def so_far_rows(view: View, journey: Journey, screen: Screen) -> list[Markup]:
    """The answers of one screen, a row each, the first with “change”."""
    facts = [view.library.facts[name] for name in screen.facts]
    what = facts[0].short or facts[0].text
    words = ("Change", el("span", f": {what}", class_="dt-hidden"))
    change = button(words, "change", data_node=screen.step, class_="dt-change")
    return [
        el(
            "div",
            el("dt", fact.text),
            el("dd", answer_words(fact, journey.answers[fact.id])),
            el("dd", change, class_="dt-answer-change") if fact is facts[0] else None,
            class_="dt-answer",
        )
        for fact in facts
    ]


def answer_words(fact: Fact, value: Value) -> Child:
    """An answer in the words of its options."""
    if fact.kind == "text":
        return value or el("span", "Nothing written", class_="dt-empty")
    if fact.kind == "datetime" and isinstance(value, str) and (time := read_time(value)):
        return time_words(time)
    return "; ".join(fact.label(v) for v in ((value,) if isinstance(value, str) else value))
