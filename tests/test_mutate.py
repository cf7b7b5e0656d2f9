"""The test of the tests: its operators reach every site and change one thing; who should notice a change does."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import pytest

from macros.authoring.load import load_project
from macros.authoring.mutation.mutants import OPERATORS, Lookups, Mutant, mutants_of
from macros.authoring.mutation.mutate import (
    HARMLESS,
    Bench,
    Catch,
    Trial,
    Watch,
    caught,
    journeys,
    key,
    proofs,
    reasons,
    report,
    structure,
)
from tests.trees import ROOT, published

CITES = {"because": "So it is.", "cites": ["s1-01"], "basis": "source"}
SMALL: dict[str, Any] = {
    "id": "small",
    "title": "A small tree",
    "start": "first",
    "nodes": [
        {"id": "first", "kind": "call", "call": "other", "next": [{"to": "question", **CITES}]},
        {
            "id": "question",
            "kind": "ask",
            "heading": "Two questions",
            "shows": ["told-first"],
            "ask": ["risk", {"fact": "past", "if": {"risk": ["yes"]}}, {"fact": "signs", "offered": True}],
            "next": [
                {"if": {"risk": ["no", "not_known"]}, "to": "end", "opens": ["past", "signs"], **CITES},
                {
                    "if": {"all": [{"risk": ["yes"]}, {"not": {"floor": {"level": 3}}}]},
                    "to": "end",
                    "raise": {"level": 3, "police": 1},
                    "say": ["one", "other"],
                    **CITES,
                },
            ],
        },
        {
            "id": "aside",
            "kind": "ask",
            "ask": ["signs"],
            "next": [{"if": {"signs": ["not_known"]}, "to": "end", **CITES}],
        },
        {"id": "end", "kind": "outcome", "title": "The end", "cites": ["s1-02"]},
    ],
}
NO_OR_NOT_KNOWN = [{"value": "no"}, {"value": "yes"}, {"value": "not_known"}]
TABLES = Lookups(
    {
        "risk": {"options": NO_OR_NOT_KNOWN, "order": [["no", "not_known"], ["no", "yes"]]},
        "past": {"options": NO_OR_NOT_KNOWN},
        "signs": {"options": NO_OR_NOT_KNOWN},
    },
    {
        "level": {"grades": [{"at": 1}, {"at": 2}, {"at": 3}]},
        "police": {"grades": [{"at": 0}, {"at": 1}]},
    },
    ["s1-01", "s1-02", "s1-03"],
)
QUESTION, ASIDE = "/nodes/1", "/nodes/2"
YES_BELOW_3 = "all: ({risk: (yes)}, {not: {floor: {level: 3}}})"
FIRST_CITES = [f"/nodes/{edge}/cites/0" for edge in ("0/next/0", "1/next/0", "1/next/1", "2/next/0")]
MADE: dict[str, list[tuple[str, str]]] = {
    "edge sent elsewhere": [
        ("/nodes/0/next/0/to", "to “aside”, not “question”"),
        ("/nodes/0/next/0/to", "to “end”, not “question”"),
        (f"{QUESTION}/next/0/to", "to “aside”, not “end”"),
        (f"{QUESTION}/next/1/to", "to “aside”, not “end”"),
        (f"{ASIDE}/next/0/to", "to “first”, not “end”"),
        (f"{ASIDE}/next/0/to", "to “question”, not “end”"),
    ],
    "answer dropped from a guard": [
        (f"{QUESTION}/next/0/if/risk/0", "without “no”"),
        (f"{QUESTION}/next/0/if/risk/1", "without “not_known”"),
    ],
    "part of a guard dropped": [
        (f"{QUESTION}/next/1/if/all/0", "without risk: (yes)"),
        (f"{QUESTION}/next/1/if/all/1", "without not: {floor: {level: 3}}"),
    ],
    "guard negated": [
        (f"{QUESTION}/ask/1/if", "not: {risk: (yes)}, not risk: (yes)"),
        (f"{QUESTION}/next/0/if", "not: {risk: (no, not_known)}, not risk: (no, not_known)"),
        (f"{QUESTION}/next/1/if", f"not: {{{YES_BELOW_3}}}, not {YES_BELOW_3}"),
        (f"{QUESTION}/next/1/if/all/0", "not: {risk: (yes)}, not risk: (yes)"),
        (f"{QUESTION}/next/1/if/all/1", "floor: {level: 3}, not not: {floor: {level: 3}}"),
        (f"{ASIDE}/next/0/if", "not: {signs: (not_known)}, not signs: (not_known)"),
    ],
    "floor dropped": [
        (f"{QUESTION}/next/1/raise/level", "no level 3"),
        (f"{QUESTION}/next/1/raise/police", "no police 1"),
    ],
    "floor lowered": [(f"{QUESTION}/next/1/raise/level", "level 2, not 3")],
    "“not known” taken for another answer": [
        (ASIDE, "signs: “not known” as “no”"),
        (ASIDE, "signs: “not known” as “yes”"),
    ],
    "“not known” exchanged with another answer": [
        (ASIDE, "signs: “not known” exchanged with “no”"),
        (ASIDE, "signs: “not known” exchanged with “yes”"),
    ],
    "action removed": [
        (f"{QUESTION}/shows/0", "without “told-first”"),
        (f"{QUESTION}/next/1/say/0", "without “one”"),
        (f"{QUESTION}/next/1/say/1", "without “other”"),
    ],
    "call removed": [("/nodes/0/call", "without going through “other”")],
    "question removed": [
        (f"{QUESTION}/ask/0", "without asking “risk”"),
        (f"{QUESTION}/ask/1", "without asking “past”"),
        (f"{QUESTION}/ask/2", "without asking “signs”"),
        (f"{ASIDE}/ask/0", "without asking “signs”"),
    ],
    "condition of a question removed": [(f"{QUESTION}/ask/1", "“past” asked always")],
    "opening of a question dropped": [
        (f"{QUESTION}/next/0/opens/0", "“past” not opened"),
        (f"{QUESTION}/next/0/opens/1", "“signs” not opened"),
    ],
    "clause swapped": [
        *((pointer, "“s1-02”, not “s1-01”") for pointer in FIRST_CITES),
        ("/nodes/3/cites/0", "“s1-03”, not “s1-02”"),
    ],
}


def small(operator: str) -> list[Mutant]:
    return [mutant for mutant in mutants_of(SMALL, TABLES) if mutant.operator == operator]


def differences(before: Any, after: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The paths of the smallest parts that differ; a list of another length differs as a whole."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in {**before, **after}:
            yield from differences(before.get(name), after.get(name), (*path, name))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for i, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from differences(old, new, (*path, i))
    elif before != after:
        yield path


# ---- the operators ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operator", OPERATORS)
def test_operator_makes_the_mutants_it_should(operator: str) -> None:
    assert sorted((m.pointer, m.what) for m in small(operator)) == sorted(MADE[operator])


@pytest.mark.parametrize("operator", OPERATORS)
def test_mutant_changes_something_and_only_where_it_says(operator: str) -> None:
    before = json.dumps(SMALL)
    for mutant in small(operator):
        changed = list(differences(SMALL, mutant.applied(SMALL)))
        assert changed
        assert all(path[: len(mutant.path)] == mutant.path or path == mutant.path[:-1] for path in changed)
    assert json.dumps(SMALL) == before


def value(mutant: Mutant, *path: str | int) -> Any:
    found: Any = mutant.applied(SMALL)
    for part in path:
        found = found[part]
    return found


def test_a_dropped_floor_leaves_the_other_floor() -> None:
    assert [value(m, "nodes", 1, "next", 1)["raise"] for m in small("floor dropped")] == [{"police": 1}, {"level": 3}]


def test_not_known_taken_for_an_answer_goes_where_that_answer_goes() -> None:
    ways = [{"if": {"risk": [value]}, "to": "n"} for value in ("no", "yes", "not_known")]
    tree: dict[str, Any] = {"id": "t", "nodes": [{"id": "n", "kind": "branch", "next": ways}]}
    (mutant,) = [m for m in mutants_of(tree, TABLES) if m.operator == "“not known” taken for another answer"]
    guards = [edge["if"] for edge in mutant.applied(tree)["nodes"][0]["next"]]
    assert guards == [{"risk": ["no", "not_known"]}, {"risk": ["yes"]}]


def test_a_screen_without_its_last_question_goes_straight_on() -> None:
    mutant = small("question removed")[-1]
    assert value(mutant, "nodes", 2) == {"id": "aside", "kind": "branch", "next": SMALL["nodes"][2]["next"]}


def test_a_call_left_out_goes_straight_on() -> None:
    (mutant,) = small("call removed")
    assert value(mutant, "nodes", 0) == {"id": "first", "kind": "branch", "next": SMALL["nodes"][0]["next"]}


# ---- every site -------------------------------------------------------------------------------------------------


def everything(data: Any, name: str) -> Iterator[Any]:
    """Every value under a key, anywhere in the data."""
    for inner in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from everything(inner, name)
    if isinstance(data, dict) and name in data:
        yield data[name]


def answer_lists(guard: Any) -> Iterator[list[str]]:
    if isinstance(guard, list) and all(isinstance(part, str) for part in guard):
        yield guard
    for inner in guard.values() if isinstance(guard, dict) else guard if isinstance(guard, list) else ():
        yield from answer_lists(inner)


def inner_guards(guard: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield guard
    ((word, body),) = guard.items()
    for part in body if word in ("all", "any") else [body] if word == "not" else []:
        yield from inner_guards(part)


def circular(tree: dict[str, Any]) -> bool:
    graph = {node["id"]: [edge["to"] for edge in node.get("next", ())] for node in tree["nodes"]}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError:
        return True
    return False


def elsewhere(tree: dict[str, Any]) -> int:
    """How many edges can lead how many other ways without a circle, tried one by one."""
    count = 0
    for edge in [edge for node in tree["nodes"] for edge in node.get("next", ())]:
        right = edge["to"]
        for node in tree["nodes"]:
            edge["to"] = node["id"]
            count += node["id"] != right and not circular(tree)
        edge["to"] = right
    return count


def counted(tree: dict[str, Any]) -> dict[str, int]:
    """The sites of a tree by operator, counted another way than the operators find them."""
    every = [inner for guard in everything(tree, "if") for inner in inner_guards(guard)]
    joined = [part for part in every if ("all" in part or "any" in part)]
    nots = sum("not" in part for part in every)
    raised = [(quantity, at) for floors in everything(tree, "raise") for quantity, at in floors.items()]
    questions = [ask for asks in everything(tree, "ask") for ask in asks]
    return {
        "edge sent elsewhere": elsewhere(tree),
        "answer dropped from a guard": sum(
            len(values) for guard in everything(tree, "if") for values in answer_lists(guard) if len(values) > 1
        ),
        "part of a guard dropped": sum(len(next(iter(part.values()))) for part in joined),
        "guard negated": len(every) - nots,
        "floor dropped": len(raised),
        "floor lowered": sum(at > {"level": 2}.get(quantity, 1) for quantity, at in raised),
        "action removed": sum(map(len, [*everything(tree, "say"), *everything(tree, "shows")])),
        "call removed": len(list(everything(tree, "call"))),
        "question removed": len(questions),
        "condition of a question removed": sum(isinstance(ask, dict) and "if" in ask for ask in questions),
        "opening of a question dropped": sum(map(len, everything(tree, "opens"))),
        "clause swapped": sum(map(len, everything(tree, "cites"))),
    }


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench(published())


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "decision_trees" / "trees").glob("*.json")))
def test_operators_reach_every_site_of_a_published_tree(bench: Bench, name: str) -> None:
    tree = json.loads((ROOT / "decision_trees" / "trees" / f"{name}.json").read_text("utf-8"))
    made = Counter(mutant.operator for mutant in bench.mutants if mutant.tree == name)
    assert {operator: made[operator] for operator in counted(tree)} == counted(tree)


def read_lists(node: dict[str, Any]) -> dict[str, list[list[str]]]:
    """The lists of answers that a node's guards hold a fact against, by fact."""
    found: dict[str, list[list[str]]] = {}
    for part in [part for guard in everything(node, "if") for part in inner_guards(guard)]:
        ((word, body),) = part.items()
        if word in published().library.facts and isinstance(body, list):
            found.setdefault(word, []).append(body)
    return found


