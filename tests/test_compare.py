"""Comparing two versions: what is told is true of exactly the answers that it is told of, by trying them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from random import Random
from typing import Any

import pytest

from macros.authoring.compare.answers import AFTER, BEFORE, Renamed, standing_of
from macros.authoring.compare.behaviour import UNTOLD
from macros.authoring.compare.conditions import condition
from macros.authoring.compare.difference import Group, TreeDiff
from macros.authoring.mutation.mutants import Lookups, mutants_of
from macros.engine.analysis.outlook import Conclusion, open_answers, settle
from macros.engine.model.guards import Value
from macros.engine.model.library import read_library
from macros.engine.model.tree import CycleFound, Tree, inline
from macros.engine.model.walk import walk
from tests.trees import grown

Data = dict[str, Any]
Keys = set[tuple[str, str, Any, Any]]
SEEDS = range(60)
BY_TRYING = ("level", "quantity", "result", "end", "settled", "could-be", "asked", "answers")
"""Kinds of groups whose members can be told from what two journeys come to."""


def tree_of(data: Data) -> Tree:
    return inline(read_library(data), "whole")


def versions(seed: int, rich: bool = False) -> Iterator[Data]:
    """Other versions of a grown tree: spoiled at a few places, and with its answers and questions changed.

    A rich one is spoiled alone, but at each place where a "no" is opened as well.
    """
    data, dice = grown.grown_data(seed, rich), Random(seed)
    lookups = Lookups(data["facts"], data["quantities"], [])
    mutants = [
        m for tree in data["trees"].values() for m in mutants_of(tree, lookups) if m.operator != "clause swapped"
    ]
    opening = [m for m in mutants if rich and m.operator == "opening of a question dropped"]
    for mutant in [*dice.sample(mutants, min(6, len(mutants))), *opening]:
        tree = mutant.applied(data["trees"][mutant.tree])
        yield {**data, "trees": {**data["trees"], mutant.tree: tree}}
    if rich:
        return
    yield with_option(data, dice)
    yield without_option(data, dice)


def with_option(data: Data, dice: Random) -> Data:
    """The version in which a question has one more answer, which counts like another of its answers."""
    fact = dice.choice([id for id, one in data["facts"].items() if one.get("options")])
    like = dice.choice([option["value"] for option in data["facts"][fact]["options"] if option["value"] != "not_known"])
    new = {"value": "more", "text": "more", **({"exclusive": True} if like == "none" else {})}
    facts = {**data["facts"], fact: {**data["facts"][fact], "options": [*data["facts"][fact]["options"], new]}}

    def also(part: Any) -> Any:
        if isinstance(part, Mapping):
            return {k: _also(v, like) if k == fact else also(v) for k, v in part.items()}
        return [also(one) for one in part] if isinstance(part, list) else part

    return {**data, "facts": facts, "trees": also(data["trees"])}


def _also(body: Any, like: str) -> Any:
    if isinstance(body, Mapping):
        return {k: [*v, "more"] if k == "any" and like in v else v for k, v in body.items()}
    return [*body, "more"] if isinstance(body, list) and like in body else body


def without_option(data: Data, dice: Random) -> Data:
    """The version in which an answer is called something else."""
    fact = dice.choice([id for id, one in data["facts"].items() if one.get("options")])
    old = dice.choice([option["value"] for option in data["facts"][fact]["options"]][:1])

    def renamed(part: Any) -> Any:
        if isinstance(part, Mapping):
            return {k: renamed(v) for k, v in part.items()}
        if isinstance(part, list):
            return [renamed(one) for one in part]
        return "other" if part == old else part

    facts = {**data["facts"], fact: renamed(data["facts"][fact])}
    trees = {id: _within(tree, fact, renamed) for id, tree in data["trees"].items()}
    return {**data, "facts": facts, "trees": trees}


def _within(part: Any, fact: str, change: Any) -> Any:
    if isinstance(part, Mapping):
        return {k: change(v) if k == fact else _within(v, fact, change) for k, v in part.items()}
    return [_within(one, fact, change) for one in part] if isinstance(part, list) else part


@cache
def compared(seed: int, rich: bool = False) -> list[TreeDiff]:
    """The comparisons of a grown tree with those of its other versions that have no gaps and no overlaps."""
    before, found = tree_of(grown.grown_data(seed, rich)), []
    for data in versions(seed, rich):
        try:
            one = TreeDiff((before, tree_of(data)))
        except CycleFound:
            continue
        if one.after and one.after.sound:
            found.append(one)
    return found


def answers(found: TreeDiff) -> Iterator[tuple[Mapping[str, Value], tuple[int, ...]]]:
    """Every set of answers to all questions of both versions, and where it stands among those told apart."""
    ways = []
    for question in found.questions.values():
        known: dict[Value, int] = {}
        for side in (AFTER, BEFORE):
            fact = question.facts[side]
            for value in grown.answers_to(fact) if fact else ():
                known.setdefault(value, place_of(found, question.id, side, value))
        ways.append(list(known.items()))
    for chosen in product(*ways):
        yield dict(zip(found.ids, (value for value, _ in chosen), strict=True)), tuple(i for _, i in chosen)


def place_of(found: TreeDiff, id: str, side: int, value: Value) -> int:
    """The number of an answer, told by what each version makes of it, not by the comparison's own way to number it."""
    question = found.questions[id]
    facts = question.facts

    def told(values: tuple[Value | None, Value | None]) -> list[Any]:
        return [
            (
                v is not None,
                standing_of(facts[s], v, question.opened),
                *(v is not None and a.holds(v) for a in question.read[s]),
            )  # type: ignore[union-attr]
            for s, v in enumerate(values)
        ]

    def in_version(s: int) -> Value | None:
        fact = facts[s]
        if fact is None:
            return value
        options = (value,) if isinstance(value, str) else value
        return value if all(one in fact.values for one in options) or not fact.values else None

    here = told((in_version(BEFORE), in_version(AFTER)))
    return next(i for i, same in enumerate(question.answers) if told(same.given) == here)


