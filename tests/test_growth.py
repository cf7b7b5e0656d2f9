"""Checking and comparing grow nearly as a tree does: counted in states, for trees that are grown to a wanted size.

A grown tree asks its questions in blocks of ten. In each block one answer skips the block's rest, and another is read
again far ahead, by the last question of the next block. `python -m tests.test_growth` prints the seconds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from macros.authoring.compare.difference import TreeDiff
from macros.authoring.compare.sentences import sentence
from macros.authoring.proofs.proofs import Property, prove
from macros.engine.analysis.state_space import Liveness, explore
from macros.engine.model.guards import read_guard
from macros.engine.model.library import read_library
from macros.engine.model.tree import Tree, inline
from tests.trees import grown

BLOCK = 10
CHECKLIST = 20
SIZES = (10, 100, 300, 1000)
NEAR_LINEAR = 1.2
NEARLY = 1.3
LEVEL_2 = {"floor": {"level": 2}}


def edge(to: str, guard: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {**({"if": guard} if guard else {}), "to": to, "because": "", "basis": "source", **more}


def checklist(options: int) -> dict[str, Any]:
    names = [f"option_{i}" for i in range(options)]
    values = [{"value": v, "text": v, **({"exclusive": True} if v in ("none", "not_known") else {})}
              for v in (*names, "none", "not_known")]  # fmt: skip
    order = [["none", "not_known"], ["none", "*"]]
    return {"kind": "any_of", "text": "Which?", "domain": "person", "options": values, "order": order}


Nodes = list[dict[str, Any]]


def tree(questions: int, options: int = CHECKLIST, edit: Callable[[Nodes, int], None] = lambda _, __: None) -> Tree:
    """A tree of so many questions: of each block the first is a checklist, the others have three answers.

    `edit` changes the questions' nodes, from the number of one in the middle on, which is the first of a block.
    """
    plain = {"kind": "one_of", "text": "Is it?", "domain": "person", **grown.KINDS["one_of"]}
    facts = {name(i): checklist(options) if i % BLOCK == 0 else plain for i in range(questions)}
    nodes = [node(i, questions, options) for i in range(questions)]
    edit(nodes, questions // 2 // BLOCK * BLOCK)
    end = {"id": "end", "kind": "outcome", "title": "End", "level": "level"}
    whole = {"id": "whole", "title": "Whole", "start": "ask-0", "nodes": [*nodes, end]}
    parts = {"results": {}, "quantities": grown.QUANTITIES, "contacts": {}, "trees": {"whole": whole}}
    return inline(read_library({"facts": facts, **parts}), "whole")


def higher(nodes: Nodes, middle: int) -> None:
    """Another level where a question raises one."""
    nodes[middle]["next"][0]["raise"] = {"level": 4}


def lower(nodes: Nodes, middle: int) -> None:
    """No level any more for what was asked a block before, so that what is open leads elsewhere."""
    nodes[middle + BLOCK - 1]["next"][0].pop("raise", None)


def skipped(nodes: Nodes, middle: int) -> None:
    """Another answer that skips the rest of a block, so that others are asked less."""
    skip, go_on = nodes[middle + 2]["next"]
    skip["if"], go_on["if"] = {name(middle + 2): ["no", "not_known"]}, {name(middle + 2): ["yes"]}


def opened(nodes: Nodes, middle: int) -> None:
    """An earlier “no” that counts as open."""
    nodes[middle + BLOCK - 1]["next"][0]["opens"] = [name(max(0, middle - BLOCK))]


EDITS = (higher, lower, skipped, opened)


def name(i: int) -> str:
    return f"fact_{i}"


def node(i: int, questions: int, options: int) -> dict[str, Any]:
    """A screen of one question."""
    block, place = divmod(i, BLOCK)
    after, beyond = at(i + 1, questions), at((block + 1) * BLOCK, questions)
    some = {name(i): {"any": [f"option_{n}" for n in range(0, options, 2)]}}
    if place == 0:  # a checklist; any of every other option raises the level
        edges = [edge(after, some, **{"raise": {"level": 2}}), edge(after, {"not": some})]
    elif place == 2:  # an answer that skips the rest of the block
        edges = [edge(beyond, {name(i): ["no"]}), edge(after, {name(i): ["yes", "not_known"]})]
    elif place == BLOCK - 1 and block:  # reads what was asked in the block before
        far = {name(i - BLOCK - BLOCK + 2): ["yes"]}
        edges = [edge(after, far, **{"raise": {"level": 3}}), edge(after, {"not": far})]
    else:  # raises for what is not known
        edges = [edge(after, {name(i): ["not_known"]}, **{"raise": {"level": 2}}),
                 edge(after, {name(i): ["no", "yes"]})]  # fmt: skip
    return {"id": f"ask-{i}", "kind": "ask", "ask": [name(i)], "next": edges}


def at(i: int, questions: int) -> str:
    return f"ask-{i}" if i < questions else "end"


def one_run(tree: Tree) -> Property:
    """What the first checklist says is remembered to the very end."""
    when = read_guard({name(0): {"any": ["option_0"]}}, tree.library.routes())
    return Property("one-run", "One run", (tree.id,), (), when, read_guard(LEVEL_2, tree.library.routes()))


def two_run() -> Property:
    """The last answer of the first block: no, not known and yes."""
    return Property("two-run", "Two runs", ("whole",), (), facts=(name(BLOCK - 1),), never_lower=("level",))


def states(tree: Tree) -> dict[str, int]:
    """How many states each check goes through. The tree must be sound, and both properties must hold."""
    found = explore(Liveness(tree))
    assert found.faults == []
    proofs = prove({tree.id: tree}, [one_run(tree), two_run()])
    assert all(verdict.proved for verdict in proofs)
    return {"explore": found.states, **{verdict.claim.id: verdict.states for verdict in proofs}}


@pytest.mark.parametrize(("small", "large"), [(100, 300), (100, 1000)])
def test_states_grow_nearly_as_the_questions_do(small: int, large: int) -> None:
    few, many = states(tree(small)), states(tree(large))
    grown_by = {check: many[check] / few[check] for check in few}
    assert all(times <= NEAR_LINEAR * large / small for times in grown_by.values()), grown_by


def told(questions: int, edit: Callable[[Nodes, int], None]) -> tuple[int, int]:
    """The groups of a comparison with an edited tree, and the nodes of the diagrams once each group is in words."""
    found = TreeDiff((tree(questions), tree(questions, edit=edit)))
    for group in found.groups:
        assert sentence(found, group, ())
        assert found.sets(group.where) > 0
        assert found.example(group.where).given[0]
    return len(found.groups), len(found.d.variable)


@pytest.mark.parametrize("edit", EDITS)
def test_a_comparison_grows_nearly_as_the_questions_do_its_words_included(edit: Callable[[Nodes, int], None]) -> None:
    small, large = 100, 1000
    limit = sys.getrecursionlimit()
    (some, few), (as_many, many) = told(small, edit), told(large, edit)
    assert sys.getrecursionlimit() == limit, "without a limit, input that is nested too deeply ends Python"
    assert some == as_many > 1
    assert many <= NEARLY * large / small * few


def test_every_question_costs_a_state_or_more() -> None:
    """The counts speak of the whole tree: none is small because a part was never gone through."""
    assert states(tree(300))["explore"] >= 300


def test_a_long_checklist_costs_no_more_states_than_a_short_one() -> None:
    short, long = states(tree(100, options=5)), states(tree(100, options=400))
    assert long == short


@pytest.mark.bench
def test_seconds() -> None:
    main()


def main() -> None:
    """Print the seconds that the checks of trees of four sizes take, and their states."""
    for questions in SIZES:
        whole = tree(questions)
        began = time.perf_counter()
        counted = states(whole)
        listed = ", ".join(f"{check} {count:,}" for check, count in counted.items())
        sys.stdout.write(f"{questions:5,} questions: {time.perf_counter() - began:6.1f} s ({listed} states)\n")
        for edit in EDITS:
            began = time.perf_counter()
            _, nodes = told(questions, edit)
            took = time.perf_counter() - began
            sys.stdout.write(f"      compared, {edit.__name__:7}: {took:6.1f} s ({nodes:,} nodes)\n")


if __name__ == "__main__":
    main()
