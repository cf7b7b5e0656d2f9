"""Reachable: what can be reached in a tree with its calls in place, and what is wrong at a state of it.

Knows the engine's state space and where in the authored data a fault of it has its place; refuses to know files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from macros.authoring.sources.diagnostics import Diagnostic, Source
from macros.authoring.sources.places import At
from macros.engine.analysis.state_space import Liveness, StateSpace, explore
from macros.engine.model.guards import Value
from macros.engine.model.library import Fact, Library, TreeData
from macros.engine.model.tree import CycleFound, Tree, inline


def set_in_place(library: Library, id: str, source: Source, data: Mapping[str, Any]) -> Tree | Diagnostic:
    """The tree with its calls in place, or the cycle that prevents it."""
    try:
        return inline(library, id)
    except CycleFound as error:
        first = error.path[1 if error.of_calls else 0]
        key = "call" if error.of_calls else "id"
        indexes = [i for i, node in enumerate(data["nodes"]) if node.get(key) == first]
        message = f"This leads back to itself: {' > '.join(error.path)}."
        path: At = ("nodes", indexes[0]) if indexes else ()
        fix = "a journey must come to an end: take out one of these ways on."
        return source.diagnostic("call-cycle" if error.of_calls else "cycle", path, message, fix)


def space_of(tree: Tree) -> StateSpace:
    """Every state of a tree, whatever is answered."""
    return explore(Liveness(tree))


def check_structure(
    found: StateSpace, sources: Mapping[str, Source], data: Mapping[str, Mapping[str, Any]]
) -> Iterator[Diagnostic]:
    """Gaps, overlaps and guards that read what was never asked, at each reachable state of a tree."""
    tree = found.liveness.tree
    for fault in found.faults:
        step = fault.step
        if step.is_end or step.node.kind == "outcome":  # an outcome of a called tree: the caller's edges are at fault
            step = tree.steps[step.key.rpartition(".")[0] or step.key]
        id, answers = step.node.id, said(tree.library, fault.answers)
        at: At = ("nodes", [node["id"] for node in data[step.tree]["nodes"]].index(id))
        if fault.kind == "gap":
            at, told, fix = (*at, "next"), f"No edge of “{id}” holds", "add an edge for this, or widen one."
        elif fault.kind == "overlap":
            positions = [int(edge.rsplit("/", 1)[1]) - 1 for edge in fault.edges]
            at, names = (*at, "next", positions[1]), " and ".join(f"next/{position}" for position in positions)
            told, fix = f"Several edges of “{id}” hold ({names})", "narrow one of them: exactly one edge may hold."
        else:
            told = f"“{id}” reads “{fault.fact}”, which was never asked"
            fix = f"ask “{fault.fact}” on every path to here, or narrow the guard to the paths that ask it."
        yield sources[step.tree].diagnostic(fault.kind, at, f"{told} when {answers}.", fix)


def said(library: Library, answers: Mapping[str, object]) -> str:
    """Answers in the words of the questions, shortest way first."""
    parts = []
    for name, value in answers.items():
        fact = library.facts[name]
        if fact.kind in ("text", "offer") and value in ("", fact.default):
            continue
        values = (value,) if isinstance(value, str) else tuple(value)  # type: ignore[arg-type]
        parts.append(f"“{fact.text}” is “{'” and “'.join(fact.label(v) for v in values)}”")
    return "; ".join(parts) or "nothing has been answered yet"


def check_dead_edges(used: set[str], trees: Iterable[TreeData], sources: Mapping[str, Source]) -> Iterator[Diagnostic]:
    """Edges that no set of answers takes, in any tree that leads to them."""
    for tree in trees:
        for i, node in enumerate(tree.nodes):
            for j, edge in enumerate(node.edges):
                if edge.name not in used:
                    at, told = ("nodes", i, "next", j), f"No set of answers takes this edge of “{node.id}”."
                    yield sources[tree.id].diagnostic("dead-edge", at, told, "correct its guard, or remove it.")


class Length(NamedTuple):
    """How many screens lead to an outcome: the fewest and the most; and the most answers that must be given."""

    tree: str
    outcome: str
    fewest: int
    most: int
    answers: int


class Overrun(NamedTuple):
    """An outcome that takes more screens, or more answers, than a budget of its tree allows."""

    budget: int
    outcome: str
    screens: int
    answers: int


def overruns(tree: Tree) -> list[Overrun]:
    """Where ways are longer than the budgets of the tree allow."""
    return [
        Overrun(i, length.outcome, length.most, length.answers)
        for i, budget in enumerate(tree.library.trees[tree.id].budget)
        for length in lengths(tree, budget.where)
        if length.most > budget.screens or length.answers > budget.answers
    ]


def lengths(tree: Tree, where: Mapping[str, tuple[str, ...]]) -> Iterator[Length]:
    """The way to each outcome that journeys reach which give some facts one of these answers, and take no offer up:
    what is offered is optional."""
    facts = tree.library.facts
    only: dict[str, list[Value]] = {
        name: [(value,) if facts[name].kind == "any_of" else value for value in values]
        for name, values in where.items()
    }
    offers = {ask.fact for step in tree.steps.values() for ask in step.asks if ask.offered}
    offers |= {fact.id for fact in facts.values() if fact.kind == "offer"}

    def domain(fact: Fact) -> list[Value] | None:
        return only.get(fact.id, [fact.default] if fact.id in offers else None)

    found = explore(Liveness(tree), domain)
    for step in tree.ends:
        if found.predecessors[step.key]:
            yield Length(tree.id, step.node.id, *found.length_to(step))


@dataclass(frozen=True)
class Structure:
    """What can be reached in a tree: how many states, which edges by their names, how many screens to each outcome.

    A faulty one has gaps, overlaps or guards that read what was never asked; then the lengths are left out.
    """

    states: int
    used: frozenset[str]
    lengths: tuple[Length, ...]
    overruns: tuple[Overrun, ...]
    faulty: bool


def structure_of(tree: Tree) -> Structure:
    """The Structure of a tree."""
    found = space_of(tree)
    faulty = bool(found.faults)
    measured = ((), ()) if faulty else (tuple(lengths(tree, {})), tuple(overruns(tree)))
    return Structure(found.states, frozenset(found.used), *measured, faulty)


def check_lengths(overruns: Iterable[Overrun], source: Source, data: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """Outcomes that take more screens or answers than their budget."""
    for one in overruns:
        budget = data["budget"][one.budget]
        told = f"“{one.outcome}” can take {one.screens} screens and {one.answers} answers; "
        told += f"the budget is {budget['screens']} and {budget['answers']}."
        fix = "put questions that belong together on one screen, or leave out what can no longer matter."
        yield source.diagnostic("too-long", ("budget", one.budget), told, fix)
