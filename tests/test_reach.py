"""What the engine works out without walking every journey is what walking every journey gives."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from macros.engine.analysis.outlook import Conclusion, OpenAnswer, open_answers, settle
from macros.engine.analysis.state_space import Liveness, explore
from macros.engine.model.library import Edge
from macros.engine.model.tree import Tree, inline
from macros.engine.model.walk import walk
from tests import second_edition as model
from tests.second_edition import Result
from tests.trees import concluded, grown, published

slowly = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
QUANTITIES = ("level", "police")
seeds = st.integers(0, 10**9)


def ends_of(tree: Tree) -> set[tuple[str, tuple[int, ...]]]:
    found = explore(Liveness(tree, quantities=QUANTITIES))
    return {(step.key, state[1]) for step, state in found.ends()}


@slowly
@given(seed=seeds, rich=st.booleans())
def test_a_grown_tree_has_no_defect_and_no_journey_is_stuck(seed: int, rich: bool) -> None:
    tree = grown.rich(seed) if rich else grown.tree(seed)
    assert explore(Liveness(tree)).faults == []
    assert {tried.journey.state for tried in grown.try_all(tree)} == {"outcome"}


@slowly
@given(seed=seeds, rich=st.booleans())
def test_explore_finds_exactly_the_ends_and_floors_that_trying_all_answers_finds(seed: int, rich: bool) -> None:
    tree = grown.rich(seed) if rich else grown.tree(seed)
    tried = grown.try_all(tree)
    assert ends_of(tree) == {(t.journey.step, tuple(t.journey.floors[q] for q in QUANTITIES)) for t in tried}


@slowly
@given(seed=seeds, rich=st.booleans())
def test_explore_uses_exactly_the_edges_that_trying_all_answers_takes(seed: int, rich: bool) -> None:
    tree = grown.rich(seed) if rich else grown.tree(seed)
    assert explore(Liveness(tree)).used == {edge.name for t in grown.try_all(tree) for edge in t.journey.taken}


@slowly
@given(seed=seeds, rich=st.booleans())
def test_the_fewest_and_the_most_screens_and_answers_to_an_end_are_those_of_some_journey(seed: int, rich: bool) -> None:
    tree = grown.rich(seed) if rich else grown.tree(seed)
    found, tried = explore(Liveness(tree)), grown.try_all(tree)

    def needed(one: grown.Tried) -> int:
        asked = [tree.library.facts[name].kind for screen in one.journey.screens for name in screen.facts]
        return len(asked) - asked.count("text")

    for end in {t.journey.step for t in tried}:
        here = [t for t in tried if t.journey.step == end]
        screens = [len(t.journey.screens) for t in here]
        assert found.length_to(tree.steps[end]) == (min(screens), max(screens), max(map(needed, here)))


@slowly
@given(seed=seeds, rich=st.booleans())
def test_the_answers_told_of_a_state_lead_to_that_state(seed: int, rich: bool) -> None:
    tree = grown.rich(seed) if rich else grown.tree(seed)
    found = explore(Liveness(tree, quantities=QUANTITIES))
    for step, state in found.ends():
        journey = walk(tree, found.answers_to(step.key, state))
        assert (journey.state, journey.step) == ("outcome", step.key)
        assert tuple(journey.floors[q] for q in QUANTITIES) == state[1]


@slowly
@given(seed=seeds, rich=st.booleans())
def test_could_be_is_what_replaying_every_completion_gives(seed: int, rich: bool) -> None:
    tree = grown.rich(seed) if rich else grown.tree(seed)
    tried = grown.try_all(tree)
    for one in tried:
        expected = {other.level for other in grown.completions(tree, tried, one.journey)}
        assert one.journey.open == grown.open_in(one.journey)
        ended = settle(tree, one.journey)
        assert ended is not None
        assert ended.could_be == tuple(sorted(expected))
        assert ended.settled == (expected == {one.level})


def open_ones(tree: Tree, tried: list[grown.Tried], ended: Conclusion) -> list[OpenAnswer]:
    """What `open_answers` says, told by replaying: an open answer counts if two completions that differ in it alone
    come to two levels."""
    whole = list(grown.completions(tree, tried, ended))
    found = []
    for name in grown.open_in(ended):
        levels: dict[tuple[object, ...], set[int]] = {}
        for one in whole:
            rest = tuple(value for fact, value in one.answers.items() if fact != name)
            levels.setdefault(rest, set()).add(one.level)
        if max(map(len, levels.values())) == 1:
            continue
        alone = {one.level for one in grown.completions(tree, tried, ended, [name])}
        says_no = ended.answers[name] in ("no", ("none",))
        highest = max(one.level for one in whole)
        found.append(OpenAnswer(name, says_no, None if alone == {ended.level or 0} else max(alone), highest))
    return sorted(found, key=lambda one: -(one.alone or 0))


@slowly
@given(seed=seeds, rich=st.booleans())
def test_an_open_answer_is_told_exactly_if_it_can_change_the_level_once_the_rest_is_known(
    seed: int, rich: bool
) -> None:
    tree = grown.rich(seed) if rich else grown.tree(seed)
    tried = grown.try_all(tree)
    every = [ended for one in tried if (ended := settle(tree, one.journey)) and not ended.settled]
    assume(every)
    for ended in Random(seed).sample(every, min(6, len(every))):
        assert list(open_answers(tree, ended)) == open_ones(tree, tried, ended)


def test_rich_trees_have_all_that_an_answer_may_be_to_a_level_that_is_open() -> None:
    """So that what replaying shows of them is not shown of nothing."""
    kinds = ("unclear", "never turns out so", "a no that is open", "offered", "beside", "three levels")
    met = dict.fromkeys(kinds, 0)
    for seed in range(200):
        tree = grown.rich(seed)
        facts = tree.library.facts
        for one in grown.try_all(tree):
            ended = settle(tree, one.journey)
            assert ended
            given, unsettled = ended.answers, not ended.settled
            met["unclear"] += unsettled and "unclear" in given.values()
            met["never turns out so"] += unsettled and any("grown" in facts[name].values for name in ended.open)
            met["a no that is open"] += unsettled and any(not facts[name].is_open(given[name]) for name in ended.open)
            met["offered"] += any(facts[name].kind != "offer" for name in ended.offers)
            met["beside"] += any(screen.beside for screen in ended.screens)
            met["three levels"] += len(ended.could_be) > 2
    assert min(met.values()) >= 50, met


MOST_OPEN = 3


def alike(fact: str, answers: list[model.Value]) -> list[model.Value]:
    """One answer for each that some rule of the model tells from the others."""
    if fact not in model.CHECKLISTS:
        return answers
    return list({(model.ticked(a), model.unknown(a), "coerced" in a): a for a in answers}.values())


def deciding(found: Result, name: str) -> set[frozenset[int]]:
    """The sets of levels that the answers to one open fact give by the model, for each completion of the rest."""
    ways = {fact: alike(fact, model.completions(found, fact)) for fact in model.FACTS}
    sets, waiting = set(), [{fact: some[0] for fact, some in ways.items() if len(some) == 1 and fact != name}]
    while waiting:
        answers = waiting.pop()
        levels = set()
        try:
            for value in ways[name]:
                levels.add(model.level_tool({**answers, name: value}).level or 0)
        except model.Unanswered as question:
            waiting += [{**answers, question.fact: answer} for answer in ways[question.fact]]
        else:
            sets.add(frozenset(levels))
    return sets


def test_the_level_tool_names_every_open_answer_that_can_change_the_level() -> None:
    """Held against the literal model, with every completion replayed (property 29)."""
    tree, dice, looked = published().trees["level"], Random(29), 0
    while looked < 16:
        answers = model.random_answers(dice)
        found = model.level_tool(answers)
        if not 2 <= len(found.open) <= MOST_OPEN or found.answers["age"] == model.NK:
            continue
        looked += 1
        some = {"your_role": "engage", "social_care": "no", "looked_after": "no"}
        ended = concluded(tree, {**answers, **some})
        assert ended.open == found.open
        by_model = {name for name in found.open if any(len(levels) > 1 for levels in deciding(found, name))}
        assert {one.fact for one in open_answers(tree, ended)} == by_model, model.plainly(answers)


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
