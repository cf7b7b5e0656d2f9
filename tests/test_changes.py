"""What would change a result, against replaying: each end that is named can be reached, and no other can be."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

import pytest

from macros.engine.analysis.state_space import SOME_TIME, Liveness
from macros.engine.html.what_if import COUNTED, Alternative, end_of, ends_with, others, what_would_change
from macros.engine.model.guards import Value
from macros.engine.model.library import Fact
from macros.engine.model.tree import Tree
from macros.engine.model.walk import Journey, walk
from tests.test_journeys import JOURNEYS
from tests.trees import published

ENDED = [name for name, journey in JOURNEYS.items() if journey["expect"]["state"] == "outcome"]
TRIES = 3


def at_the_end(name: str) -> tuple[Tree, Journey]:
    tree = published().trees[JOURNEYS[name]["tree"]]
    return tree, walk(tree, JOURNEYS[name]["answers"])


@cache
def changes(name: str) -> dict[tuple[str, Value], Alternative]:
    tree, journey = at_the_end(name)
    return {(change.fact, change.value): change for change in what_would_change(tree, journey)}


def completed(tree: Tree, answers: dict[str, Any], random: Random) -> Journey:
    """The journey that these answers lead to, with whatever is asked besides answered at random."""
    for _ in range(60):
        journey = walk(tree, answers)
        if journey.state == "outcome":
            return journey
        asked = next(screen for screen in journey.screens if screen.step == journey.step)
        facts = [tree.library.facts[name] for name in asked.facts]
        open_ = [fact for fact in facts if fact.id not in answers or not_said(fact, answers[fact.id])]
        answers = {**answers, **{fact.id: any_answer(fact, random) for fact in open_}}
    raise AssertionError("a journey without an end")


def not_said(fact: Fact, value: Value) -> bool:
    """Whether it is the value that stands where a fact is only offered: no answer where one must be given."""
    return fact.kind != "offer" and bool(fact.default) and value == fact.default


def any_answer(fact: Fact, random: Random) -> Value:
    if fact.kind == "text":
        return ""
    if fact.kind == "datetime":
        return random.choice([SOME_TIME, *fact.values])
    value = random.choice(fact.answers_where(offered=False))
    return (value,) if fact.kind == "any_of" else value


@pytest.mark.parametrize("name", ENDED)
def test_another_answer_leads_where_it_says_and_nowhere_else(name: str) -> None:
    tree, journey = at_the_end(name)
    random = Random(name)
    for fact, given in journey.answers.items():
        for value in others(tree.library.facts[fact], given):
            said = changes(name).get((fact, value))
            possible = set(said.ends) if said else {end_of(journey)}
            for _ in range(TRIES if said else 1):
                answers = {**journey.answers, fact: value}
                assert end_of(completed(tree, answers, random)) in possible, (fact, value)


@pytest.mark.parametrize("name", ENDED)
def test_every_end_that_is_named_can_be_reached(name: str) -> None:
    tree, journey = at_the_end(name)
    live = Liveness(tree, quantities=COUNTED)
    for fact, value in changes(name):
        for end, answers in ends_with(live, journey, fact, value).items():
            there = walk(tree, answers)
            assert end_of(there) == end
            asked = {name for screen in there.screens for name in screen.facts}
            stays = {
                k: v for k, v in journey.answers.items() if not (k in asked and not_said(tree.library.facts[k], v))
            }
            kept = {k: v for k, v in stays.items() if k != fact and k in answers}
            assert answers == {**answers, **kept, fact: value}, "another answer was changed as well"


def test_what_no_form_shows_is_never_another_answer() -> None:
    for name in ENDED:
        tree, _ = at_the_end(name)
        assert not [at for at in changes(name) if not_said(tree.library.facts[at[0]], at[1])]


def test_nothing_is_said_of_an_answer_that_changes_nothing() -> None:
    for name in ENDED:
        _, journey = at_the_end(name)
        assert not [change for change in changes(name).values() if change.ends == (end_of(journey),)]