def tells_apart(fact: str, lists: list[list[str]]) -> bool:
    """Whether "not known" goes another way than an answer that it could be taken for."""
    known = published().library.facts[fact]
    below = [low for low, high in known.order if high == "not_known"] or set(known.values) - {"not_known"}
    unknown = ["not_known" in each for each in lists]
    return any(unknown) and any([value in each for each in lists] != unknown for value in below)


def test_every_not_known_that_a_published_tree_tells_apart_is_taken_for_something_else(bench: Bench) -> None:
    about = "“not known” taken for another answer", "“not known” exchanged with another answer"
    taken = {(m.tree, m.node, m.what.split(":")[0]) for m in bench.mutants if m.operator in about}
    apart = {
        (tree["id"], node["id"], fact)
        for tree in published().tables["trees"].values() for node in tree["nodes"]
        for fact, lists in read_lists(node).items() if tells_apart(fact, lists)
    }  # fmt: skip
    assert taken == apart


def test_every_mutant_has_a_name_of_its_own(bench: Bench) -> None:
    assert len({key(mutant) for mutant in bench.mutants}) == len(bench.mutants)


# ---- who notices ------------------------------------------------------------------------------------------------


def made(bench: Bench, operator: str, place: str, what: str = "") -> Mutant:
    (mutant,) = [m for m in bench.mutants if m.operator == operator and m.place == place and what in m.what]
    return mutant