def ended(tree: Tree, given: Mapping[str, Value]) -> Conclusion | None:
    """What a version comes to; None if it has no such answers."""
    known = {}
    for id, value in given.items():
        fact = tree.library.facts.get(id)
        options = (value,) if isinstance(value, str) else value
        if (fact and all(one in fact.values for one in options)) or (fact and not fact.values):
            known[id] = value
    journey = walk(tree, known)
    missing = [id for id in journey.answers if id not in known]
    return None if missing else settle(tree, journey)


Row = tuple[int, int]


def row(ended: Conclusion) -> Row:
    """The level and the police contact that a journey comes to."""
    return ended.level or 0, ended.floors["police"]


def always_told(conclusions: list[Conclusion]) -> dict[Row, set[str]]:
    """The results that everybody is told who comes to a level and a police contact."""
    found: dict[Row, set[str]] = {}
    for one in conclusions:
        said = set(one.said_on_the_way)
        found[row(one)] = found.get(row(one), said) & said
    return found


def expected(
    before: Conclusion | None, after: Conclusion | None, always: tuple[dict[Row, set[str]], dict[Row, set[str]]]
) -> Keys:
    """What must be told of a set of answers, from what the two versions come to, and what each always tells."""
    if before is None or after is None:
        return {("answers", "new", None, None)} if after else {("answers", "gone", None, None)} if before else set()
    level, police = [(one.level or 0) for one in (before, after)], [one.floors["police"] for one in (before, after)]
    keys: Keys = set()
    if level[0] != level[1]:
        keys.add(("level", "level", *level))
    if police[0] != police[1]:
        keys.add(("quantity", "police", *police))
    calm = not keys
    said = [{id for id in one.said_on_the_way if not id.startswith("police-")} for one in (before, after)]
    less, more = said[0] - said[1], said[1] - said[0]
    keys |= {("result", id, True, False) for id in less if calm or id in always[0].get(row(after), ())}
    keys |= {("result", id, False, True) for id in more if calm or id in always[1].get(row(before), ())}
    if calm:
        asked = [set(one.answers) for one in (before, after)]
        keys |= {("asked", id, True, False) for id in asked[0] - asked[1]}
        keys |= {("asked", id, False, True) for id in asked[1] - asked[0]}
        if before.outcome.id != after.outcome.id:
            keys.add(("end", "", before.outcome.id, after.outcome.id))
    if level[0] == level[1]:
        was, now = set(before.could_be), set(after.could_be)
        highest = "lower" if max(now) < max(was) else "higher" if max(now) > max(was) else "same"
        if before.settled != after.settled:
            keys.add(("settled", highest, before.settled, after.settled))
        elif not after.settled and was != now:
            how = "more" if was < now else "fewer" if now < was else "others"
            keys.add(("could-be", f"{how}, {highest}", None, None))
    return keys


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_told_holds_for_exactly_the_answers_it_is_told_of(seed: int) -> None:
    for found in compared(seed):
        before, after = found.trees
        assert before
        assert after
        groups = [group for group in found.groups if group.kind in BY_TRYING]
        tried = [(given, place, ended(before, given), ended(after, given)) for given, place in answers(found)]
        always = tuple(always_told([one[n] for one in tried if one[n]]) for n in (2, 3))
        for given, place, was, now in tried:
            told = {group.key for group in groups if found.d.at_place(group.where, place)}
            assert told == expected(was, now, (always[0], always[1])), given


