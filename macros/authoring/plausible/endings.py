"""Endings: what answers come to, what they leave open, and whether that truly decides.

What the analysis names as deciding is tried again by walking: two sets of answers that differ in nothing but that one,
with all that is open known, and come to different levels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import TypedDict

from macros.engine.analysis.outlook import Conclusion, OpenAnswer, open_answers, settle
from macros.engine.model.guards import Value
from macros.engine.model.library import Fact
from macros.engine.model.tree import Tree
from macros.engine.model.walk import Journey, walk

Answers = Mapping[str, Value]
MOST_TOGETHER = 4
"""Facts that are tried in every way at once."""


class Named(TypedDict):
    """An open answer that the result names, and what it is open by."""

    fact: str
    cause: str


class Ending(TypedDict):
    """Where answers end.

    `named` are the open answers that the result names, in its order; `idle` those that change no level.
    """

    level: int
    could_be: list[int]
    police: int
    named: list[Named]
    idle: list[str]


class Endings:
    """The ends of a tree, each worked out once for all answers that the level cannot tell apart."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._known: dict[tuple[tuple[str, Value], ...], Ending | None] = {}

    def of(self, answers: Mapping[str, object]) -> Ending | None:
        """Where these answers end; None if they come to no level."""
        journey = walk(self._tree, answers)
        facts = self._tree.library.facts
        key = tuple((fact, value) for fact, value in journey.answers.items() if "level" in facts[fact].bears_on)
        if journey.outcome is None or journey.level is None:
            return None
        if key not in self._known:
            ended = settle(self._tree, journey)
            self._known[key] = _end(self._tree, ended) if ended else None
        return self._known[key]


def settled(end: Ending) -> bool:
    """Whether no known answer in place of an open one would change the level."""
    return end["could_be"] == [end["level"]]


def is_settled(tree: Tree, answers: Answers) -> bool:
    """Whether answers come to a settled end, without what is open in it."""
    ended = settle(tree, walk(tree, answers))
    return ended is not None and ended.settled


def _end(tree: Tree, ended: Conclusion) -> Ending:
    found = () if ended.settled else open_answers(tree, ended)
    return {
        "level": ended.level or 0,
        "could_be": list(ended.could_be),
        "police": ended.floors["police"],
        "named": [{"fact": one.fact, "cause": _cause(ended, one)} for one in found],
        "idle": [fact for fact in ended.open if fact not in {one.fact for one in found}],
    }


def _cause(ended: Conclusion, one: OpenAnswer) -> str:
    """By what an answer is open: the node whose edge opens a “no” (tree/node), or the answer itself (fact=value)."""
    if one.answered_no:
        return next(edge.name.rpartition("/")[0] for edge in ended.taken if one.fact in edge.opens)
    value = ended.answers[one.fact]
    return f"{one.fact}={value if isinstance(value, str) else '+'.join(value)}"


def decides(tree: Tree, answers: Mapping[str, object], fact: str) -> bool:
    """Whether two completions of what is open that differ in this fact alone come to different levels, by walking."""
    ended = walk(tree, answers)
    facts = tree.library.facts
    free = {
        name: _known(facts[name])
        for name in tree.facts()
        if "level" in facts[name].bears_on and (name in ended.open or name not in ended.answers)
    }
    completions = _completions(tree, ended, fact, free)
    return any(_turns(tree, {**ended.answers, **others}, fact, free[fact]) for others in completions)


def _turns(tree: Tree, answers: Answers, fact: str, values: Sequence[Value]) -> bool:
    """Whether the level hangs on one fact, all others being as they are."""
    levels = (walk(tree, {**answers, fact: value}).level for value in values)
    first = next(levels)
    return any(level != first for level in levels)


def _completions(tree: Tree, ended: Journey, fact: str, free: Mapping[str, Sequence[Value]]) -> Iterator[Answers]:
    """Nothing found; then whatever is asked with the fact or because of it, in every way; then so with one other."""
    nothing = {name: _least(tree.library.facts[name], values) for name, values in free.items()}
    yield nothing
    others = [{name: value} for name, values in free.items() if name != fact for value in values]
    for other in ({}, *others):
        base = {**nothing, **other}
        near = [name for name in _asked_with(tree, {**ended.answers, **base}, fact, free) if name not in other]
        for values in product(*(free[name] for name in near)):
            yield {**base, **dict(zip(near, values, strict=True))}


def _asked_with(tree: Tree, answers: Answers, fact: str, free: Mapping[str, Sequence[Value]]) -> list[str]:
    """The other open facts on the screens of a fact, and on those that an answer to it opens."""
    screens = [walk(tree, {**answers, fact: value}).screens for value in free[fact]]
    always = set.intersection(*({screen.step for screen in some} for some in screens))
    found = {
        name: None
        for some in screens for screen in some if fact in screen.facts or screen.step not in always
        for name in screen.facts if name in free and name != fact
    }  # fmt: skip
    return list(found)[:MOST_TOGETHER]


def _known(fact: Fact) -> list[Value]:
    """What a fact may turn out to be; of a checklist one tick at a time."""
    values: list[Value] = [(value,) if fact.kind == "any_of" else value for value in fact.values]
    return [value for value in values if fact.completes(value)]


def _least(fact: Fact, values: Sequence[Value]) -> Value:
    """The answer that brings no more than any other, as far as the fact's order tells."""
    less, more = {lower for lower, _ in fact.order}, {higher for _, higher in fact.order}
    least = less - more
    return next((value for value in values if (value if isinstance(value, str) else value[0]) in least), values[0])
