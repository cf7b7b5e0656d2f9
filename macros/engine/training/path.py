"""The way that a story's answers take through a tool, question by question, and what is still possible after each.

A client of the state space, as the prover is. What is possible after a question is what any journey can come to that
gives the story's answers so far, whatever it answers next. So where a group's answer parts from the procedure, and by
which of the story's answers, is not written down anywhere: it is the first question after which that answer can no
longer be reached, and the fewest answers on its screen that see to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from ..analysis.state_space import Liveness, explore
from ..model.guards import Value
from ..model.library import FIRMNESS, OPEN, Edge, Fact, Node
from ..model.tree import Tree
from ..model.walk import Journey

Ends = frozenset[str]
"""Ids of outcomes."""
Known = tuple[tuple[str, Value], ...]
"""Some answers, so that they can be a key."""


@dataclass(frozen=True)
class Stop:
    """One question of the way: what it asked, what the story answers, the edges that were then taken.

    `possible` are the outcomes that can still be reached with these answers and those before.
    """

    step: str
    facts: tuple[str, ...]
    answers: Mapping[str, Value]
    edges: tuple[Edge, ...]
    possible: Ends


@dataclass(frozen=True)
class Parting:
    """Where an answer can no longer be reached: the question, and the fewest answers there that see to it.

    `known_by` is how the firmest of them is known, one of FIRMNESS.
    """

    at: int
    facts: tuple[str, ...]
    known_by: str


class EndsAhead:
    """What a tree can come to once some facts are known. Each set of answers is explored once."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._liveness = Liveness(tree)
        self._possible = lru_cache(maxsize=4096)(self._explored)

    def possible(self, known: Mapping[str, Value]) -> Ends:
        """The outcomes that can be reached with these answers, whatever is answered to all else."""
        return self._possible(tuple(sorted(known.items())))

    def _explored(self, known: Known) -> Ends:
        given = dict(known)

        def domain(fact: Fact) -> Iterable[Value] | None:
            return [given[fact.id]] if fact.id in given else None

        return frozenset(step.node.id for step, _ in explore(self._liveness, domain).ends())


def outcomes(tree: Tree) -> tuple[Node, ...]:
    """Everything that a tool can come to, as its tree lists it: the levels first, from the lowest."""
    ends = [step.node for step in tree.ends]
    order = [node.id for node in tree.library.trees[tree.id].nodes]
    return tuple(sorted(ends, key=lambda node: (not node.level, order.index(node.id))))


def path_of(ahead: EndsAhead, journey: Journey) -> tuple[Stop, ...]:
    """The questions of a journey that came to an outcome, in their order."""
    edges = edges_by_question(ahead.tree, journey)
    known: dict[str, Value] = {}
    stops = []
    for screen in journey.screens:
        answers = {name: journey.answers[name] for name in screen.facts}
        known |= answers
        stops.append(Stop(screen.step, screen.facts, answers, tuple(edges[screen.step]), ahead.possible(known)))
    return tuple(stops)


def edges_by_question(tree: Tree, journey: Journey) -> Mapping[str, list[Edge]]:
    """The edges of a journey by the question after which they were taken; those before the first decide nothing."""
    asked = {screen.step: list[Edge]() for screen in journey.screens}
    taken, last = iter(journey.taken), list[Edge]()
    for key in journey.passed[:-1]:
        last = asked.get(key, last)
        if tree.steps[key].moves[0].edge:  # a move into a called tree has none
            last.append(next(taken))
    return asked


def parting(ahead: EndsAhead, path: tuple[Stop, ...], answer: str, known_by: Mapping[str, str]) -> Parting | None:
    """The question at which an answer parts from this way, and what decides; None if the way leads to it.

    `known_by` says of each fact of the way how its answer is known. Of several sets of equally few answers the firmest
    is named: what a story tells is no matter of judgement.
    """
    at = next((i for i, stop in enumerate(path) if answer not in stop.possible), None)
    if at is None:
        return None
    before = {name: value for stop in path[:at] for name, value in stop.answers.items()}
    here = path[at].answers
    for several in _fewest_first([name for name in path[at].facts if name in known_by]):
        deciding = [one for one in several if answer not in ahead.possible({**before, **{f: here[f] for f in one}})]
        if deciding:
            facts = min(deciding, key=lambda names: FIRMNESS.index(_firmest(names, known_by)))
            return Parting(at, facts, _firmest(facts, known_by))
    return Parting(at, path[at].facts, OPEN)


def _fewest_first(names: list[str]) -> Iterator[list[tuple[str, ...]]]:
    """All sets of so many names, from one name up."""
    return (list(combinations(names, size)) for size in range(1, len(names) + 1))


def _firmest(names: Iterable[str], known_by: Mapping[str, str]) -> str:
    return min((known_by[name] for name in names), key=FIRMNESS.index)
