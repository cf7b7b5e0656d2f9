"""The answers of two versions side by side: what can be answered in both, and what counts as the same answer.

An answer of one version stands beside that of the other which became of it: the one of the same name, unless
`Renamed` says otherwise. Answers that no guard of either version tells apart are one, but for what they are to
a level that is open. An answer that has no counterpart in a version cannot be given there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from macros.engine.analysis.state_space import SOME_TIME
from macros.engine.model.guards import Atom, HasAll, HasAny, Is, Value, leaves
from macros.engine.model.library import NO, Fact
from macros.engine.model.tree import Tree

Side = int
"""0: the version before, 1: the one after."""
BEFORE, AFTER = 0, 1


@dataclass(frozen=True)
class Renamed:
    """What became of ids: pairs (before, after) of facts, results, and the answers of a fact (by its id after)."""

    facts: tuple[tuple[str, str], ...] = ()
    results: tuple[tuple[str, str], ...] = ()
    answers: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def fact_now(self, side: Side, id: str) -> str:
        """The id in the version after of a fact of a version."""
        return dict(self.facts).get(id, id) if side == BEFORE else id

    def result_now(self, side: Side, id: str) -> str:
        """The same of a result."""
        return dict(self.results).get(id, id) if side == BEFORE else id


AS_BEFORE = Renamed()
"""All ids are what they were."""


@dataclass(frozen=True)
class Choice:
    """One value that may be chosen, by its names before and after; None where a version has none."""

    names: tuple[str | None, str | None]
    exclusive: bool = False


Standing = str
"""What an answer is to a level that is open: "open" itself, a "no" that an edge may open, "known", "never" (something
open never turns out to be it), or "unsaid" (the default of a fact that is only offered)."""
OPEN, SAYS_NO, KNOWN, NEVER, UNSAID = "open", "no", "known", "never", "unsaid"


def standing_of(fact: Fact | None, value: Value | None, opened: bool) -> Standing:
    """What an answer to a fact is to a level that is open. `opened`: whether some edge may open a "no" to it."""
    if fact is None or value is None:
        return KNOWN
    if fact.is_open(value):
        return OPEN
    if fact.default and value == fact.default and fact.kind != "offer":
        return UNSAID
    return NEVER if not fact.completes(value) else SAYS_NO if opened and value in NO else KNOWN


@dataclass(frozen=True)
class Same:
    """Answers that neither version tells apart, with the plainest: before, and after (None: cannot be given there).

    `others` are the rest of them, where a question takes one answer.
    """

    given: tuple[Value | None, Value | None]
    cost: int
    standing: tuple[Standing, Standing] = (KNOWN, KNOWN)
    others: tuple[tuple[Value | None, Value | None], ...] = ()


@dataclass(frozen=True)
class Question:
    """One fact as both versions have it, and its answers, one for each set that neither version tells apart."""

    id: str
    facts: tuple[Fact | None, Fact | None]
    choices: tuple[Choice, ...]
    answers: tuple[Same, ...]
    read: tuple[tuple[Atom, ...], tuple[Atom, ...]] = ((), ())
    """What guards ask of it, before and after."""
    opened: bool = False
    """Whether an edge of either version may open a "no" to it."""

    @property
    def fact(self) -> Fact:
        """The fact as it is now, or as it was."""
        fact = self.facts[AFTER] or self.facts[BEFORE]
        assert fact is not None
        return fact

    def index(self, side: Side, value: Value | None) -> int:
        """The number of the answer that a value given in a version counts as; that of the plainest for no value."""
        if value is None:
            return 0
        fact = self.facts[side]
        assert fact is not None
        told = [atom.holds(value) for atom in self.read[side]]
        for i, same in enumerate(self.answers):
            given = same.given[side]
            if given is None or same.standing[side] != standing_of(fact, value, self.opened):
                continue
            if [atom.holds(given) for atom in self.read[side]] == told:
                return i
        return 0

    def truth(self, side: Side, atom: Atom) -> tuple[bool, ...]:
        """For each answer whether an atom of a version is true of it."""
        return tuple(given is not None and atom.holds(given) for given in (same.given[side] for same in self.answers))


def questions(trees: tuple[Tree, Tree], renamed: Renamed) -> dict[str, Question]:
    """Every question of two versions of a tree by its id now, in an order in which both ask them.

    Where the two orders differ, that of the version after counts.
    """
    read: dict[str, tuple[list[Atom], list[Atom]]] = {}
    opened: set[str] = set()
    found: list[dict[str, Fact]] = []
    for side, tree in enumerate(trees):
        found.append({renamed.fact_now(side, name): tree.library.facts[name] for name in tree.facts()})
        edges = [move.edge for step in tree.steps.values() for move in step.moves if move.edge]
        opened |= {renamed.fact_now(side, fact) for edge in edges for fact in edge.opens}
        for atom in _atoms(tree):
            read.setdefault(renamed.fact_now(side, atom.fact), ([], []))[side].append(atom)
    before, after = found
    return {
        id: _question(id, (before.get(id), after.get(id)), read.get(id, ([], [])), renamed, id in opened)
        for id in _merged(after, before)
    }


def _merged(main: Iterable[str], other: Iterable[str]) -> list[str]:
    """All of `main` in its order, and what only `other` has right behind what stands before it there."""
    merged, known = list(main), set(main)
    last = -1
    for id in other:
        if id in known:
            last = merged.index(id)
        else:
            last += 1
            merged.insert(last, id)
    return merged


def _atoms(tree: Tree) -> Iterator[Atom]:
    guards = [move.edge.guard for step in tree.steps.values() for move in step.moves if move.edge]
    guards += [ask.guard for step in tree.steps.values() for ask in step.asks]
    said = {result for step in tree.steps.values() for move in step.moves if move.edge for result in move.edge.says}
    results = [tree.library.results[id] for id in said if id in tree.library.results]
    guards += [wording.guard for result in results for wording in (*result.wordings, *result.late)]
    for guard in guards:
        for leaf in leaves(guard):
            if isinstance(leaf, Is | HasAny | HasAll):
                yield leaf


def _question(
    id: str,
    facts: tuple[Fact | None, Fact | None],
    read: tuple[list[Atom], list[Atom]],
    renamed: Renamed,
    opened: bool,
) -> Question:
    fact = facts[AFTER] or facts[BEFORE]
    assert fact is not None
    choices = _choices(facts, renamed.answers.get(id, ()))
    many = {one.kind == "any_of" for one in facts if one}
    if len(many) > 1:  # another kind of question: no answer to one is an answer to the other
        answers = [*_alone(facts[BEFORE], BEFORE, read), *_alone(facts[AFTER], AFTER, read)]
    elif fact.kind == "any_of":
        answers = list(_checklist(facts, choices, read))
    else:
        answers = list(_single(facts, choices))
    answers = [replace(same, standing=_standings(facts, same, opened)) for same in answers]
    atoms = tuple(dict.fromkeys(read[BEFORE])), tuple(dict.fromkeys(read[AFTER]))
    told_apart = _distinct(answers, read, len(many) == 1 and fact.kind != "any_of")
    return Question(id, facts, choices, told_apart, atoms, opened)


def _standings(facts: tuple[Fact | None, Fact | None], same: Same, opened: bool) -> tuple[Standing, Standing]:
    before, after = (standing_of(fact, given, opened) for fact, given in zip(facts, same.given, strict=True))
    return before, after


def _choices(facts: tuple[Fact | None, Fact | None], became: Sequence[tuple[str, str]]) -> tuple[Choice, ...]:
    before, after = (list(fact.values) if fact else [] for fact in facts)
    moved = {a for a, _ in became}, {b for _, b in became}
    pairs: list[tuple[str | None, str | None]] = [pair for pair in became if pair[0] in before and pair[1] in after]
    pairs += [(v, v) for v in after if v in before and v not in moved[0] and v not in moved[1]]
    pairs += [(v, None) for v in before if v not in {a for a, _ in pairs}] if facts[AFTER] else []
    pairs += [(None, v) for v in after if v not in {b for _, b in pairs}] if facts[BEFORE] else []
    if facts[BEFORE] is None or facts[AFTER] is None:  # only one version has the question: nothing is amiss
        pairs = [(v, v) for v in (*before, *after)]
    order = {v: i for i, v in enumerate([*before, *after])}
    pairs.sort(key=lambda pair: order[pair[1] or pair[0] or ""])
    alone = tuple(set(fact.exclusive) if fact else set() for fact in facts)
    return tuple(Choice(pair, pair[0] in alone[0] or pair[1] in alone[1]) for pair in pairs)


def _single(facts: tuple[Fact | None, Fact | None], choices: Sequence[Choice]) -> Iterator[Same]:
    fact = facts[AFTER] or facts[BEFORE]
    assert fact is not None
    typed = SOME_TIME if fact.kind == "datetime" else ""
    if fact.kind == "datetime" or not choices:
        yield Same((typed, typed), 0)
    for i, choice in enumerate(choices, 1):
        yield Same(choice.names, i)


def _checklist(
    facts: tuple[Fact | None, Fact | None], choices: Sequence[Choice], read: tuple[list[Atom], list[Atom]]
) -> Iterator[Same]:
    """Option by option, keeping only what some guard can tell: a long list costs no more than a short one."""
    alone = [choice for choice in choices if choice.exclusive]
    for i, choice in enumerate(alone):
        before, after = ((name,) if name is not None else None for name in choice.names)
        yield Same((before, after), i)
    others = [choice for choice in choices if not choice.exclusive]
    tests: set[tuple[Side, frozenset[str | None]]] = {(side, frozenset({None})) for side in (BEFORE, AFTER)}
    for side in (BEFORE, AFTER):
        for atom in read[side]:
            if isinstance(atom, HasAny):
                tests.add((side, frozenset(atom.values)))
            elif isinstance(atom, HasAll):
                tests |= {(side, frozenset({value})) for value in atom.values}
    marks = [frozenset(i for i, (side, of) in enumerate(tests) if choice.names[side] in of) for choice in others]
    partial: dict[frozenset[int], tuple[int, ...]] = {}
    for i, mark in enumerate(marks):
        taken = {mark: (i,), **{told | mark: (*chosen, i) for told, chosen in partial.items()}}
        for told, chosen in sorted(taken.items(), key=lambda item: len(item[1])):
            if told not in partial or len(chosen) < len(partial[told]):
                partial[told] = chosen
    for chosen in partial.values():
        names = [tuple(dict.fromkeys(others[i].names[side] for i in chosen)) for side in (BEFORE, AFTER)]
        given = [None if None in one else tuple(name for name in one if name) for one in names]
        yield Same((given[0], given[1]), len(alone) + len(chosen))


def _alone(fact: Fact | None, side: Side, read: tuple[list[Atom], list[Atom]]) -> Iterator[Same]:
    """The answers of one version alone."""
    both = (fact, None) if side == BEFORE else (None, fact)
    choices = _choices(both, ())
    found = _checklist(both, choices, read) if fact and fact.kind == "any_of" else _single(both, choices)
    for same in found:
        given: Any = (same.given[0], None) if side == BEFORE else (None, same.given[1])
        yield Same(given, same.cost)


def _distinct(answers: Iterable[Same], read: tuple[list[Atom], list[Atom]], with_others: bool) -> tuple[Same, ...]:
    alike: dict[Any, list[Same]] = {}
    for same in answers:
        told = [
            (value is None, same.standing[side], *(value is not None and atom.holds(value) for atom in read[side]))
            for side, value in enumerate(same.given)
        ]
        alike.setdefault(tuple(map(tuple, told)), []).append(same)
    found = []
    for group in alike.values():
        best, *rest = sorted(group, key=lambda same: same.cost)
        found.append(replace(best, others=tuple(one.given for one in rest)) if with_others else best)
    return tuple(sorted(found, key=lambda same: same.cost))
