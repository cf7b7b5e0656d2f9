"""The rules of the engine are numbered: what it decides and records does not change while their number does not.

The lock (outcomes.lock.json) holds a digest over what fixed answers come to and what is recorded of them, by the small
library of the tests: nothing that is published is in it. After a change that is meant, raise RULES in
macros/engine/__init__.py and write it anew: python -m tests.test_outcomes
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from macros.authoring.load import version_of
from macros.engine import RULES
from macros.engine.analysis.outlook import settle
from macros.engine.api import summary
from macros.engine.html import result
from macros.engine.html.view import View
from macros.engine.model import walk as walking
from macros.engine.model.guards import AllOf, AnyOf, Floor, HasAll, HasAny, Is, Not, Value
from macros.engine.model.library import Fact
from macros.engine.model.tree import Tree
from macros.engine.record.record import record_of
from tests import small
from tests.trees import grown

LOCK = Path(__file__).parent / "outcomes.lock.json"
NOW = "2026-03-28T10:00:00Z"
TIMES = ("2026-10-24T09:00", "2026-11-26T14:30")
EACH = 250
STRIDE = 7919
"""A prime, so that the answers tried differ in every fact."""


@dataclass(frozen=True)
class Outcomes:
    """What the engine makes of the fixed answers, as a digest, by which rules and which library."""

    rules: int
    library: str
    outcomes: str


def answers_to(fact: Fact) -> list[Value]:
    return [*(TIMES if fact.kind == "datetime" else ()), *grown.answers_to(fact)]


def corpus(tree: Tree) -> Iterator[dict[str, Value]]:
    """Fixed sets of answers to the facts of a tree, every seventh of them short of the last ones."""
    facts = [tree.library.facts[name] for name in tree.facts()]
    for n in range(EACH):
        rest, answers = n * STRIDE, {}
        for fact in facts[: len(facts) - n % 7 // 6 * (n % 5)]:
            rest, at = divmod(rest, len(answers_to(fact)))
            answers[fact.id] = answers_to(fact)[at]
        yield answers


def told(tree: Tree) -> Iterator[dict[str, Any]]:
    """What each set of answers comes to, and the record of it."""
    for answers in corpus(tree):
        journey = walking.walk(tree, answers)
        ended = settle(tree, journey)
        yield {"summary": summary(tree, journey), "record": ended and record_of(View(tree, "./"), ended, NOW)}


def measured() -> Outcomes:
    whole = sha256()
    for id in small.TOOLS:
        for one in told(small.tree(id)):
            whole.update(json.dumps(one).encode())
    data = json.loads(small.FILE.read_text("utf-8"))
    return Outcomes(RULES, version_of(data, rules=0), whole.hexdigest())


def complaint(lock: Outcomes, now: Outcomes) -> str | None:
    """What is wrong with the lock by now, and what is to be done; None if nothing is."""
    if now == lock:
        return None
    if (now.rules, now.library) == (lock.rules, lock.library):
        return (
            "The engine decides or records something else, and the number of its rules is what it was. If that is "
            "meant, raise RULES in macros/engine/__init__.py, or records of before would be called false; then write "
            "the lock anew: python -m tests.test_outcomes"
        )
    return "The rules or the small library changed. Write the lock anew: python -m tests.test_outcomes"


def test_what_the_engine_decides_and_records_changes_only_with_the_number_of_its_rules() -> None:
    fault = complaint(Outcomes(**json.loads(LOCK.read_text("utf-8"))), measured())
    assert fault is None, fault


def deaf_to_floors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking._Walker, "take", lambda self, move: None)


def other_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result, "either", " and ".join)


@pytest.mark.parametrize("change", [deaf_to_floors, other_words])
def test_a_change_of_the_engine_is_noticed_until_the_number_is_raised(
    monkeypatch: pytest.MonkeyPatch, change: Any
) -> None:
    before = measured()
    change(monkeypatch)
    after = measured()
    assert "raise RULES" in (complaint(before, after) or "")
    raised = Outcomes(RULES + 1, after.library, after.outcomes)
    assert "raise RULES" not in (complaint(before, raised) or "raise RULES")
    assert complaint(raised, raised) is None


def test_the_answers_lead_to_every_end_and_take_every_edge_of_the_small_library() -> None:
    for id in small.TOOLS:
        tree = small.tree(id)
        journeys = [walking.walk(tree, answers) for answers in corpus(tree)]
        ended = [end for journey in journeys if (end := settle(tree, journey))]
        assert {journey.state for journey in journeys} == {"asking", "outcome"}
        assert {end.step for end in ended} == {step.key for step in tree.ends}
        every = {move.edge for step in tree.steps.values() for move in step.moves if move.edge}
        assert every == {edge for journey in journeys for edge in journey.taken}
        assert {end.settled for end in ended if end.level} == {True, False} or id == "move"


def test_the_small_library_has_one_of_everything() -> None:
    library = small.library()
    tree = small.tree("level")
    guards = [move.edge.guard for step in tree.steps.values() for move in step.moves if move.edge]
    guards += [ask.guard for step in tree.steps.values() for ask in step.asks]
    assert {type(part) for guard in guards for part in parts(guard)} == {AllOf, AnyOf, Not, Floor, Is, HasAny, HasAll}
    assert {fact.kind for fact in library.facts.values()} == {"one_of", "any_of", "text", "datetime", "offer"}
    assert {node.kind for data in library.trees.values() for node in data.nodes} == {"ask", "call", "branch", "outcome"}
    for things in (library.results, library.facts, library.contacts):
        every = [asdict(thing) for thing in things.values()]
        assert [part for part in every[0] if not any(thing[part] for thing in every)] == []
    nodes = [asdict(node) for data in library.trees.values() for node in data.nodes]
    assert [part for part in nodes[0] if not any(node[part] for node in nodes)] == []
    said = {name for data in library.trees.values() for node in data.nodes for edge in node.edges for name in edge.says}
    assert set(library.results) - said == {"police", "police-perhaps", "not-settled", "tell-neighbours"}


def parts(guard: Any) -> Iterator[object]:
    if guard is not None:
        yield guard
        for part in getattr(guard, "parts", ()) or ([guard.part] if isinstance(guard, Not) else ()):
            yield from parts(part)


def main() -> int:
    """Write the lock, unless the engine changed and the number of its rules did not."""
    now = measured()
    fault = complaint(Outcomes(**json.loads(LOCK.read_text("utf-8"))), now) if LOCK.is_file() else None
    if fault and "raise RULES" in fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    LOCK.write_text(json.dumps(asdict(now), indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
