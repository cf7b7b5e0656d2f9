"""The prover: for each safety property an edit of the published trees that breaks it, and brute force on random trees.

`trees/unsafe.json` lists the edits: a file, a node in it, a place in the node (a JSON Pointer; in the whole tree where
no node is named) and what is put there instead; `what` says it in words. A counterexample counts only if walking it
shows the property broken: to leave a property nothing to speak of is not to break it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from macros.authoring.load import load_project
from macros.authoring.mutation.mutants import put
from macros.authoring.proofs.proofs import Property, Verdict, pairs_of, prove, read_properties
from macros.engine.analysis.state_space import Liveness, explore
from macros.engine.model.guards import Asked, Ends, Floor, Guard, Leaf, Said, evaluate, read_guard
from macros.engine.model.library import read_library
from macros.engine.model.tree import Tree, inline
from macros.engine.model.walk import Journey, walk
from tests.trees import ROOT, grown, published

UNSAFE: list[dict[str, Any]] = json.loads((ROOT / "tests" / "trees" / "unsafe.json").read_text("utf-8"))
NAMES = [f"{entry['property']}-{i}" for i, entry in enumerate(UNSAFE, 1)]
slowly = settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
seeds = st.integers(0, 10**9)


def confirm(journey: Journey) -> Callable[[Leaf], bool]:
    """How the leaves of a property look at the end of a journey: what was not asked is false."""

    def look(leaf: Leaf) -> bool:
        match leaf:
            case Floor(quantity, at_least):
                return journey.floors[quantity] >= at_least
            case Asked(fact):
                return fact in journey.answers
            case Said(results):
                return not set(journey.said_on_the_way).isdisjoint(results)
            case Ends(outcomes):
                return journey.outcome is not None and journey.outcome.id in outcomes
            case _:
                return leaf.fact in journey.answers and leaf.holds(journey.answers[leaf.fact])

    return look


def breaks(property: Property, journey: Journey) -> bool:
    """Whether a journey at its end shows a one-run property broken."""
    look = confirm(journey)
    return bool(evaluate(property.when, look)) and not evaluate(property.require, look)


def height(journey: Journey, quantity: str) -> int:
    if quantity == "level":
        return journey.level or 0
    return journey.floors[quantity]


def ends_lower(property: Property, first: Journey, second: Journey) -> bool:
    """Whether of two journeys the second ends with less of something that must not come out lower."""
    return any(height(second, quantity) < height(first, quantity) for quantity in property.never_lower)


def guard_of(tree: Tree, data: dict[str, Any]) -> Guard:
    return read_guard(data, tree.library.routes())


# ---- each property can fail -------------------------------------------------------------------------------------


def edited(entry: dict[str, Any]) -> Tree:
    """The published tree that an entry speaks of, after its edits."""
    tables = published().tables
    trees = dict(tables["trees"])
    for edit in entry["edits"]:
        id = Path(edit["file"]).stem
        trees[id] = changed(trees[id], edit)
    return inline(read_library({**tables, "trees": trees}), entry["in"])


def changed(tree: dict[str, Any], edit: dict[str, Any]) -> dict[str, Any]:
    """A copy of a tree with an edit made in it."""
    path: list[str | int] = [int(part) if part.isdigit() else part for part in edit["at"].split("/")[1:]]
    if "node" in edit:
        path = ["nodes", [node["id"] for node in tree["nodes"]].index(edit["node"]), *path]
    return put(tree, path, edit["put"])  # type: ignore[no-any-return]


@cache
def properties() -> dict[str, Property]:
    project = published()
    return {p.id: p for p in read_properties(project.tables["safety"], project.library)}


@cache
def verdict_on(number: int) -> tuple[Tree, Verdict]:
    entry = UNSAFE[number]
    tree = edited(entry)
    (verdict,) = prove({entry["in"]: tree}, [properties()[entry["property"]]])
    return tree, verdict


def test_every_safety_property_has_an_edit_that_breaks_it() -> None:
    assert {entry["property"] for entry in UNSAFE} == set(properties())


@pytest.mark.parametrize("entry", UNSAFE, ids=NAMES)
def test_an_edit_changes_a_tree_that_its_tool_goes_through(entry: dict[str, Any]) -> None:
    tables = published().tables["trees"]
    through = {step.tree for step in published().trees[entry["in"]].steps.values()}
    for edit in entry["edits"]:
        tree = tables[Path(edit["file"]).stem]
        assert edit["file"] == f"decision_trees/trees/{tree['id']}.json"
        assert tree["id"] in through
        assert changed(tree, edit) != tree


@pytest.mark.parametrize("entry", UNSAFE, ids=NAMES)
def test_an_edit_that_breaks_a_property_leaves_a_tree_without_other_defects(entry: dict[str, Any]) -> None:
    assert explore(Liveness(edited(entry))).faults == []


@pytest.mark.parametrize("number", range(len(UNSAFE)), ids=NAMES)
def test_the_prover_refutes_a_broken_property_and_walk_confirms_its_counterexample(number: int) -> None:
    tree, verdict = verdict_on(number)
    assert not verdict.proved
    assert not verdict.holds
    first = walk(tree, verdict.counterexample)
    assert first.state == "outcome"
    if verdict.claim.never_lower:
        differing = {fact for fact in tree.facts() if verdict.counterexample.get(fact) != verdict.compared.get(fact)}
        assert len(differing) == 1
        assert ends_lower(verdict.claim, first, walk(tree, verdict.compared))
    else:
        assert breaks(verdict.claim, first)


@pytest.mark.parametrize("number", range(len(UNSAFE)), ids=NAMES)
def test_a_counterexample_holds_no_answer_that_it_does_not_need(number: int) -> None:
    tree, verdict = verdict_on(number)
    runs = [walk(tree, answers) for answers in (verdict.counterexample, verdict.compared) if answers]
    used = {fact for run in runs for fact in run.answers}
    assert set(verdict.counterexample) <= used


def test_every_safety_property_is_proved_of_each_of_its_trees() -> None:
    verdicts = published().verdicts
    assert all(verdict.proved for verdict in verdicts)
    meant = {(p.id, tree) for p in properties().values() for tree in p.trees}
    assert {(verdict.claim.id, verdict.tree) for verdict in verdicts} == meant


def test_a_property_that_speaks_of_no_journey_is_vacuous_and_not_proved() -> None:
    never = read_guard({"all": [{"age": ["18_or_over"]}, {"ends": ["level-4"]}]})
    empty = Property("never", "Never", ("level",), (), never, read_guard({"floor": {"level": 4}}))
    unpaired = Property("unpaired", "Unpaired", ("level",), (), facts=("missing_state",), never_lower=("level",))
    verdicts = prove({"level": published().trees["level"]}, [empty, unpaired])
    assert [(verdict.holds, verdict.vacuous, verdict.proved) for verdict in verdicts] == [(True, True, False)] * 2


def with_properties(folder: Path, *data: dict[str, Any]) -> Path:
    """A copy of the project with these properties alone."""
    for name in ("schemas", "decision_trees", "docs"):
        shutil.copytree(ROOT / name, folder / name)
    file = folder / "decision_trees" / "safety.json"
    file.write_text(json.dumps({"properties": [{"title": "P", "cites": ["s5-13"], **one} for one in data]}), "utf-8")
    return folder


ADULT_AT_4 = {"all": [{"age": ["18_or_over"]}, {"ends": ["level-4"]}]}
LEVEL_4 = {"floor": {"level": 4}}


def test_a_property_that_is_vacuous_or_broken_stops_the_build(tmp_path: Path) -> None:
    vacuous = {"id": "vacuous", "for": ["level"], "when": ADULT_AT_4, "require": LEVEL_4}
    broken = {"id": "broken", "for": ["level"], "when": {"harm": ["none"]}, "require": LEVEL_4}
    lower = {"id": "lower", "for": ["level"], "pairs": {"facts": ["age"]}, "never_lower": ["police"]}
    diagnostics = load_project(with_properties(tmp_path, vacuous, broken, lower)).diagnostics
    assert [(diagnostic.kind, diagnostic.pointer) for diagnostic in diagnostics] == [
        ("vacuous", "/properties/0"), ("unsafe", "/properties/1"),
    ]  # fmt: skip
    told = diagnostics[1].message
    assert "“None of these, as far as I know”" in told, "a counterexample is told in the words of the questions"


@pytest.mark.parametrize(
    ("when", "require"),
    [
        ({"floor": {"police": 2}}, {"said": ["police"]}),
        ({"said": ["police"]}, {"floor": {"police": 2}}),
        ({"exactly": {"police": 1}}, {"route": ["police"]}),
        ({"not": {"said": ["police", "police-unless-ruled-out"]}}, {"exactly": {"police": 0}}),
    ],
)
def test_a_result_that_a_grade_brings_counts_as_said(when: dict[str, Any], require: dict[str, Any]) -> None:
    tree = published().trees["level"]
    (verdict,) = prove(
        {"level": tree}, [Property("p", "P", ("level",), (), guard_of(tree, when), guard_of(tree, require))]
    )
    assert (verdict.holds, verdict.vacuous) == (True, False)


# ---- the prover agrees with brute force -------------------------------------------------------------------------


def leaves_of(tree: Tree) -> list[dict[str, Any]]:
    """Every leaf that a property may have about the ends of a tree's journeys."""
    leaves: list[dict[str, Any]] = [
        *({"floor": {q: n}} for q, n in (("level", 2), ("level", 4), ("police", 1))), {"exactly": {"police": 2}},
        *({"ends": [end]} for end in grown.ENDS), {"said": ["one"]}, {"said": ["one", "two"]}, {"route": ["cads"]},
        *({"asked": fact} for fact in tree.facts()),
    ]  # fmt: skip
    for fact in (tree.library.facts[name] for name in tree.facts()):
        leaves += [{fact.id: [value]} for value in fact.values if fact.kind != "any_of" or value in fact.exclusive]
        leaves += [{fact.id: read} for read in grown.READ if fact.kind == "any_of"]
    return leaves


