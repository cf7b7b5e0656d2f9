"""Reachable: what can be reached in a tree with its calls in place, and what is wrong at a state of it.

Knows the engine's state space and where in the authored data a fault of it has its place; refuses to know files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from macros.authoring.sources.diagnostics import Diagnostic, Source
from macros.authoring.sources.places import At
from macros.engine.analysis.state_space import GuardFault, Liveness, StateSpace, explore
from macros.engine.model.library import Library, TreeData
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
) -> list[Diagnostic]:
    """Gaps, overlaps and guards that read what was never asked, at each reachable state of a tree."""
    return [_structural(fault, found, sources, data) for fault in found.faults]


def _structural(
    fault: GuardFault, found: StateSpace, sources: Mapping[str, Source], data: Mapping[str, Mapping[str, Any]]
) -> Diagnostic:
    tree, node = fault.step.tree, fault.step.node
    if fault.step.is_end or node.kind == "outcome":  # an outcome of a called tree: the caller's edges are at fault
        tree, node = _caller(found, fault.step.key)
    index = [n["id"] for n in data[tree]["nodes"]].index(node.id)
    told = said(found.liveness.tree.library, fault.answers)
    if fault.kind == "gap":
        path: At = ("nodes", index, "next")
        return sources[tree].diagnostic(
            "gap", path, f"No edge of “{node.id}” holds when {told}.", "add an edge for this, or widen one."
        )
    if fault.kind == "overlap":
        position = int(fault.edges[1].rsplit("/", 1)[1]) - 1
        names = " and ".join(f"next/{int(edge.rsplit('/', 1)[1]) - 1}" for edge in fault.edges)
        return sources[tree].diagnostic(
            "overlap",
            ("nodes", index, "next", position),
            f"Several edges of “{node.id}” hold ({names}) when {told}.",
            "narrow one of them: exactly one edge may hold.",
        )
    fix = f"ask “{fault.fact}” on every path to here, or narrow the guard to the paths that ask it."
    return sources[tree].diagnostic(
        "never-asked",
        ("nodes", index),
        f"“{node.id}” reads “{fault.fact}”, which was never asked when {told}.",
        fix,
    )


def _caller(found: StateSpace, key: str) -> tuple[str, Any]:
    step = found.liveness.tree.steps[key.rsplit(".", 1)[0]] if "." in key else found.liveness.tree.steps[key]
    return step.tree, step.node


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


def check_dead_edges(used: set[str], trees: Iterable[TreeData], sources: Mapping[str, Source]) -> list[Diagnostic]:
    """Edges that no set of answers takes, in any tree that leads to them."""
    return [
        sources[tree.id].diagnostic(
            "dead-edge",
            ("nodes", i, "next", j),
            f"No set of answers takes this edge of “{node.id}”.",
            "correct its guard, or remove it.",
        )
        for tree in trees
        for i, node in enumerate(tree.nodes)
        for j, edge in enumerate(node.edges)
        if edge.name not in used
    ]


@dataclass(frozen=True)
class Length:
    """How many screens lead to an outcome: the fewest, the most, and how many there may be."""

    tree: str
    outcome: str
    fewest: int
    most: int
    budget: int | None


def lengths(tree: Tree) -> list[Length]:
    """The screens to each outcome of a tree, with no offer taken up: what is offered is optional."""
    facts = {fact.id: [fact.default] for fact in tree.library.facts.values() if fact.kind == "offer"}
    found = explore(Liveness(tree), lambda fact: facts.get(fact.id))
    budget = dict(tree.library.trees[tree.id].budget)
    return [
        Length(tree.id, step.node.id, *found.screens_to(step), budget.get(step.node.id, budget.get("*")))
        for step in tree.ends
        if found.predecessors[step.key]
    ]


@dataclass(frozen=True)
class Structure:
    """What can be reached in a tree: how many states, which edges by their names, how many screens to each outcome.

    A faulty one has gaps, overlaps or guards that read what was never asked; then the lengths are left out.
    """

    states: int
    used: frozenset[str]
    lengths: tuple[Length, ...]
    faulty: bool


def structure_of(tree: Tree) -> Structure:
    """The Structure of a tree."""
    found = space_of(tree)
    faulty = bool(found.faults)
    return Structure(found.states, frozenset(found.used), () if faulty else tuple(lengths(tree)), faulty)


def check_lengths(lengths: Iterable[Length], source: Source, data: Mapping[str, Any]) -> list[Diagnostic]:
    """Outcomes that take more screens than their budget."""
    ids = [node["id"] for node in data["nodes"]]
    return [
        source.diagnostic(
            "too-long",
            ("nodes", ids.index(length.outcome)),
            f"“{length.outcome}” can take {length.most} screens; its budget is {length.budget}.",
            "put questions that belong together on one screen, or leave out what can no longer matter.",
        )
        for length in lengths
        if length.budget is not None and length.most > length.budget
    ]
