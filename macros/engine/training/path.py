"""The way that a story's answers take through a tool, question by question, and what is still possible after each.

A client of the state space, as the prover is. What is possible after an edge is what any journey can come to that has
taken the same edges so far, whatever it answers from there on. So where a group's answer parts from the procedure is
not written down anywhere: it is the first edge after which that answer can no longer be reached.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..analysis.state_space import Liveness, State, StateSpace, explore
from ..model.guards import Value
from ..model.library import Edge, Node
from ..model.tree import Move, Tree
from ..model.walk import Journey

Ends = frozenset[str]
"""Ids of outcomes."""


@dataclass(frozen=True)
class Taken:
    """An edge taken, and the outcomes that are still possible after it."""

    edge: Edge
    possible: Ends


@dataclass(frozen=True)
class Stop:
    """One question of the way: what it asked, what the story answers, the edges that were then taken.

    `possible` are the outcomes that can still be reached after them.
    """

    step: str
    facts: tuple[str, ...]
    answers: Mapping[str, Value]
    taken: tuple[Taken, ...]
    possible: Ends


class EndsAhead:
    """What each state of a tree can come to. One exploration serves every journey."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.states: StateSpace = explore(Liveness(tree))
        self._ends: dict[tuple[str, State], Ends] = {}
        for key in reversed(tuple(tree.steps)):
            step = tree.steps[key]
            for state in self.states.predecessors[key]:
                ahead = (self._ends[one.move.to, one.to] for one in self.states.transitions.get((key, state), ()))
                self._ends[key, state] = frozenset((step.node.id,)) if step.is_end else frozenset().union(*ahead)

    def possible(self, key: str, states: set[State]) -> Ends:
        """The outcomes that can be reached from any of the states at a step."""
        return frozenset().union(*(self._ends[key, state] for state in states))

    def narrowing(self, moves: tuple[Move, ...]) -> Iterator[Ends]:
        """The outcomes still possible after each move from the start."""
        key, states = self.tree.start, set(self.states.predecessors[self.tree.start])
        for move in moves:
            onward = (one for state in states for one in self.states.transitions.get((key, state), ()))
            states = {one.to for one in onward if one.move == move}
            key = move.to
            yield self.possible(key, states)


def outcomes(tree: Tree) -> tuple[Node, ...]:
    """Everything that a tool can come to, as its tree lists it: the levels first, from the lowest."""
    ends = [step.node for step in tree.ends]
    order = [node.id for node in tree.library.trees[tree.id].nodes]
    return tuple(sorted(ends, key=lambda node: (not node.level, order.index(node.id))))


def path_of(ahead: EndsAhead, journey: Journey) -> tuple[Stop, ...]:
    """The questions of a journey that came to an outcome, in their order."""
    moves = tuple(moves_of(ahead.tree, journey))
    after = list(ahead.narrowing(moves))
    asked = {screen.step: screen for screen in journey.screens}
    stops: list[Stop] = []
    for key, move, possible in zip(journey.passed, moves, after, strict=False):
        if screen := asked.get(key):
            answers = {name: journey.answers[name] for name in screen.facts}
            stops.append(Stop(key, screen.facts, answers, (), possible))
        if stops:  # what comes before the first question decides nothing
            last = stops[-1]
            taken = (*last.taken, Taken(move.edge, possible)) if move.edge else last.taken
            stops[-1] = Stop(last.step, last.facts, last.answers, taken, possible)
    return tuple(stops)


def moves_of(tree: Tree, journey: Journey) -> Iterator[Move]:
    """The moves of a journey from step to step; those into a called tree have no edge."""
    taken = iter(journey.taken)
    for key in journey.passed[:-1]:
        moves = tree.steps[key].moves
        edge = next(taken) if moves[0].edge else None
        yield next(move for move in moves if move.edge == edge)


def parting(path: tuple[Stop, ...], answer: str) -> int | None:
    """The question at which an answer parts from this way; None if the way leads to it."""
    return next((i for i, stop in enumerate(path) if answer not in stop.possible), None)
