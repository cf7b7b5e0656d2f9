"""walk is pure and total, and a journey is nothing but a set of answers replayed."""

from __future__ import annotations

import itertools
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from macros.engine.analysis.outlook import settle
from macros.engine.api import summary
from macros.engine.model.answers import LONGEST_TEXT, MOST_ANSWERS
from macros.engine.model.library import read_library
from macros.engine.model.tree import Tree, inline
from macros.engine.model.walk import Journey, walk
from tests import small
from tests.trees import ROOT, grown, published

quickly = settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
seeds = st.integers(0, 10**9)
FILES = sorted((ROOT / "tests" / "journeys").glob("*.json"))
DATA = [json.loads(path.read_text("utf-8")) for path in sorted((ROOT / "decision_trees" / "trees").glob("*.json"))]
TREES = [data["id"] for data in DATA if data.get("tool", True)]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


def tree(id: str) -> Tree:
    return small.tree(id)


def journey(path: Path) -> tuple[Tree, dict[str, Any]]:
    data = json.loads(path.read_text("utf-8"))
    return published().trees[data["tree"]], data["answers"]


@st.composite
def nearly_right(draw: st.DrawFn) -> dict[str, object]:
    """Answers to real questions: right ones, wrong ones, and things that are no answers at all."""
    facts = published().library.facts
    names = st.sampled_from(list(facts)) | st.text(max_size=10)
    values = st.sampled_from([value for fact in facts.values() for value in fact.values])
    return draw(st.dictionaries(names, values | st.lists(values, max_size=6) | json_values, max_size=20))


@pytest.mark.parametrize("id", TREES)
@quickly
@given(answers=nearly_right())
def test_any_answers_lead_to_a_question_or_an_outcome_and_never_to_an_exception(
    id: str, answers: dict[str, object]
) -> None:
    before, walked = deepcopy(answers), published().trees[id]
    result = walk(walked, answers)
    assert result.state in ("asking", "outcome")
    assert json.loads(json.dumps(summary(walked, result)))["state"] == result.state
    assert repr(answers) == repr(before), "answers are read, never changed"


@pytest.mark.parametrize(
    "answers", [None, 1, "level", [], [["danger", "none"]], {str(i): "x" for i in range(MOST_ANSWERS + 1)}]
)
def test_what_is_not_a_set_of_answers_is_one_problem_and_the_first_question(answers: Any) -> None:
    result = walk(tree("level"), answers)
    assert [problem.kind for problem in result.problems] == ["not-answers"]
    assert (result.state, result.step) == ("asking", "danger-check.danger")


def nested(depth: int) -> list[Any]:
    deep: list[Any] = []
    for _ in range(depth):
        deep = [deep]
    return deep


