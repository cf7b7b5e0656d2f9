"""What the engine works out without walking every journey is what walking every journey gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from macros.engine.analysis.outlook import Conclusion, most_left, settle, would_settle
from macros.engine.analysis.state_space import Liveness, explore
from macros.engine.model.library import Edge, read_library
from macros.engine.model.tree import Tree, inline
from macros.engine.model.walk import walk
from tests.trees import concluded, grown, published

slowly = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
QUANTITIES = ("level", "police")
seeds = st.integers(0, 10**9)


def ends_of(tree: Tree) -> set[tuple[str, tuple[int, ...]]]:
    found = explore(Liveness(tree, quantities=QUANTITIES))
    return {(step.key, state[1]) for step, state in found.ends()}


@slowly
@given(seed=seeds)
def test_a_grown_tree_has_no_defect_and_no_journey_is_stuck(seed: int) -> None:
    tree = grown.tree(seed)
    assert explore(Liveness(tree)).faults == []
    assert {tried.journey.state for tried in grown.try_all(tree)} == {"outcome"}


@slowly
@given(seed=seeds)
def test_explore_finds_exactly_the_ends_and_floors_that_trying_all_answers_finds(seed: int) -> None:
    tree = grown.tree(seed)
    tried = grown.try_all(tree)
    assert ends_of(tree) == {(t.journey.step, tuple(t.journey.floors[q] for q in QUANTITIES)) for t in tried}


@slowly
@given(seed=seeds)
def test_explore_uses_exactly_the_edges_that_trying_all_answers_takes(seed: int) -> None:
    tree = grown.tree(seed)
    assert explore(Liveness(tree)).used == {edge.name for t in grown.try_all(tree) for edge in t.journey.taken}


@slowly
@given(seed=seeds)
def test_the_fewest_and_the_most_screens_to_an_end_are_those_of_some_journey(seed: int) -> None:
    tree = grown.tree(seed)
    found, tried = explore(Liveness(tree)), grown.try_all(tree)
    for end in {t.journey.step for t in tried}:
        screens = [len(t.journey.screens) for t in tried if t.journey.step == end]
        assert found.screens_to(tree.steps[end]) == (min(screens), max(screens))


@slowly
@given(seed=seeds)
def test_the_answers_told_of_a_state_lead_to_that_state(seed: int) -> None:
    tree = grown.tree(seed)
    found = explore(Liveness(tree, quantities=QUANTITIES))
    for step, state in found.ends():
        journey = walk(tree, found.answers_to(step.key, state))
        assert (journey.state, journey.step) == ("outcome", step.key)
        assert tuple(journey.floors[q] for q in QUANTITIES) == state[1]


@slowly
@given(seed=seeds)
def test_could_be_is_what_replaying_every_completion_gives(seed: int) -> None:
    tree = grown.tree(seed)
    tried = grown.try_all(tree)
    for one in tried:
        expected = {other.level for other in grown.completions(tree, tried, one.journey)}
        ended = settle(tree, one.journey)
        assert ended is not None
        assert ended.could_be == tuple(sorted(expected))
        assert ended.settled == (expected == {one.level})


def completed(tree: Tree, known: grown.Answers, answers: grown.Answers) -> Iterator[int]:
    """The levels of every journey that keeps what is known and answers each further question with something known."""
    journey = walk(tree, answers)
    if journey.state == "outcome":
        yield journey.level or 0
        return
    asked = next(fact for fact in journey.screens[-1].facts if fact not in journey.answers)
    fact = tree.library.facts[asked]
    for value in grown.answers_to(fact) if asked not in known else [known[asked]]:
        if not fact.is_not_known(value):
            yield from completed(tree, known, {**answers, asked: value})


@settings(slowly, max_examples=20)
@given(choose=st.data())
def test_could_be_of_the_level_tool_is_what_replaying_every_completion_gives(choose: st.DataObject) -> None:
    tree = published().trees["level"]
    facts = [tree.library.facts[name] for name in tree.facts()]
    open_ones = [fact.id for fact in facts if "not_known" in fact.values]
    unknown = choose.draw(st.sets(st.sampled_from(open_ones), min_size=1, max_size=3))
    answers = {
        fact.id: choose.draw(
            st.sampled_from([v for v in grown.answers_to(fact) if fact.is_not_known(v) == (fact.id in unknown)])
        )
        for fact in facts
    }
    ended = concluded(tree, answers)
    known = {name: value for name, value in ended.answers.items() if name not in ended.not_known}
    assert ended.could_be == tuple(sorted(set(completed(tree, known, known))))


def hangs_on(tree: Tree, journey: Conclusion) -> tuple[str, ...]:
    """What `would_settle` says, one fact after the other: each stays not known while all else becomes known."""
    bearing = [name for name in journey.not_known if "level" in tree.library.facts[name].bears_on]
    known = {name: value for name, value in journey.answers.items() if name not in journey.not_known}

    def outlook(*stay: str) -> set[int]:
        kept = {**known, **{name: journey.answers[name] for name in stay}}
        return set(completed(tree, kept, kept))

    alone = tuple(name for name in bearing if outlook(name) != outlook())
    others = {name: [n for n in journey.not_known if n != name] for name in bearing}
    return alone or tuple(n for n in bearing if outlook(*others[n]) != {journey.level}) or tuple(bearing)


@slowly
@given(seed=seeds)
def test_what_would_settle_a_level_is_found_as_by_looking_at_each_fact_alone(seed: int) -> None:
    tree = grown.tree(seed)
    every = [settle(tree, tried.journey) for tried in grown.try_all(tree)]
    unsettled = [ended for ended in every if ended and not ended.settled and ended.level is not None]
    assume(unsettled)
    for journey in Random(seed).sample(unsettled, min(4, len(unsettled))):
        assert would_settle(tree, journey) == hangs_on(tree, journey)


@settings(slowly, max_examples=8)
@given(choose=st.data())
def test_what_would_settle_the_level_tool_is_found_as_by_looking_at_each_fact_alone(choose: st.DataObject) -> None:
    tree = published().trees["level"]
    facts = [tree.library.facts[name] for name in tree.facts()]
    unknown = choose.draw(
        st.sets(st.sampled_from([f.id for f in facts if "not_known" in f.values]), min_size=1, max_size=3)
    )
    answers = {
        fact.id: choose.draw(
            st.sampled_from([v for v in grown.answers_to(fact) if fact.is_not_known(v) == (fact.id in unknown)])
        )
        for fact in facts
    }
    ended = concluded(tree, answers)
    if not ended.settled and ended.level is not None:
        assert would_settle(tree, ended) == hangs_on(tree, ended)


@slowly
@given(seed=seeds)
def test_no_journey_asks_more_than_the_most_that_is_said_to_be_left(seed: int) -> None:
    tree = grown.tree(seed)
    longest: dict[str, int] = {}
    for one in grown.try_all(tree):
        for n, screen in enumerate(one.journey.screens):
            if not takes_up_after(tree, one, screen.step):
                longest[screen.step] = max(longest.get(screen.step, 0), len(one.journey.screens) - n)
    counted = most_left(tree)
    assert all(screens <= counted[step] for step, screens in longest.items())
    if not any(fact.kind == "offer" for fact in tree.library.facts.values()):
        assert counted == longest


def takes_up_after(tree: Tree, one: grown.Tried, step: str) -> bool:
    """Whether an offer that is made at a step or behind it is taken up."""
    rest = one.journey.passed[one.journey.passed.index(step) :]
    made = [tree.library.facts[ask.fact] for key in rest for ask in tree.steps[key].asks]
    return any(fact.kind == "offer" and one.journey.answers.get(fact.id, fact.default) != fact.default for fact in made)


@pytest.mark.parametrize("id", ["consent", "definition", "level", "missing", "referral"])
def test_the_bundle_carries_what_the_tree_itself_gives(id: str) -> None:
    counted = published().bundle()["most_left"]
    assert counted[id] == most_left(published().trees[id])
    assert read_library(published().bundle()).most_left == counted


def broken(tree: Tree, step: str, edge: int, how: str) -> Tree:
    """The tree with one edge left out, doubled, or without its guard."""
    node = tree.steps[step].node
    edges: list[Edge] = list(node.edges)
    if how == "left out":
        del edges[edge]
    elif how == "doubled":
        edges.append(replace(edges[edge], name=f"{edges[edge].name}-again"))
    else:
        edges[edge] = replace(edges[edge], guard=None)
    data = tree.library.trees[tree.steps[step].tree]
    nodes = tuple(replace(n, edges=tuple(edges)) if n.id == node.id else n for n in data.nodes)
    trees = {**tree.library.trees, data.id: replace(data, nodes=nodes)}
    return inline(replace(tree.library, trees=trees), tree.id)


@slowly
@given(seed=seeds, how=st.sampled_from(["left out", "doubled", "without guard"]))
def test_explore_reports_a_gap_or_an_overlap_exactly_where_some_journey_is_stuck(seed: int, how: str) -> None:
    tree, dice = grown.tree(seed), Random(seed)
    forks = [key for key, step in tree.steps.items() if len(step.node.edges) > 1]
    assume(forks)
    step = dice.choice(forks)
    wrong = broken(tree, step, dice.randrange(len(tree.steps[step].node.edges)), how)
    stuck = {tried.journey.step for tried in grown.try_all(wrong) if tried.journey.state == "stuck"}
    faults = explore(Liveness(wrong)).faults
    assert {fault.step.key for fault in faults} == stuck
    for fault in faults:
        journey = walk(wrong, fault.answers)
        assert (journey.state, journey.step) == ("stuck", fault.step.key)
