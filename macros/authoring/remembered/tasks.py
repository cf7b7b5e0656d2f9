"""Tasks: the questions about trees that take long to answer, each as a text from which its answer follows.

A task holds what decides (decisive.py) and nothing else, so its answer may be remembered under its digest, and another
process can work it out. Words for an editor are made elsewhere, where an answer is not as it should be.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from macros.authoring.proofs.proofs import Answers, Property, Verdict, prove_tree, read_properties
from macros.authoring.reachable import Length, Structure, structure_of
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


def answer(task: Task) -> Any:
    """The answer to a task, as JSON can hold it. Raises KeyError if it hangs on something that is not in the task."""
    library, tree = _read(task.text, task.tree)
    match task.what:
        case "structure":
            found = structure_of(tree)
            lengths = [list(vars(length).values()) for length in found.lengths]
            return {"states": found.states, "used": sorted(found.used), "lengths": lengths, "faulty": found.faulty}
        case "proof":
            verdicts = prove_tree(tree, read_properties(json.loads(task.text), library))
            return [_verdict_data(verdict) for verdict in verdicts]
        case "replay":
            return comes_true(tree, Scenario(task.scenario, json.loads(task.more), Source("", "")))
    raise ValueError(task.what)


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
    return Structure(data["states"], frozenset(data["used"]), lengths, data["faulty"])
