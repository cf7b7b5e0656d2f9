"""Every screen that the trees can show, and the states it can be in: derived from the engine, not listed by hand.

A screen is a node with the facts it asks, for one node can ask some or all of its facts; an outcome asks none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from macros.engine.analysis.state_space import SOME_TIME, Liveness, explore
from macros.engine.model.library import Fact
from macros.engine.model.tree import Tree
from macros.engine.model.walk import Journey, walk
from tests.trees import published

Answers = dict[str, Any]

OUTCOME = "outcome"
ASKING = "asking"
ERROR = "error"  # the form was sent empty
CHANGING = "changing"  # an answered question is shown again
ANSWERS = "answers open"
DIALOG = "restart dialog"
WAITING = "waiting"
UNAVAILABLE = "unavailable"
UNFOLDED = "all unfolded"  # at a result: its clauses, what would change it, and all else that is folded away
OPENED = "record opened"  # at a result that a saved record led to
REFUSED = "record refused"  # at the first question, where a file was no record


@dataclass(frozen=True, order=True)
class Screen:
    """A node of a tool as a reader meets it: with the facts it asks, or none at an outcome."""

    tool: str
    node: str
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, order=True)
class Pair:
    """A screen in a state."""

    screen: Screen
    state: str


@dataclass(frozen=True)
class Walk:
    """Answers that lead a tool from its first screen to an outcome, and the screens on the way."""

    tool: str
    answers: Answers = field(hash=False)
    screens: tuple[Screen, ...]


@cache
def walks(tool: str) -> tuple[Walk, ...]:
    """A walk to every end of a tool that explore finds; and one by each screen it finds that lies on none of those."""
    return tuple(_walks(published().trees[tool]))


def _walks(tree: Tree) -> Iterator[Walk]:
    found = explore(Liveness(tree))
    met: set[Screen] = set()
    ways = [(key, found.answers_to(key, state)) for key, states in found.predecessors.items() for state in states]
    for _, answers in sorted(ways, key=lambda way: not tree.steps[way[0]].is_end):
        journey = walk(tree, answers)
        if met.issuperset(screens_of(journey)):
            continue
        whole = to_an_outcome(tree, answers)
        yield Walk(tree.id, whole, screens_of(walk(tree, whole)))
        met.update(screens_of(walk(tree, whole)))


def to_an_outcome(tree: Tree, answers: Mapping[str, Any]) -> Answers:
    """The answers, and to whatever is asked after them the last option."""
    given = dict(answers)
    journey = walk(tree, given)
    while journey.state == "asking":
        for fact in journey.screens[-1].facts:
            if fact not in journey.answers:
                given[fact] = last_option(tree.library.facts[fact])
        journey = walk(tree, given)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}


def last_option(fact: Fact) -> Any:
    """The last of a fact's options, which is "not known" where there is one; else a time, or some text."""
    if fact.kind == "text":
        return "Some words"
    if not fact.values:
        return SOME_TIME
    return [fact.values[-1]] if fact.kind == "any_of" else fact.values[-1]


def screens_of(journey: Journey) -> tuple[Screen, ...]:
    """The screens of a journey, its outcome included."""
    steps = published().trees[journey.tree].steps
    asked = []
    for screen in journey.screens:
        shown = {*screen.facts, *screen.beside}  # a form shows as well what its other answers may ask for
        asks = tuple(ask.fact for ask in steps[screen.step].asks if ask.fact in shown)
        asked.append(Screen(journey.tree, screen.step, asks))
    return (*asked, Screen(journey.tree, journey.step)) if journey.outcome else tuple(asked)


@cache
def reachable(tool: str) -> frozenset[Pair]:
    """Every pair of a screen and a state that a tool can reach."""
    return frozenset(pair for walk in walks(tool) for pair in pairs_of(walk))


def pairs_of(walk: Walk) -> Iterator[Pair]:
    """The pairs that a reader can bring about on one walk."""
    facts = published().library.facts
    for n, screen in enumerate(walk.screens):
        yield Pair(screen, ASKING if screen.asks else OUTCOME)
        yield from (Pair(screen, state) for state in (WAITING, UNAVAILABLE))
        if any(facts[name].kind != "text" for name in screen.asks):  # what is written may be left out
            yield Pair(screen, ERROR)
        if screen.asks:
            yield Pair(screen, CHANGING)
        else:
            yield from (Pair(screen, state) for state in (UNFOLDED, OPENED))
        if n == 0:
            yield Pair(screen, REFUSED)
        if n:  # before the first answer there is none to show or to lose
            yield from (Pair(screen, state) for state in (ANSWERS, DIALOG))


def shortest_cover(tool: str) -> tuple[Walk, ...]:
    """Few walks that together pass every screen of a tool: each time the one that passes most that are new."""
    left = {screen for walk in walks(tool) for screen in walk.screens}
    chosen = []
    while left:
        best = max(walks(tool), key=lambda walk: (len(left.intersection(walk.screens)), -len(walk.screens)))
        chosen.append(best)
        left.difference_update(best.screens)
    return tuple(chosen)