WRONG = {
    "a word for a checklist": ("danger", "none", "wrong-type"),
    "numbers for a checklist": ("danger", [1, 2], "wrong-type"),
    "nothing chosen": ("danger", [], "missing"),
    "an unheard-of option": ("danger", ["lava"], "impossible-value"),
    "more options than there are": ("danger", ["fire"] * 6, "impossible-value"),
    "none and something": ("danger", ["none", "fire"], "not-together"),
    "not known and none": ("danger", ["not_known", "none"], "not-together"),
    "a list for a choice of one": ("age", ["old"], "wrong-type"),
    "a number for a choice of one": ("age", 12, "wrong-type"),
    "an object for a choice of one": ("age", {"old": True}, "wrong-type"),
    "a deep nest": ("age", nested(900), "wrong-type"),
    "an empty choice": ("age", "", "missing"),
    "an unheard-of age": ("age", "12", "impossible-value"),
    "a very long value": ("age", "x" * 1_000_000, "impossible-value"),
    "too long a text": ("notes", "x" * (LONGEST_TEXT + 1), "too-long"),
    "a list for a text": ("notes", ["x"], "wrong-type"),
}
LOW: dict[str, Any] = {
    "danger": ["none"], "tenant": "yes", "age": "old", "water": ["wall"], "rain": "no", "mended": "yes",
    "notes": "Damp.",
}  # fmt: skip
FLOOD: dict[str, Any] = {
    "danger": ["none"],
    "tenant": "yes",
    "age": "new",
    "water": ["roof", "cellar"],
    "since": "not_known",
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_answer_is_a_problem_of_its_kind_and_its_question_is_asked(what: str) -> None:
    fact, value, kind = WRONG[what]
    result = walk(tree("level"), {**LOW, fact: value})
    assert [(problem.kind, problem.fact) for problem in result.problems] == [(kind, fact)]
    assert result.state == "asking"
    assert fact in result.screens[-1].facts
    assert fact not in result.answers


def test_the_longest_text_allowed_is_an_answer() -> None:
    assert walk(tree("level"), {**LOW, "notes": "x" * LONGEST_TEXT}).state == "outcome"


def test_an_unknown_fact_is_a_problem_and_changes_nothing() -> None:
    plain, strange = walk(tree("level"), LOW), walk(tree("level"), {**LOW, "score": "7", "__proto__": "x"})
    assert [(problem.kind, problem.fact) for problem in strange.problems] == [
        ("unknown-fact", "score"),
        ("unknown-fact", "__proto__"),
    ]
    assert {**summary(tree("level"), strange), "problems": []} == summary(tree("level"), plain)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_order_of_answers_does_not_matter(path: Path) -> None:
    walked, answers = journey(path)
    one, other = walk(walked, answers), walk(walked, dict(reversed(answers.items())))
    assert {**summary(walked, one), "unused": set(one.unused)} == {
        **summary(walked, other),
        "unused": set(other.unused),
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_journey_replayed_is_the_same_journey(path: Path) -> None:
    walked, answers = journey(path)
    assert walk(walked, answers) == walk(walked, deepcopy(answers))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_back_is_the_journey_with_fewer_answers(path: Path) -> None:
    """But for what its last screen asks, which hangs on answers that are not given yet."""
    walked, answers = journey(path)
    whole = walk(walked, answers)
    offers = {name: value for name, value in whole.answers.items() if walked.library.facts[name].kind == "offer"}
    offers |= {name: whole.answers[name] for name in whole.offers}
    for n, screen in enumerate(whole.screens):
        known = {fact: whole.answers.get(fact, "") for earlier in whole.screens[:n] for fact in earlier.facts}
        back = walk(walked, {**offers, **known})
        assert (back.state, back.step) == ("asking", screen.step)
        assert back.screens[:n] == whole.screens[:n]
        assert {*back.screens[n].facts, *back.screens[n].beside} == {*screen.facts, *screen.beside}
        assert back.taken == whole.taken[: len(back.taken)]


@quickly
@given(seed=seeds, choose=st.data())
def test_floors_only_rise_as_answers_come_in(seed: int, choose: st.DataObject) -> None:
    tree = grown.rich(seed)
    answers = {name: choose.draw(st.sampled_from(grown.answers_to(tree.library.facts[name]))) for name in tree.facts()}
    floors = [screen.floors for screen in walk(tree, answers).screens] + [walk(tree, answers).floors]
    for before, after in itertools.pairwise(floors):
        assert all(before[quantity] <= after[quantity] for quantity in before)


@quickly
@given(seed=seeds, choose=st.data())
def test_answers_to_questions_that_are_not_reached_change_nothing(seed: int, choose: st.DataObject) -> None:
    tree = grown.rich(seed)
    facts = tree.library.facts
    answers = {name: choose.draw(st.sampled_from(grown.answers_to(facts[name]))) for name in tree.facts()}
    full = walk(tree, answers)
    lean = walk(tree, {name: value for name, value in answers.items() if name not in full.unused})
    assert set(full.unused) == set(answers) - set(full.answers)
    assert lean.unused == ()
    assert {**summary(tree, full), "unused": []} == summary(tree, lean)


def test_a_changed_answer_leaves_the_answers_behind_it_unused() -> None:
    result = walk(tree("level"), {**LOW, "water": ["roof", "cellar"], "since": "not_known"})
    assert (result.level, set(result.unused)) == (3, {"rain", "mended", "notes"})


def test_an_answer_changed_and_changed_back_finds_the_later_answers_again() -> None:
    changed = {**LOW, "water": ["none"]}
    assert walk(tree("level"), {**changed, "water": ["wall"]}) == walk(tree("level"), LOW)


def test_an_offer_stops_no_journey_and_is_shown_until_it_is_taken() -> None:
    result = walk(tree("level"), FLOOD)
    assert (result.state, result.offers) == ("outcome", ("more",))
    assert walk(tree("level"), {**FLOOD, "more": "no"}).said_on_the_way == (result.said_on_the_way)


def test_an_offer_taken_asks_what_it_offers() -> None:
    result = walk(tree("level"), {**FLOOD, "more": "yes"})
    assert (result.state, result.step, result.offers) == ("asking", "diary", ())


def test_an_offer_with_an_impossible_answer_is_a_problem() -> None:
    result = walk(tree("level"), {**FLOOD, "more": "perhaps"})
    assert [problem.kind for problem in result.problems] == ["impossible-value"]


def screens_with(result: Journey, fact: str) -> list[str]:
    return [screen.step for screen in result.screens if fact in screen.facts]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_is_asked_twice(path: Path) -> None:
    result = walk(*journey(path))
    assert all(len(screens_with(result, fact)) == 1 for screen in result.screens for fact in screen.facts)


def one_screen(*kinds: str) -> Tree:
    """A tree of one screen that asks a fact of each kind, named for it."""
    facts = {name: {"text": name, "domain": "person", **grown.KINDS[name], "kind": name} for name in kinds}
    return of_screens(facts, list(kinds))


def of_screens(facts: dict[str, Any], *screens: list[Any], **edge: Any) -> Tree:
    """A tree that asks one screen after the other; `edge` is further data of the first screen's edge."""
    ids = [f"ask-{i}" for i in range(len(screens))]
    nodes: list[dict[str, Any]] = [
        {"id": id, "kind": "ask", "ask": ask, "next": [{"to": to, "because": "", "basis": "source"}]}
        for id, to, ask in zip(ids, [*ids[1:], "end"], screens, strict=True)
    ]
    nodes[0]["next"][0].update(edge)
    end = {"id": "end", "kind": "outcome", "title": "End", "level": "level"}
    trees = {"whole": {"id": "whole", "title": "", "start": ids[0], "nodes": [*nodes, end]}}
    parts = {"results": grown.RESULTS, "quantities": grown.QUANTITIES, "contacts": {}}
    return inline(read_library({"facts": facts, "trees": trees, **parts}), "whole")


PLAIN = {"kind": "one_of", "text": "Is it?", "domain": "person"}
WHO = {
    "role": {**PLAIN, "options": grown.RICH["one_of_tapped"]["options"], "default": "unsaid"},
    "involved": {**PLAIN, **grown.KINDS["one_of"], "formerly": {"yes_absent": "yes"}},
    "past": {**PLAIN, **grown.RICH["one_of_unclear"]},
}
IF_NOT = {"fact": "involved", "if": {"not": {"role": ["yes"]}}}
"""Asked below “role” on the same screen, unless that is answered yes."""


def test_a_question_may_hang_on_what_is_answered_above_it_on_the_same_screen() -> None:
    tree = of_screens(WHO, ["role", IF_NOT])
    needed = walk(tree, {"role": "no"})
    assert (needed.state, needed.screens[0].facts, needed.screens[0].beside) == ("asking", ("role", "involved"), ())
    assert walk(tree, {"role": "no", "involved": "yes"}).state == "outcome"
    spared = walk(tree, {"role": "yes", "involved": "yes"})
    assert (spared.state, spared.unused) == ("outcome", ("involved",))
    assert (spared.screens[0].facts, spared.screens[0].beside) == (("role",), ("involved",))


def test_a_question_that_may_yet_be_asked_stands_beside_the_others_and_is_not_needed_alone() -> None:
    first = walk(of_screens(WHO, ["role", IF_NOT]), {})
    assert (first.state, first.problems) == ("asking", ())
    assert (first.screens[0].facts, first.screens[0].beside) == (("role",), ("involved",))
    assert walk(of_screens(WHO, ["role", IF_NOT]), {"involved": "no"}).state == "asking"


def test_a_question_left_out_by_an_earlier_screen_is_not_shown_beside_the_others() -> None:
    later = walk(of_screens(WHO, ["role"], ["past", IF_NOT]), {"role": "yes"})
    assert (later.screens[1].facts, later.screens[1].beside) == (("past",), ())


def test_what_is_only_offered_stops_no_journey_and_says_its_default_until_it_is_tapped() -> None:
    tree = of_screens(WHO, [{"fact": "role", "offered": True}, {**IF_NOT, "fact": "past"}])
    untold = walk(of_screens(WHO, [{"fact": "role", "offered": True}]), {})
    assert (untold.state, untold.offers, untold.screens) == ("outcome", ("role",), ())
    assert untold.answers == {"role": "unsaid"}
    tapped = walk(tree, {"role": "yes"})
    assert (tapped.state, tapped.offers, tapped.answers) == ("outcome", ("role",), {"role": "yes"})
    assert walk(tree, {}).screens[-1].facts == ("past",)


def test_a_default_is_no_answer_where_an_answer_must_be() -> None:
    result = walk(of_screens(WHO, ["role"]), {"role": "unsaid"})
    assert (result.state, result.answers, result.problems) == ("asking", {}, ())


def test_what_was_offered_and_left_unsaid_is_not_asked_again() -> None:
    result = walk(of_screens(WHO, [{"fact": "role", "offered": True}], ["role"]), {})
    assert (result.state, result.answers) == ("outcome", {"role": "unsaid"})


def test_an_answer_that_is_gone_is_read_as_what_it_became() -> None:
    tree = of_screens(WHO, ["involved"])
    assert walk(tree, {"involved": "yes_absent"}).answers == {"involved": "yes"}
    assert walk(tree, {"involved": "yes_absent"}).problems == ()
    assert [problem.kind for problem in walk(tree, {"involved": "absent"}).problems] == ["impossible-value"]


def test_an_answer_may_be_open_without_being_not_known() -> None:
    tree = of_screens(WHO, ["past", "involved"])
    unclear = walk(tree, {"past": "unclear", "involved": "not_known"})
    assert (unclear.open, unclear.not_known) == (("past", "involved"), ("involved",))


@pytest.mark.parametrize("value", ["no", "yes", "not_known"])
def test_an_edge_opens_a_no_and_nothing_else(value: str) -> None:
    tree = of_screens(WHO, ["involved"], ["past"], opens=["involved", "past", "role"])
    result = walk(tree, {"involved": value, "past": "yes"})
    assert result.open == (() if value == "yes" else ("involved",))
    assert result.not_known == (("involved",) if value == "not_known" else ())
    assert walk(tree, {"involved": "yes", "past": "no"}).open == ("past",), "one asked later too"
    assert result.reasons, "an edge that opens something is a reason"


def test_a_text_beside_a_question_may_stay_empty() -> None:
    without = {name: value for name, value in LOW.items() if name != "notes"}
    result = walk(tree("level"), without)
    assert result.state == "outcome"
    assert result.answers["notes"] == ""


def test_a_text_alone_is_shown_once() -> None:
    alone = one_screen("text")
    assert [walk(alone, answers).state for answers in ({}, {"text": ""}, {"text": "x"})] == [
        "asking", "outcome", "outcome",
    ]  # fmt: skip


def test_a_text_beside_an_offer_is_asked_like_a_text_alone() -> None:
    result = walk(one_screen("offer", "text"), {})
    assert (result.state, result.step) == ("asking", "ask-0")


def test_no_published_screen_has_a_text_beside_nothing_but_offers() -> None:
    facts, trees = published().library.facts, published().trees
    kinds = [{facts[ask.fact].kind for ask in step.asks} for id in TREES for step in trees[id].steps.values()]
    assert {"text", "offer"} not in kinds


@pytest.mark.parametrize("text", ["not_known", "none", "yes", "18_or_over", "<b>", "x" * 1000])
def test_no_written_word_changes_the_result(text: str) -> None:
    level = tree("level")
    for answers in (LOW, {**FLOOD, "more": "yes", "diary": ""}):
        plain, told = (
            walk(level, answers),
            walk(level, {**answers, **dict.fromkeys({"notes", "diary"} & {*answers}, text)}),
        )
        assert summary(level, told) == summary(level, plain)


def test_a_checklist_comes_back_in_the_order_of_its_options_and_without_repeats() -> None:
    result = walk(tree("level"), {**LOW, "danger": ["break_in", "fire", "break_in"]})
    assert result.answers["danger"] == ("fire", "break_in")


def test_a_journey_alone_says_nothing_of_what_it_could_turn_out_to_be() -> None:
    """So that a call of `settle` that was forgotten is an error, to mypy and to Python, and never a settled level."""
    level = tree("level")
    journey = walk(level, {**LOW, "rain": "not_known"})
    ended = settle(level, journey)
    assert ended is not None
    assert ended.could_be == (2, 3)
    assert not ended.settled
    assert "not-settled" in ended.said
    assert not any(hasattr(journey, name) for name in ("settled", "could_be", "said"))
    assert settle(level, ended) is ended
    assert settle(level, walk(level, {})) is None