def test_an_answer_that_is_none_is_caught_by_the_references(bench: Bench) -> None:
    mutant = made(bench, "floor dropped", "level/harm/next/0/raise/level")
    wrong = replace(mutant, value={**mutant.value, "if": {"harm": {"any": ["rumour"]}}})
    assert caught(Trial(bench, wrong)) == Catch("references", "unknown-value")


def test_a_word_that_is_none_is_caught_by_the_schema(bench: Bench) -> None:
    mutant = made(bench, "floor dropped", "level/harm/next/0/raise/level")
    assert caught(Trial(bench, replace(mutant, value={**mutant.value, "rise": {}}))) == Catch("schema", "schema")


def noticed(bench: Bench, watch: Watch, mutant: Mutant) -> str | None:
    """By what one of the watches alone notices a mutant."""
    return next(watch(Trial(bench, mutant)), None)


def test_a_guard_turned_round_is_noticed_by_the_structure(bench: Bench) -> None:
    assert noticed(bench, structure, made(bench, "guard negated", "level/harm/next/1/if")) == "gap"


def test_a_sign_of_harm_without_its_level_is_noticed_by_the_structure(bench: Bench) -> None:
    """Level 4 shows at once, and no other level has an edge from there."""
    assert noticed(bench, structure, made(bench, "floor dropped", "level/harm/next/0/raise/level")) == "gap"


