"""The sheets of a session: for each scenario a handout and a facilitator's sheet, and for each tool a blank flow.

Knows what stands on them (their markup is sheets.html). The same page serves as the facilitator's window beside the
projected one: the script then shows the sheet of the scenario that is on. Without a script all of it can be read and
printed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import chain, zip_longest
from typing import Any

from macros.authoring.compare.since import stories_since
from macros.authoring.compare.touches import Case
from macros.authoring.load import Project
from macros.engine.html.answered import answer_words
from macros.engine.html.markup import Child, Markup
from macros.engine.html.result import decides, outcome_title
from macros.engine.html.view import cites
from macros.engine.model.guards import Value
from macros.engine.model.library import Fact
from macros.engine.model.tree import Tree
from macros.engine.training.console import reasons, rests_on, said_facts
from macros.engine.training.exercise import Exercise
from macros.engine.training.path import EndsAhead
from macros.engine.training.scenario import Check, Scene
from macros.site.before.render import render


def sheets(project: Project, scenes: Collection[Scene], base: str) -> Markup:
    """Every sheet, for a page whose way to the site's root is `base`. The script leaves those that an address names."""
    ahead = {id: EndsAhead(project.trees[id]) for id in project.tools}
    cases = {
        (scene.id, check.tree): [Case("scenario", scene.id, one.tree, one.answers) for one in ways(check)]
        for scene in scenes
        for check in scene.checks
    }
    changed = stories_since(project.root, project.tables, chain.from_iterable(cases.values()))
    since = {check: of_each([changed.get(way, []) for way in some]) for check, some in cases.items()}
    return render(
        "sheets.html",
        base=base,
        sheets=[story_sheet(scene, ahead, since, base) for scene in by_title(scenes)],
        cites=cites,
        flows=[(project.trees[id], questions(project.trees[id])) for id in project.tools],
    )


def by_title(scenes: Iterable[Scene]) -> list[Scene]:
    """Scenarios in the order in which people look for them."""
    return sorted(scenes, key=lambda scene: scene.title.casefold())


def of_each(sentences: list[list[str]]) -> list[str]:
    """The sentences that are told of every way, in the order of the first."""
    return [words for words in sentences[0] if all(words in others for others in sentences)]


def ways(check: Check) -> tuple[Check, ...]:
    """The plain checks that a room can take: one for each branch, or the check itself if it leaves nothing open."""
    return tuple(check.taken({}, branch.values[0]) for branch in check.branches) or (check,)


def story_sheet(
    scene: Scene, ahead: Mapping[str, EndsAhead], since: Mapping[tuple[str, str], list[str]], base: str
) -> list[dict[str, Any]]:
    """What the facilitator sees of each check of a story. What an earlier one said is `again`: paper has it once.

    `since` is what became of each check in releases before, by its story and its tool.
    """
    said: set[str] = set()
    found = []
    for check in scene.checks:
        every = [Exercise(scene, way, ahead[check.tree], base, {}) for way in ways(check)]
        found.append({**check_sheet(check, every, frozenset(said)), "since": since[scene.id, check.tree]})
        said |= {name for one in every for stop in one.path for name in stop.facts}
        said |= {edge.because for one in every for edge in one.journey.reasons}
    return found


def check_sheet(check: Check, every: list[Exercise], said: Collection[str]) -> dict[str, Any]:
    """What the facilitator sees of a check: the questions on its way with the story's answers, what each way comes to
    and why, and what each change to it comes to. Of a check that leaves a fact open, the way with the most questions.
    `every` are its ways, `said` the facts and reasons of the checks before.
    """
    longest = max(every, key=lambda one: sum(len(said_facts(one, stop)) for stop in one.path))
    facts = longest.tree.library.facts
    deciding = [[edge for edge in one.journey.reasons if decides(one.view, edge, one.journey)] for one in every]
    edges = [edge for edge in deciding[0] if all(edge in others for others in deciding)]
    return {
        "exercise": longest,
        "ways": [
            way_of(one, [facts[check.open].label(value) for value in branch.values] if branch else [])
            for one, branch in zip_longest(every, check.branches)
        ],
        "rests_on": rests_on(longest),
        "questions": [
            (
                {*stop.facts} <= {*said},
                [
                    (facts[name].text, said_on_sheet(longest, name, stop.answers[name]))
                    for name in said_facts(longest, stop)
                ],
            )
            for stop in longest.path
        ],
        "reasons_again": reasons(longest, [edge for edge in edges if edge.because in said]),
        "reasons": reasons(longest, [edge for edge in edges if edge.because not in said]),
        "what_ifs": [
            (one, outcome_title(after.view, after.journey))
            for one in longest.scene.what_ifs_of(check.tree)
            for after in [longest.changed(one)]
        ],
    }


def way_of(exercise: Exercise, judged: list[str]) -> dict[str, Any]:
    """What a way through a check comes to: `judged` are the answers of the room that lead there, if any; `police` is ""
    where no contact with the police is due.
    """
    grade = exercise.tree.library.quantities["police"].grade(exercise.journey.floors["police"])
    return {
        "judged": judged,
        "outcome": outcome_title(exercise.view, exercise.journey),
        "police": grade.name if grade.say else "",
        "debrief": exercise.check.debrief,
    }


def said_on_sheet(exercise: Exercise, name: str, value: Value) -> Child:
    """An answer of the story in words; of what it leaves to the room, that it does."""
    fact = exercise.tree.library.facts[name]
    return "For the room to judge" if name == exercise.check.open else answer_words(fact, value)


def questions(tree: Tree) -> list[Fact]:
    """Every question of a tool that is answered by ticking, so that a group can find its own way."""
    facts = [tree.library.facts[name] for name in tree.facts()]
    return [fact for fact in facts if fact.kind in ("one_of", "any_of")]
