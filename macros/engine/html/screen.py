"""A journey as HTML: the question to answer, or the result. Written once, for the build and for the browser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..model.answers import Problem
from ..model.tree import Tree
from ..model.walk import Journey, walk
from .markup import Markup, join
from .question import question
from .result import result
from .view import View

if TYPE_CHECKING:
    from ..analysis.outlook import Conclusion


def page_of(tree: Tree, base: str) -> Markup:
    """The first question as the page carries it at build: the inner HTML of the tool's screen."""
    return question_screen(View(tree, base), walk(tree, {}))


def result_screen(view: View, ended: Conclusion) -> Markup:
    """The HTML of a result, and above it whatever the view has to say first."""
    return join(view.above, result(view, ended))


def question_screen(
    view: View,
    journey: Journey,
    step: str | None = None,
    entered: Mapping[str, object] | None = None,
    problems: tuple[Problem, ...] = (),
) -> Markup:
    """The HTML of a question of a journey, and above it whatever the view has to say first.

    Shows the one at `step` (by default where the journey stands) with the answers `entered` and the `problems` found
    in them.
    """
    screen = next(screen for screen in journey.screens if screen.step == (step or journey.step))
    given = journey.answers if entered is None else entered
    return join(view.above, question(view, journey, screen, given, problems))
