"""The sheets of a session: for each scenario a handout and a facilitator's sheet, and for each tool a blank flow.

Knows what stands on them (their markup is sheets.html). The same page serves as the facilitator's window beside the
projected one: the script then shows the sheet of the scenario that is on. Without a script all of it can be read and
printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from macros.authoring.load import Project
from macros.engine.html.answered import answer_words
from macros.engine.html.markup import Child, Markup
from macros.engine.html.result import decides, outcome_title
from macros.engine.html.view import cites
from macros.engine.model.library import Fact
from macros.engine.model.tree import Tree
from macros.engine.training.exercise import Exercise
from macros.engine.training.path import EndsAhead
from macros.engine.training.scenario import Scene, WhatIf
from macros.engine.training.screens import reasons, rests_on, said_facts
from macros.site.before.render import render


@dataclass(frozen=True)
class CheckSheet:
    """A check as the facilitator sees it: the questions on its way with the story's answers, what it comes to and why.

    `police` names the contact with the police, "" where none is due.
    """

    exercise: Exercise
    outcome: str
    police: str
    rests_on: Markup
    way: Sequence[Sequence[tuple[str, Child]]]
    reasons: Markup
    what_ifs: Sequence[tuple[WhatIf, str]]


@dataclass(frozen=True)
class SceneSheet:
    """A scenario with its checks and the clauses it cites."""

    scene: Scene
    checks: Sequence[CheckSheet]
    clauses: Markup | None


@dataclass(frozen=True)
class Flow:
    """A tool with every question that is answered by ticking, so that a group can find its own way."""

    tree: Tree
    questions: Sequence[Fact]


def sheets(project: Project, scenes: Iterable[Scene], base: str) -> Markup:
    """Every sheet, for a page whose way to the site's root is `base`. The script leaves those that an address names."""
    ahead = {id: EndsAhead(project.trees[id]) for id in project.tools}
    return render(
        "sheets.html",
        base=base,
        sheets=[scene_sheet(scene, ahead, base) for scene in by_title(scenes)],
        flows=[flow(project.trees[id]) for id in project.tools],
    )


def by_title(scenes: Iterable[Scene]) -> list[Scene]:
    """Scenarios in the order in which people look for them."""
    return sorted(scenes, key=lambda scene: scene.title.casefold())


def scene_sheet(scene: Scene, ahead: Mapping[str, EndsAhead], base: str) -> SceneSheet:
    """The sheets of a scenario, its checks worked out by the engine. `ahead` is of all tools."""
    exercises = [Exercise(scene, check, ahead[check.tree], base, {}) for check in scene.checks]
    return SceneSheet(scene, [check_sheet(one) for one in exercises], cites(exercises[0].view, scene.cites))


def check_sheet(exercise: Exercise) -> CheckSheet:
    """A check without any change to it, and what each change comes to."""
    journey, facts = exercise.journey, exercise.tree.library.facts
    grade = exercise.tree.library.quantities["police"].grade(journey.floors["police"])
    way = [
        [(facts[name].text, answer_words(facts[name], stop.answers[name])) for name in said_facts(exercise, stop)]
        for stop in exercise.path
    ]
    changed = [(one, exercise.changed(one)) for one in exercise.scene.what_ifs_of(exercise.check.tree)]
    return CheckSheet(
        exercise,
        outcome_title(exercise.view, journey),
        grade.name if grade.say else "",
        rests_on(exercise),
        way,
        reasons(exercise, [edge for edge in journey.reasons if decides(edge, journey)]),
        [(one, outcome_title(after.view, after.journey)) for one, after in changed],
    )


def flow(tree: Tree) -> Flow:
    """The blank flow of a tool."""
    facts = [tree.library.facts[name] for name in tree.facts()]
    return Flow(tree, [fact for fact in facts if fact.kind in ("one_of", "any_of")])