@pytest.mark.parametrize(("seeds", "rich"), [(range(30), False), (range(100, 140), True)])
def test_open_answers_named_otherwise_are_told_and_so_is_what_is_open_and_leads_to_another_level(
    seeds: range, rich: bool
) -> None:
    """Held against what the engine names. No other list is missed; a question is told of exactly if it differs itself;
    `leads` holds for exactly those who, once they know some of what is open, or all, come to another level."""
    seen: Counter[str] = Counter()
    for found in (one for seed in seeds for one in compared(seed, rich)):
        before, after = (tree for tree in found.trees if tree)
        tried = [(given, place, ended(before, given), ended(after, given)) for given, place in answers(found)]
        moved = [given for given, _, *both in tried if len({one and (one.level or 0) for one in both}) > 1]
        for given, place, was, now in tried:
            if not was or not now or (was.level or 0, was.could_be) != (now.level or 0, now.could_be):
                continue
            told = {group.key for group in found.groups if found.d.at_place(group.where, place)}
            sides = (before, was), (after, now)
            leads = not was.settled and any(finds_out(*side, given, other) for side in sides for other in moved)
            assert (("leads", "", None, None) in told) == leads
            listed = [{} if was.settled else {a.fact: a.alone or 0 for a in open_answers(*side)} for side in sides]
            assert told or listed[0] == listed[1], given
            for _, id, *values in (key for key in told if key[0] == "named"):
                assert [one.get(id, UNTOLD) for one in listed] == values
                seen["named"] += 1
            seen.update({"leads": leads, "differ": listed[0] != listed[1]})
    assert seen["leads"] > 0
    assert not rich or min(seen["differ"], seen["named"]) > 0


def finds_out(tree: Tree, ended: Conclusion, given: Mapping[str, Value], other: Mapping[str, Value]) -> bool:
    """Whether a journey's answers may turn out to be others, once some of what is open is known, or all."""

    def can_be(id: str, value: Value) -> bool:
        fact = tree.library.facts[id]
        if id in ended.answers and (other[id] == value or (id not in grown.open_in(ended) and value != "unsaid")):
            return other[id] == value
        known = other[id] == fact.default if fact.kind == "offer" else other[id] not in grown.NEVER
        return known and other[id] in grown.answers_to(fact)

    return all(can_be(id, value) for id, value in given.items())


@pytest.mark.parametrize("seed", SEEDS)
def test_a_count_is_of_the_answers_that_can_be_told_apart(seed: int) -> None:
    for found in compared(seed):
        before, after = found.trees
        assert before
        assert after
        members: dict[Group, set[tuple[int, ...]]] = {group: set() for group in found.groups if group.kind != "answers"}
        shortest = dict.fromkeys(members, 10**9)
        for given, place in answers(found):
            journeys = [ended(tree, given) for tree in (before, after)]
            asked = {id for one in journeys if one for id in one.answers}
            shown = tuple(i if id in asked else -1 for id, i in zip(found.ids, place, strict=True))
            for group in members:
                if found.d.at_place(group.where, place):
                    members[group].add(shown)
                    shortest[group] = min(shortest[group], len(asked))
        for group, those in members.items():
            assert found.sets(group.where) == len(those)
            example = found.example(group.where)
            assert found.d.at_place(group.where, example.place)
            assert len({*example.given[0], *example.given[1]}) == shortest[group]


