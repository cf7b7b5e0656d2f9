"""A journey as HTML: the question to answer, or the result. Written once, for the build and for the browser."""

from __future__ import annotations

from collections.abc import Mapping

from ..model.answers import Problem
from ..model.tree import Tree
from ..model.walk import Journey, walk
from .markup import Markup, el, join
from .question import question
from .result import result
from .view import View, heading


def page_of(tree: Tree, base: str) -> Markup:
    """The first question as the page carries it at build: the inner HTML of the tool's screen."""
    return screen_of(View(tree, base), walk(tree, {}))


def screen_of(
    view: View,
    journey: Journey,
    step: str | None = None,
    entered: Mapping[str, object] | None = None,
    problems: tuple[Problem, ...] = (),
) -> Markup:
    """The HTML of one screen of a journey.

    Shows the result, or the question at `step` (by default the one the journey stands at) with the answers
    `entered` and the `problems` found in them; above it whatever the view has to say first.
    """
    return join(view.above, _screen(view, journey, step, entered, problems))


def _screen(
    view: View,
    journey: Journey,
    step: str | None,
    entered: Mapping[str, object] | None,
    problems: tuple[Problem, ...],
) -> Markup:
    if step is None and journey.state == "outcome":
        return result(view, journey)
    screen = next((s for s in journey.screens if s.step == (step or journey.step)), None)
    if screen is None:
        return stuck(view)
    return question(view, journey, screen, journey.answers if entered is None else entered, problems)


def stuck(view: View) -> Markup:
    """What a reader sees if a tree has a defect that its proofs should have excluded."""
    return join(
        heading("h2", "This check cannot go on", focus=True),
        el("p", "Something is wrong with this check. Use the readable version below, and tell your library editor."),
    )