def predicate(tree: Tree, dice: Random, depth: int = 2) -> dict[str, Any]:
    word = dice.choice(["leaf", "leaf", "all", "any", "not"]) if depth else "leaf"
    if word == "leaf":
        return dice.choice(leaves_of(tree))
    if word == "not":
        return {"not": predicate(tree, dice, depth - 1)}
    return {word: [predicate(tree, dice, depth - 1) for _ in range(dice.randint(1, 3))]}


@slowly
@given(seed=seeds)
def test_a_one_run_property_holds_exactly_if_no_set_of_answers_breaks_it(seed: int) -> None:
    tree, dice = grown.tree(seed), Random(seed)
    tried = grown.try_all(tree)
    for i in range(6):
        when, require = (guard_of(tree, predicate(tree, dice)) for _ in range(2))
        property = Property(f"p{i}", "P", (tree.id,), (), when, require)
        (verdict,) = prove({tree.id: tree}, [property])
        assert verdict.holds == (not any(breaks(property, one.journey) for one in tried))
        assert verdict.vacuous == (not any(evaluate(when, confirm(one.journey)) for one in tried))
        if not verdict.holds:
            told = walk(tree, verdict.counterexample)
            assert breaks(property, told)
            failing = [len(one.journey.screens) for one in tried if breaks(property, one.journey)]
            assert len(told.screens) == min(failing), "a shorter counterexample exists"


