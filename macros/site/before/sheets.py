"""The sheets of a session: for each scenario a handout and a facilitator's sheet, and for each tool a blank flow.

Knows what stands on them (their markup is sheets.html). The same page serves as the facilitator's window beside the
projected one: the script then shows the sheet of the scenario that is on. Without a script all of it can be read and
printed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from macros.authoring.compare.since import stories_since
from macros.authoring.compare.touches import Case
from macros.authoring.load import Project
from macros.engine.html.answered import answer_words
from macros.engine.html.markup import Markup
from macros.engine.html.result import decides, outcome_title
from macros.engine.html.view import cites
from macros.engine.model.library import Fact
from macros.engine.model.tree import Tree
from macros.engine.training.console import reasons, rests_on, said_facts
from macros.engine.training.exercise import Exercise
from macros.engine.training.path import EndsAhead
from macros.engine.training.scenario import Scene
from macros.site.before.render import render


def sheets(project: Project, scenes: Collection[Scene], base: str) -> Markup:
    """Every sheet, for a page whose way to the site's root is `base`. The script leaves those that an address names."""
    ahead = {id: EndsAhead(project.trees[id]) for id in project.tools}
    cases = {
        (scene.id, check.tree): Case("scenario", scene.id, check.tree, check.answers)
        for scene in scenes
        for check in scene.checks
    }
    changed = stories_since(project.root, project.tables, cases.values())
    return render(
        "sheets.html",
        base=base,
        sheets=[
            [
                {
                    **check_sheet(Exercise(scene, check, ahead[check.tree], base, {})),
                    "since": changed.get(cases[scene.id, check.tree], []),
                }
                for check in scene.checks
            ]
            for scene in by_title(scenes)
        ],
        cites=cites,
        flows=[(project.trees[id], questions(project.trees[id])) for id in project.tools],
    )


def by_title(scenes: Iterable[Scene]) -> list[Scene]:
    """Scenarios in the order in which people look for them."""
    return sorted(scenes, key=lambda scene: scene.title.casefold())


def check_sheet(exercise: Exercise) -> dict[str, Any]:
    """What the facilitator sees of a check: the questions on its way with the story's answers, what it comes to and
    why, and what each change to it comes to. `police` is "" where no contact with the police is due.
    """
    journey, facts = exercise.journey, exercise.tree.library.facts
    grade = exercise.tree.library.quantities["police"].grade(journey.floors["police"])
    changed = [(one, exercise.changed(one)) for one in exercise.scene.what_ifs_of(exercise.check.tree)]
    return {
        "exercise": exercise,
        "outcome": outcome_title(exercise.view, journey),
        "police": grade.name if grade.say else "",
        "rests_on": rests_on(exercise),
        "way": [
            [(facts[name].text, answer_words(facts[name], stop.answers[name])) for name in said_facts(exercise, stop)]
            for stop in exercise.path
        ],
        "reasons": reasons(exercise, [edge for edge in journey.reasons if decides(exercise.view, edge, journey)]),
        "what_ifs": [(one, outcome_title(after.view, after.journey)) for one, after in changed],
    }


def questions(tree: Tree) -> list[Fact]:
    """Every question of a tool that is answered by ticking, so that a group can find its own way."""
    facts = [tree.library.facts[name] for name in tree.facts()]
    return [fact for fact in facts if fact.kind in ("one_of", "any_of")]