def test_both_directions_tell_the_same_and_a_version_does_not_differ_from_itself() -> None:
    for seed in SEEDS:
        for found in compared(seed):
            back = TreeDiff((found.trees[AFTER], found.trees[BEFORE]))
            there = sorted((g.kind, g.about, repr(g.before), repr(g.after), found.sets(g.where)) for g in found.groups)
            again = sorted((g.kind, turned(g), repr(g.after), repr(g.before), back.sets(g.where)) for g in back.groups)
            assert again == there
            assert TreeDiff((found.trees[AFTER], found.trees[AFTER])).groups == []


def turned(group: Group) -> str:
    other = {"new": "gone", "more": "fewer", "lower": "higher"}
    other |= {b: a for a, b in other.items()}
    return ", ".join(other.get(word, word) for word in group.about.split(", "))


def where_holds(found: TreeDiff, part: Mapping[int, Any]) -> int:
    """The answers for which one part of a condition holds, as a function."""
    one = found.d.yes
    for v in sorted(part):
        one = found.d.branch(v, [one if i in part[v] else found.d.no for i in range(found.d.sizes[v])])
    return one


def test_a_condition_holds_for_a_group_and_for_nobody_else() -> None:
    told = 0
    for seed in SEEDS:
        for found in compared(seed):
            d = found.d
            for group in found.groups:
                parts = condition(d, group.where, found.both)
                if parts is None or group.kind == "answers":
                    continue
                told += 1
                whole = d.no
                for part in parts:
                    whole = d.either(whole, where_holds(found, part))
                assert d.both(whole, found.both) == group.where
    assert told > 100


def test_a_condition_among_those_who_were_asked_is_exact() -> None:
    told = 0
    for seed in SEEDS:
        for found in compared(seed):
            d, asked = found.d, found.asked_at_all
            for group in found.groups:
                parts = condition(d, group.where, found.both, (), asked)
                if parts is None or group.kind == "answers":
                    continue
                told += 1
                whole = d.no
                for part in parts:
                    one = where_holds(found, part)
                    for v in part:
                        one = d.both(one, asked[v])
                    whole = d.either(whole, one)
                assert d.both(whole, found.both) == group.where
    assert told > 100


def test_an_answer_that_is_called_otherwise_is_the_same_answer_if_the_map_says_so() -> None:
    for seed in SEEDS:
        data = grown.grown_data(seed)
        other = without_option(data, Random(seed))
        fact = next(id for id in data["facts"] if data["facts"][id] != other["facts"][id])
        old = [option["value"] for option in data["facts"][fact]["options"]]
        new = [option["value"] for option in other["facts"][fact]["options"]]
        pairs = tuple((a, b) for a, b in zip(old, new, strict=True) if a != b)
        trees = tree_of(data), tree_of(other)
        assert TreeDiff(trees, Renamed(answers={fact: pairs})).groups == []


def two_ways(no: Data) -> Data:
    """A tree with one question: yes comes to level 4 and is told “one”, as no comes to what is given."""
    plain = {"because": "So it is.", "basis": "source", "cites": []}
    nodes = [
        {
            "id": "ask",
            "kind": "ask",
            "ask": ["fact"],
            "next": [
                {"if": {"fact": ["yes"]}, "to": "settled", "raise": {"level": 4}, "say": ["one"], **plain},
                {"if": {"fact": ["no", "not_known"]}, "to": "settled", **no, **plain},
            ],
        },
        {"id": "settled", "kind": "outcome", "title": "Settled", "level": "level"},
    ]
    fact = {
        "kind": "one_of",
        "text": "Fact?",
        "domain": "person",
        "cites": [],
        "basis": "source",
        **grown.KINDS["one_of"],
    }
    parts = {"results": grown.RESULTS, "quantities": grown.QUANTITIES, "contacts": {}}
    return {
        "facts": {"fact": fact},
        **parts,
        "trees": {"whole": {"id": "whole", "title": "W", "start": "ask", "nodes": nodes}},
    }


def test_a_result_that_belongs_to_the_new_level_is_missed_and_one_that_goes_with_the_old_is_not() -> None:
    before = tree_of(two_ways({"raise": {"level": 3}, "say": ["one"]}))
    missed = TreeDiff((before, tree_of(two_ways({"raise": {"level": 4}}))))
    assert {("level", "level", 3, 4), ("result", "one", True, False)} <= {group.key for group in missed.groups}
    goes_along = TreeDiff((before, tree_of(two_ways({"raise": {"level": 2}}))))
    assert ("level", "level", 3, 2) in {group.key for group in goes_along.groups}
    assert {group for group in goes_along.groups if group.kind == "result"} == set()