@slowly
@given(seed=seeds, quantities=st.sampled_from([("level",), ("police",), ("level", "police")]))
def test_a_two_run_property_holds_exactly_if_no_pair_of_journeys_breaks_it(
    seed: int, quantities: tuple[str, ...]
) -> None:
    tree = grown.tree(seed)
    tried = {tuple(sorted(one.answers.items())): one for one in grown.try_all(tree)}
    for name in tree.facts():
        property = Property("p", "P", (tree.id,), (), facts=(name,), never_lower=quantities)
        (verdict,) = prove({tree.id: tree}, [property])
        broken = [
            (first, second)
            for low, high in pairs_in_full(tree, name) for first in tried.values() if first.answers[name] == low
            for second in [tried[tuple(sorted({**first.answers, name: high}.items()))]]
            if ends_lower(property, first.journey, second.journey)
        ]  # fmt: skip
        assert verdict.holds == (not broken)
        if broken:
            runs = [walk(tree, answers) for answers in (verdict.counterexample, verdict.compared)]
            assert ends_lower(property, *runs)


@slowly
@given(seed=seeds, quantities=st.sampled_from([("level",), ("police",), ("level", "police")]))
@example(seed=2333, quantities=("level", "police"))  # here the graver run asks first what the other asks as well
@example(seed=4503, quantities=("level", "police"))
@example(seed=5980, quantities=("level", "police"))
def test_behind_an_open_answer_holds_exactly_if_no_pair_of_journeys_breaks_it(
    seed: int, quantities: tuple[str, ...]
) -> None:
    tree = grown.tree(seed)
    tried = {tuple(sorted(one.answers.items())): one for one in grown.try_all(tree)}
    for name in tree.facts():
        property = Property("p", "P", (tree.id,), (), facts=(name,), never_lower=quantities, behind="not_known")
        (verdict,) = prove({tree.id: tree}, [property])
        compared = [
            (first.journey, second.journey)
            for low, high in behind_in_full(tree, name) for first in tried.values() if first.answers[name] == low
            for second in [tried[tuple(sorted({**first.answers, name: high}.items()))]]
            if name in first.journey.answers and leaves_open_what_it_alone_asks(tree, first.journey, second.journey)
        ]  # fmt: skip
        assert verdict.vacuous == (not compared)
        assert verdict.holds == (not any(ends_lower(property, *pair) for pair in compared))
        if not verdict.holds:
            first, second = (walk(tree, answers) for answers in (verdict.counterexample, verdict.compared))
            assert ends_lower(property, first, second)
            assert leaves_open_what_it_alone_asks(tree, first, second)