def test_a_possible_sign_of_harm_without_its_level_is_noticed_by_the_proofs(bench: Bench) -> None:
    mutant = made(bench, "floor dropped", "level/harm/next/2/raise/level")
    assert noticed(bench, proofs, mutant) == "harm-not-known-holds-level-2"


def test_a_mutant_is_caught_by_the_cheapest_that_notices_it(bench: Bench) -> None:
    mutant = made(bench, "floor dropped", "level/harm/next/2/raise/level")
    assert caught(Trial(bench, mutant)) == Catch("journeys", str(noticed(bench, journeys, mutant)))


def test_a_part_is_tried_in_every_tool_that_goes_through_it(bench: Bench) -> None:
    mutant = made(bench, "floor dropped", "danger/danger/next/1/raise/police")
    assert Trial(bench, mutant).tools == sorted(published().tools, key=lambda id: len(published().trees[id].steps))


def test_a_published_tool_as_it_stands_is_caught_by_nobody(bench: Bench) -> None:
    assert {mutant.tree for mutant in bench.sound} == set(published().tools)
    assert [caught(Trial(bench, mutant)) for mutant in bench.sound if mutant.tree in ("referral", "missing")] == [
        Catch()
    ] * 2


def test_a_journey_that_fails_by_itself_makes_the_trees_unsound(bench: Bench) -> None:
    broken = Bench(published())
    broken.journeys = [{**broken.journeys[0], "tree": "referral", "answers": {}, "expect": {"state": "outcome"}}]
    (mutant,) = [mutant for mutant in bench.sound if mutant.tree == "referral"]
    assert caught(Trial(broken, mutant)).watch == "journeys"


