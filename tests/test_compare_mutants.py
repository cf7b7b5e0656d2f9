"""A comparison tells of a spoiled tree exactly if a reader could see the difference: on a screen, or in a result."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

import pytest

from macros.authoring.compare.difference import TreeDiff, Weight
from macros.authoring.compare.edition import edition_of, read_decisions, trees_of
from macros.authoring.load import version_of
from macros.authoring.mutation.mutants import Lookups, Mutant, mutants_of
from macros.authoring.mutation.mutate import key, read_harmless
from macros.engine.api import start
from macros.engine.model.tree import Tree
from macros.engine.model.walk import walk
from tests.trees import ROOT, published

Tables = dict[str, Any]
EACH = 3
"""Mutants of each operator that are tried."""
JOURNEYS = 12
"""Sets of answers by which two versions that should not differ are held against each other."""


@cache
def tables() -> Tables:
    return dict(read_decisions(ROOT).tables)


@cache
def mutants() -> list[Mutant]:
    known = tables()
    clauses = [one["id"] for one in json.loads((ROOT / "decision_trees" / "source-clauses.json").read_text("utf-8"))]
    lookups = Lookups(known["facts"], known["quantities"], clauses)
    return [mutant for tree in known["trees"].values() for mutant in mutants_of(tree, lookups)]


def tried() -> list[Mutant]:
    """Some mutants of each operator, the same in every run."""
    dice, found = Random(22), []
    for operator in dict.fromkeys(mutant.operator for mutant in mutants()):
        mine = [mutant for mutant in mutants() if mutant.operator == operator]
        found += dice.sample(mine, min(EACH, len(mine)))
    return found


def listed_as_harmless() -> list[Mutant]:
    harmless = read_harmless(ROOT)
    return [mutant for mutant in mutants() if key(mutant) in harmless]


def spoiled(mutant: Mutant) -> Tables:
    known = tables()
    return {**known, "trees": {**known["trees"], mutant.tree: mutant.applied(known["trees"][mutant.tree])}}


def comparisons(mutant: Mutant) -> Iterator[TreeDiff]:
    """The comparison of each tool that meets the mutant, where it has neither gaps nor overlaps."""
    before, after = trees_of(tables()), trees_of(spoiled(mutant))
    for id, tree in before.items():
        if mutant.tree in {step.tree for step in tree.steps.values()}:
            found = TreeDiff((tree, after[id]))
            if found.after and found.after.sound:
                yield found


class Pages:
    """What a reader of one version sees."""

    def __init__(self, known: Tables) -> None:
        trees = trees_of(known)
        bundle = {**published().bundle(), **known, "version": version_of(tables())}
        self.respond, self.trees = start(json.dumps(bundle)), trees

    def seen(self, tree: str, given: dict[str, Any]) -> list[str]:
        """Every screen of a journey, and its result. A form is filled in with what its answers open on it."""
        answers: dict[str, Any] = {}
        found = []
        while True:
            told = json.loads(self.respond(json.dumps({"tree": tree, "answers": answers})))
            found.append(re.sub(r' data-edge="[^"]*"', "", told["html"]))  # a place among edges, which nobody sees
            journey = walk(self.trees[tree], answers)
            if journey.state != "asking":
                tapped = {fact: given[fact] for fact in journey.offers if fact in given and fact not in answers}
                if not tapped:
                    return found
                answers |= tapped
                continue
            wanted = (*journey.screens[-1].facts, *journey.screens[-1].beside) if journey.screens else ()
            new = {fact: given.get(fact, "") for fact in wanted if fact not in answers}
            if not new:
                return found
            answers |= {fact: list(value) if isinstance(value, tuple) else value for fact, value in new.items()}
            answers |= {fact: value for fact, value in given.items() if facts()[fact]["kind"] == "offer"}


@cache
def as_it_is() -> Pages:
    return Pages(tables())


def facts() -> dict[str, Any]:
    found: dict[str, Any] = tables()["facts"]
    return found


def any_answers(tree: Tree, dice: Random) -> dict[str, Any]:
    """Some answer to every question of a tree."""
    found: dict[str, Any] = {}
    for name in tree.facts():
        fact = tree.library.facts[name]
        if fact.kind == "any_of":
            options = [v for v in fact.values if v not in fact.exclusive]
            found[name] = (
                [dice.choice(fact.exclusive)] if dice.random() < 0.4 else [v for v in options if dice.random() < 0.5]
            )
            found[name] = found[name] or [options[0]]
        else:
            found[name] = dice.choice(fact.answers_where(offered=False)) if fact.values else ""
    return found


@pytest.mark.parametrize("mutant", tried(), ids=lambda m: f"{m.operator}: {m.place}: {m.what}")
def test_what_a_reader_could_see_is_told_and_nothing_else(mutant: Mutant) -> None:
    before, after = as_it_is(), Pages(spoiled(mutant))
    for found in comparisons(mutant):
        id = found.tree.id
        for group in found.groups:
            example = found.example(group.where)
            if group.kind == "leads":  # it is seen by those who know more: another group
                assert any(one.weight is not Weight.WORDS for one in found.groups)
                continue
            assert before.seen(id, dict(example.given[0])) != after.seen(id, dict(example.given[1])), group.key
        dice, changed = Random(1), found.d.no
        for group in found.groups:
            changed = found.d.either(changed, group.where)
        for _ in range(JOURNEYS):
            given = {id: value for tree in found.trees if tree for id, value in any_answers(tree, dice).items()}
            place = [
                question.index(1 if question.facts[1] else 0, tuple(v) if isinstance(v := given[id], list) else v)
                for id, question in found.questions.items()
            ]
            if not found.d.at_place(changed, place):
                assert before.seen(id, given) == after.seen(id, given)


def test_what_is_listed_as_harmless_changes_nothing() -> None:
    listed = listed_as_harmless()
    assert len(listed) == len(read_harmless(ROOT))
    for mutant in listed:
        assert [group.key for found in comparisons(mutant) for group in found.groups] == [], mutant.place


def test_an_edition_comes_to_what_the_trees_come_to() -> None:
    edition = edition_of(tables())
    for id, tree in trees_of(tables()).items():
        assert TreeDiff((tree, edition.trees[id])).groups == []
