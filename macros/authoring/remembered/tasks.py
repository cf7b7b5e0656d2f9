"""Tasks: the questions about trees that take long to answer, each as a text from which its answer follows.

A task holds what decides (decisive.py) and nothing else, so its answer may be remembered under its digest, and another
process can work it out. Words for an editor are made elsewhere, where an answer is not as it should be.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from macros.authoring.plausible.endings import Ending, Endings, decides
from macros.authoring.plausible.measure import lived, one_open
from macros.authoring.plausible.weights import Weights
from macros.authoring.proofs.proofs import Answers, Property, Verdict, prove_tree, read_properties
from macros.authoring.reachable import Length, Overrun, Structure, structure_of
from macros.authoring.remembered.decisive import decisive, decisive_of_scenario
from macros.authoring.scenarios import Scenario, comes_true
from macros.authoring.sources.diagnostics import Source
from macros.engine.model.library import Library, read_library
from macros.engine.model.tree import Tree, inline

Data = dict[str, Any]
Tables = Mapping[str, Any]


@dataclass(frozen=True)
class Task:
    """A question: `what` is asked, of which tree (and of which scenario), and the texts that decide."""

    what: str
    tree: str
    text: str
    more: str = ""
    scenario: str = ""


def structure_tasks(tables: Tables, trees: Iterable[str]) -> list[Task]:
    """What can be reached in each tree."""
    return [Task("structure", tree, decisive(tables, tree)) for tree in trees]


def proof_tasks(tables: Tables, trees: Iterable[str]) -> Iterator[Task]:
    """The properties of each tree: its one-run properties, which share a walk through its states; each other alone."""
    for tree in trees:
        meant = [{**one, "for": [tree]} for one in tables["safety"]["properties"] if tree in one["for"]]
        one_run = [one for one in meant if "never_lower" not in one]
        two_run = [[one] for one in meant if "never_lower" in one]
        for together in (one_run, *two_run):
            if together:
                yield Task("proof", tree, decisive(tables, tree, together))


def replay_tasks(tables: Tables, trees: Iterable[str], scenarios: Mapping[str, Scenario]) -> Iterator[Task]:
    """That each scenario comes to what it says in each tree that it speaks of."""
    texts = {tree: decisive(tables, tree) for tree in trees}
    for scenario in scenarios.values():
        for tree in dict.fromkeys(replay.tree for replay in scenario.replays if replay.tree in texts):
            yield Task("replay", tree, texts[tree], decisive_of_scenario(scenario.data), scenario.id)


def noise_tasks(tables: Tables, weights: Weights) -> list[Task]:
    """What becomes of the situations of each concern; then what one open answer does."""
    text = decisive(tables, weights["tool"])
    concerns = [*(one["id"] for one in weights["concerns"]), None]
    return [Task("noise", weights["tool"], text, json.dumps([weights, concern])) for concern in concerns]


def ends_task(tables: Tables, tree: str, answers: Sequence[Mapping[str, Any]]) -> Task:
    """Where each of these answers ends in a tree, and which that the result names truly decide."""
    return Task("ends", tree, decisive(tables, tree), json.dumps(answers))


def answer(task: Task) -> Any:
    """The answer to a task, as JSON can hold it. Raises KeyError if it hangs on something that is not in the task."""
    library, tree = _read(task.text, task.tree)
    match task.what:
        case "structure":
            found = structure_of(tree)
            return {**vars(found), "used": sorted(found.used)}
        case "proof":
            verdicts = prove_tree(tree, read_properties(json.loads(task.text), library))
            return [_verdict_data(verdict) for verdict in verdicts]
        case "replay":
            return comes_true(tree, Scenario(task.scenario, json.loads(task.more), Source("", "")))
        case "noise":
            weights, concern = json.loads(task.more)
            return lived(tree, weights, concern) if concern else one_open(tree, weights)
        case "ends":
            ends = Endings(tree)
            return [_story(tree, ends.of(answers), answers) for answers in json.loads(task.more)]
    raise ValueError(task.what)


def _story(tree: Tree, end: Ending | None, answers: Mapping[str, Any]) -> tuple[Ending | None, list[str]]:
    return end, [one["fact"] for one in end["named"] if decides(tree, answers, one["fact"])] if end else []


@lru_cache(maxsize=8)
def _read(text: str, tree: str) -> tuple[Library, Tree]:
    library = read_library(json.loads(text))
    return library, inline(library, tree)


# ---- answers as values ------------------------------------------------------------------------------------------


def _verdict_data(verdict: Verdict) -> Data:
    return {**{key: value for key, value in vars(verdict).items() if key != "claim"}, "id": verdict.claim.id}


def verdict_of(data: Data, claim: Property) -> Verdict:
    """A verdict from an answer."""
    parts = {key: value for key, value in data.items() if key != "id"}
    runs = {key: _answers(data[key]) for key in ("counterexample", "compared")}
    return Verdict(claim, **{**parts, **runs})


def _answers(data: Data) -> Answers:
    """Answers as they were before JSON made lists of checklists' tuples."""
    return {fact: value if isinstance(value, str) else tuple(value) for fact, value in data.items()}


def structure_from(data: Data) -> Structure:
    """A structure from an answer."""
    lengths = tuple(Length(*parts) for parts in data["lengths"])
    overruns = tuple(Overrun(*parts) for parts in data["overruns"])
    return Structure(**{**data, "used": frozenset(data["used"]), "lengths": lengths, "overruns": overruns})