def test_only_citations_are_asked_about_a_clause(bench: Bench) -> None:
    mutants = [m for m in bench.mutants if m.tree == "referral" and m.operator == "clause swapped"]
    assert all(Trial(bench, mutant).only_cites for mutant in mutants)


def test_a_reason_is_missed_for_its_words_and_not_for_its_number() -> None:
    library = published().library
    node = library.trees["danger"].node("danger")
    shorter = replace(node, edges=node.edges[1:])
    nodes = tuple(shorter if one is node else one for one in library.trees["danger"].nodes)
    trees = {**library.trees, "danger": replace(library.trees["danger"], nodes=nodes)}
    assert reasons(replace(library, trees=trees), ["danger/danger/1"]) == reasons(library, ["danger/danger/2"])


def test_what_the_bench_catches_stops_the_build(bench: Bench, tmp_path: Path) -> None:
    mutant = made(bench, "action removed", "referral/age/next/1/say/0")
    assert noticed(bench, proofs, mutant)
    for folder in ("decision_trees", "schemas", "docs"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    spoiled = mutant.applied(published().tables["trees"]["referral"])
    (tmp_path / "decision_trees" / "trees" / "referral.json").write_text(json.dumps(spoiled), "utf-8")
    assert {diagnostic.kind for diagnostic in load_project(tmp_path).diagnostics} == {"unsafe", "other-result"}


# ---- the report -------------------------------------------------------------------------------------------------


def listed(tmp_path: Path, *mutants: Mutant) -> Any:
    """The project in a folder that lists these mutants as harmless."""
    entries = [{"operator": m.operator, "place": m.place, "what": m.what, "reason": "Nobody sees it."} for m in mutants]
    (tmp_path / HARMLESS).parent.mkdir()
    (tmp_path / HARMLESS).write_text(json.dumps({"harmless": entries}), "utf-8")
    return replace(published(), root=tmp_path)


def test_a_run_passes_with_95_in_100_caught_and_3_listed(bench: Bench, tmp_path: Path) -> None:
    mutants = bench.mutants[:100]
    catches = [Catch()] * 5 + [Catch("proofs", "one")] * 95
    told = report(listed(tmp_path, *mutants[:3]), mutants, catches, 1)
    assert (*told.totals.values(), len(told.survivors)) == (100, 95, 3, 5)
    assert told.passed


def test_a_run_fails_with_94_in_100_caught(bench: Bench, tmp_path: Path) -> None:
    catches = [Catch()] * 6 + [Catch("proofs", "one")] * 94
    assert not report(listed(tmp_path), bench.mutants[:100], catches, 1).passed


def test_a_run_fails_with_4_in_100_listed_as_harmless(bench: Bench, tmp_path: Path) -> None:
    mutants = bench.mutants[:100]
    catches = [Catch()] * 4 + [Catch("proofs", "one")] * 96
    assert not report(listed(tmp_path, *mutants[:4]), mutants, catches, 1).passed


def test_a_run_fails_where_a_mutant_listed_as_harmless_is_caught(bench: Bench, tmp_path: Path) -> None:
    mutants = bench.mutants[:100]
    told = report(listed(tmp_path, mutants[0]), mutants, [Catch("proofs", "one")] * 100, 1)
    assert told.stale == [key(mutants[0])]
    assert not told.passed