def behind_in_full(tree: Tree, name: str) -> list[tuple[Any, Any]]:
    """Every pair of "not known" and a graver answer: "yes", or one option of a checklist."""
    fact = tree.library.facts[name]
    if "not_known" not in fact.values:
        return []
    if fact.kind == "any_of":
        return [(("not_known",), (value,)) for value in fact.values if value not in fact.exclusive]
    return [("not_known", value) for value in fact.values if value == "yes"]


def leaves_open_what_it_alone_asks(tree: Tree, first: Journey, second: Journey) -> bool:
    """Whether the second of two journeys answers "not known" wherever it asks what the first does not."""
    alone = {name: value for name, value in second.answers.items() if name not in first.answers}
    facts = tree.library.facts
    return all(facts[name].is_not_known(value) for name, value in alone.items() if "not_known" in facts[name].values)


def pairs_in_full(tree: Tree, name: str) -> list[tuple[Any, Any]]:
    """Every pair of answers that a fact's order allows: for a checklist, each choice of options there is."""
    fact = tree.library.facts[name]
    some = [value for value in grown.answers_to(fact) if not set(value) & set(fact.exclusive)]
    pairs = [(low, high) for low, high in pairs_of(fact) if fact.kind != "any_of" or set(high) <= set(fact.exclusive)]
    starred = [low for low, high in fact.order if high == "*"]
    return pairs + [((low,), high) for low in starred for high in some]


@slowly
@given(seed=seeds)
def test_states_with_more_told_apart_lead_to_the_same_ends(seed: int) -> None:
    tree = grown.tree(seed)
    facts = [tree.library.facts[name] for name in tree.facts() if tree.library.facts[name].kind == "one_of"]
    told = [read_guard({fact.id: [value]}) for fact in facts for value in fact.values]
    plain, fine = explore(Liveness(tree, (), ("level",))), explore(Liveness(tree, told, ("level",)))  # type: ignore[arg-type]
    assert {(s.key, state[1]) for s, state in plain.ends()} == {(s.key, state[1]) for s, state in fine.ends()}
