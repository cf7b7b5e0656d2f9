"""Training: every scenario and every change of it through the requests that the training page makes, and what a page
must not be able to bring about."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from html import escape
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macros.authoring.scenarios import Replay, Scenario
from macros.engine.api import Engine
from macros.engine.model.library import read_library
from macros.engine.model.walk import walk
from macros.engine.training.path import EndsAhead, outcomes, parting, path_of
from macros.engine.training.scenario import read_scenes
from macros.engine.training.sorter import HARM, Place, known_lines, read_words
from macros.site.before.training import TrainingPages
from tests.trees import SCENARIOS, published

LEADING = re.compile(r"\b(wrong|mistake|incorrect|score|rating|points?)\b", re.IGNORECASE)


@cache
def pages() -> TrainingPages:
    return TrainingPages(published(), "engine/")


@cache
def engine() -> Engine:
    return Engine(published().bundle())


def scenarios() -> list[Scenario]:
    return list(published().scenarios.values())


@pytest.fixture(params=SCENARIOS)
def scenario(request: pytest.FixtureRequest) -> Scenario:
    return published().scenarios[request.param]


def ask(**what: Any) -> dict[str, Any]:
    scenes = what.pop("scenes", None) or {id: pages().bank[id] for id in what.pop("ids")}
    return json.loads(engine().respond(json.dumps({"training": {"scenes": scenes, **what}, "base": "../../"})))


def begin(*ids: str, mode: str = "session", **what: Any) -> dict[str, Any]:
    return ask(ids=ids, do="begin", mode=mode, chosen=list(ids), **what)


def go(response: dict[str, Any], do: str, **what: Any) -> dict[str, Any]:
    return ask(ids=response["state"]["scenes"], state=response["state"], do=do, **what)


def debriefs(scenario: Scenario, hands: dict[str, int] | None = None) -> Iterator[tuple[Replay, dict[str, Any]]]:
    """The debrief of each check of a scenario, reached as a trainer reaches it."""
    response = begin(scenario.id)
    for check in scenario.checks:
        counted = hands or {check.expect["outcome"]: 3}
        fields = {id: [str(n)] for id, n in counted.items() if id in ends(check.tree)}
        response = go(response, "commit", fields=fields)
        assert response["state"]["stage"] == "reveal", response
        response = go(response, "debrief")
        yield check, response
        response = go(response, "next")


def ends(tree: str) -> list[str]:
    return [node.id for node in outcomes(published().trees[tree])]


def outcome_in(html: str) -> str:
    return re.findall(r'data-outcome="([^"]*)"', html)[0]


def test_every_check_and_every_change_comes_to_what_the_scenario_expects(scenario: Scenario) -> None:
    met = 0
    for check, response in debriefs(scenario):
        assert outcome_in(response["html"]) == check.expect["outcome"]
        changes = [one for one in scenario.what_ifs if one.tree == check.tree]
        for n, change in enumerate(changes):
            changed = go(response, "what-if", n=n)
            assert outcome_in(changed["html"]) == change.expect["outcome"]
            assert changed["html"].count("contact the police") >= bool(change.expect["police"])
        met += 1 + len(changes)
    assert met == len(scenario.replays)


def test_nothing_of_the_result_shows_before_an_answer_is_committed(scenario: Scenario) -> None:
    response = begin(scenario.id)
    for mode in ("session", "practise"):
        html = begin(scenario.id, mode=mode)["html"]
        assert "data-outcome" not in html
        assert "data-told" not in html
        assert not any(check["debrief"] in html for check in scenario.data["checks"])
        assert not any(words in html for words in (*scenario.data["notes"], *scenario.data["teaches"]))
    for do in ("on", "debrief", "back", "question", "what-if"):
        assert go(response, do, n=0)["state"]["stage"] == "commit"
    for stage in ("reveal", "debrief"):
        skipped = {**response["state"], "stage": stage}
        assert not ask(ids=[scenario.id], state=skipped, do="on")["ok"]


def test_a_question_comes_without_its_answer_and_then_with_it(scenario: Scenario) -> None:
    response = go(begin(scenario.id), "commit", fields={scenario.checks[0].expect["outcome"]: ["1"]})
    shown = []
    while response["state"]["stage"] == "reveal":
        shown.append("data-told" in response["html"])
        response = go(response, "on")
    assert shown == [False, True] * (len(shown) // 2)
    journey = walk(published().trees[scenario.checks[0].tree], scenario.checks[0].answers)
    assert len(shown) == 2 * len(journey.screens)


def test_every_edge_that_matters_is_told_on_the_way_with_its_clauses() -> None:
    for scenario in scenarios():
        check = scenario.checks[0]
        response = go(begin(scenario.id), "commit", fields={check.expect["outcome"]: ["1"]})
        told = ""
        while response["state"]["stage"] == "reveal":
            told += response["html"]
            response = go(response, "on")
        journey = walk(published().trees[check.tree], check.answers)
        for edge in journey.reasons:
            assert f'data-edge="{edge.name}"' in told
            assert all(published().library.clauses[id]["url"] in told for id in edge.cites[:1])


def test_a_tally_is_shown_as_it_was_counted_and_no_colour_tells_it() -> None:
    response = begin("four-views")
    response = go(response, "commit", fields={"level-2": ["4"], "level-3": ["2"], "level-4": [""]})
    rows = re.findall(r'<th scope="row">(.*?)</th><td class="tr-number">(\d+)</td>', response["html"])
    assert [int(n) for _, n in rows] == [0, 4, 2, 0, 0]


# ---- where answers part -----------------------------------------------------------------------------------------


def every_replay() -> Iterator[Replay]:
    for scenario in scenarios():
        yield from scenario.replays


def test_what_is_still_possible_only_shrinks_and_ends_at_the_outcome() -> None:
    by_tree = {id: EndsAhead(tree) for id, tree in published().trees.items()}
    for replay in every_replay():
        ahead = by_tree[replay.tree]
        journey = walk(ahead.tree, replay.answers)
        path = path_of(ahead, journey)
        every = [taken.possible for stop in path for taken in stop.taken]
        assert all(later <= earlier for earlier, later in pairwise(every))
        assert every[-1] == {replay.expect["outcome"]}
        assert [taken.edge for stop in path for taken in stop.taken] == list(journey.taken)
        assert [stop.step for stop in path] == [screen.step for screen in journey.screens]


def test_what_is_called_impossible_is_reached_by_no_other_answers_to_what_is_still_to_come() -> None:
    """Held against the walk itself: other answers to later questions never reach what was left behind."""
    tree = published().trees["level"]
    ahead = EndsAhead(tree)
    reached = 0
    for replay in (one for one in every_replay() if one.tree == "level"):
        path = path_of(ahead, walk(tree, replay.answers))
        before: dict[str, Any] = {}
        for stop in path:
            before |= {name: replay.answers[name] for name in stop.facts if name in replay.answers}
            for name in (fact for later in path for fact in later.facts if fact not in before):
                fact = tree.library.facts[name]
                for value in fact.values:
                    other = (value,) if fact.kind == "any_of" else value
                    journey = walk(tree, {**replay.answers, name: other})
                    if journey.outcome:
                        assert journey.outcome.id in stop.possible
                        reached += 1
    assert reached > 1000


def test_an_answer_parts_where_it_can_no_longer_be_reached() -> None:
    """A sign of harm leaves level 4 alone; a group that said level 2 parts from the way at that question."""
    scenario = published().scenarios["told-the-school-nurse"]
    check = next(check for check in scenario.checks if check.tree == "level")
    path = path_of(EndsAhead(published().trees["level"]), walk(published().trees["level"], check.answers))
    at = parting(path, "level-2")
    assert at is not None
    assert "harm" in path[at].facts
    assert parting(path, "level-4") is None


def test_the_debrief_names_where_each_other_answer_parts(scenario: Scenario) -> None:
    hands = {id: 1 for check in scenario.checks for id in ends(check.tree)}
    for check, response in debriefs(scenario, hands):
        parts = dict(re.findall(r'<li data-part="([^"]*)" data-question="(\d+)"', response["html"]))
        assert set(parts) == set(ends(check.tree)) - {check.expect["outcome"]}
        assert list(parts.values()) == sorted(parts.values(), key=int)
        for id, at in parts.items():
            there = go(response, "question", n=int(at))
            assert f'data-part="{id}"' in there["html"]


def test_no_screen_calls_an_answer_wrong(scenario: Scenario) -> None:
    """The words of the engine: what the scenario and the trees say themselves is left out."""
    own = [*json_words(scenario.data), *json_words(published().tables), *clause_words()]
    hands = {id: 1 for check in scenario.checks for id in ends(check.tree)}
    for check, response in debriefs(scenario, hands):
        text = re.sub(r"<[^>]*>", "\n", response["html"])
        said = [line for line in text.split("\n") if line.strip() and not any(line.strip() in words for words in own)]
        judged = scenario.data["checks"][check.index]["footing"]["outcome"] == "judgement"
        assert ("none of them is wrong" in text) == judged
        assert not LEADING.search("\n".join(said).replace("none of them is wrong", ""))


def json_words(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for value in data.values():
            yield from json_words(value)
    elif isinstance(data, list):
        for value in data:
            yield from json_words(value)
    elif isinstance(data, str):
        yield data


def clause_words() -> Iterator[str]:
    for clause in published().library.clauses.values():
        yield from clause.values()


# ---- what a page hands over -------------------------------------------------------------------------------------

STATE: dict[str, Any] = {
    "mode": "session", "scenes": ["two-years-on"], "scene": 0, "check": 0, "stage": "commit", "step": 0,
    "what_if": None, "given": {},
}  # fmt: skip

STRANGE: dict[str, dict[str, Any]] = {
    "a scenario that is not there": {"scenes": ["nobody"]},
    "no scenario": {"scenes": []},
    "the same scenario twice": {"scenes": ["two-years-on", "two-years-on"]},
    "another mode": {"mode": "exam"},
    "another stage": {"stage": "result"},
    "a check that is not there": {"check": 9},
    "a scenario beyond the last": {"scene": 1},
    "a question beyond the last": {"step": 400},
    "a number that is none": {"step": True},
    "a change that is not there": {"what_if": 7},
    "tallies of another scenario": {"given": {"four-views": {"level": {"level-1": 1}}}},
    "tallies of another tool": {"given": {"two-years-on": {"missing": {"level-1": 1}}}},
    "a tally for no outcome": {"given": {"two-years-on": {"level": {"level-9": 1}}}},
    "words for a tally": {"given": {"two-years-on": {"level": {"level-1": "<b>"}}}},
    "free text": {"given": {"two-years-on": {"level": {"level-1": 1}, "note": "Sam"}}},
    "a negative tally": {"given": {"two-years-on": {"level": {"level-1": -1}}}},
}


@pytest.mark.parametrize("kind", STRANGE)
def test_a_state_that_cannot_be_is_refused(kind: str) -> None:
    state = begin("two-years-on")["state"]
    assert ask(ids=["two-years-on"], state=state, do="next")["ok"]
    assert not ask(ids=["two-years-on"], state={**state, **STRANGE[kind]}, do="next")["ok"]


@pytest.mark.parametrize("scenes", [[], {"a": {}}, {"two-years-on": {"id": "two-years-on"}}, "x", None, {"x": None}])
def test_scenarios_that_are_none_are_refused(scenes: Any) -> None:
    assert read_scenes(scenes, read_library(published().bundle())) in (None, {})
    text = json.dumps({"training": {"scenes": scenes, "do": "begin", "mode": "session", "chosen": ["two-years-on"]}})
    assert not json.loads(engine().respond(text))["ok"]


@pytest.mark.parametrize("do", ["", "fly", None, 3, [], {}])
def test_an_unknown_step_is_refused(do: Any) -> None:
    assert not go(begin("two-years-on"), do)["ok"]


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 9)
    | st.sampled_from(["level", "level-1", "two-years-on", "session", "0"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["two-years-on", "level", "level-1", "0", "id"]), inner, max_size=3)
    ),
    max_leaves=6,
)
PARTS = ("scenes", "do", "state", "chosen", "mode", "given", "fields", "n", "lines", "bins", "purpose")


@given(st.dictionaries(st.sampled_from(PARTS), ANYTHING), st.dictionaries(st.sampled_from([*STATE, "more"]), ANYTHING))
@settings(deadline=None)
def test_whatever_a_page_sends_there_is_an_answer(parts: dict[str, Any], spoilt: dict[str, Any]) -> None:
    known = {"scenes": {"two-years-on": pages().bank["two-years-on"]}, "state": {**STATE, **spoilt}}
    for training in (
        parts,
        {**known, **parts},
        {**known, "do": "commit", "fields": parts},
        {**known, "do": "on", "n": 1},
    ):
        assert "ok" in json.loads(engine().respond(json.dumps({"training": training})))


@pytest.mark.parametrize(
    "hands", [{}, {"level-1": ["0"]}, {"level-1": ["-1"]}, {"level-1": ["501"]}, {"level-1": ["x"]}]
)
def test_no_hands_and_strange_hands_are_no_answer(hands: dict[str, Any]) -> None:
    response = go(begin("two-years-on"), "commit", fields=hands)
    assert response["valid"] is False
    assert response["state"]["stage"] == "commit"
    assert response["state"]["given"] == {}


def test_a_session_that_was_kept_goes_on_at_the_first_check_without_hands() -> None:
    first = published().scenarios["a-new-jacket"].checks
    kept = {"a-new-jacket": {first[0].tree: {first[0].expect["outcome"]: 3}}}
    state = begin("a-new-jacket", "two-years-on", given=kept)["state"]
    assert (state["scene"], state["check"], state["stage"]) == (0, 1, "commit")
    assert state["given"] == kept


def test_the_place_told_to_the_other_window_holds_no_count() -> None:
    response = go(begin("two-years-on"), "commit", fields={"level-1": ["77"]})
    assert response["place"] == {"scenario": "two-years-on", "step": "level.reveal.1"}


def test_trying_again_forgets_what_was_committed() -> None:
    response = go(begin("two-years-on", mode="practise"), "commit", fields={"outcome": ["level-3"]})
    response = go(go(response, "debrief"), "again")
    assert response["state"]["given"] == {}
    assert "checked" not in response["html"]


def test_the_end_of_practice_says_nothing_of_what_was_answered() -> None:
    scenario = published().scenarios["two-years-on"]
    response = begin(scenario.id, mode="practise")
    for check in scenario.checks:
        response = go(response, "commit", fields={"outcome": [ends(check.tree)[0]]})
        response = go(go(response, "debrief"), "next")
    assert response["state"]["stage"] == "summary"
    assert not any(node.title in response["html"] for node in outcomes(published().trees["level"]))


def test_a_summary_names_what_was_discussed_and_what_to_take_up() -> None:
    ids = ["four-views", "two-years-on"]
    response = go(begin(*ids), "commit", fields={"level-2": ["4"], "level-3": ["2"]})
    response = go(response, "summary")
    text = go(response, "text")["text"]
    for words in (response["html"], text):
        assert published().scenarios["four-views"].data["teaches"][0] in words
        assert published().scenarios["two-years-on"].data["teaches"][0] not in words
    assert "Level 2: harm is unlikely: 4" in text


# ---- the bank ---------------------------------------------------------------------------------------------------


def test_the_bank_reaches_every_outcome_of_every_tool() -> None:
    met = {(replay.tree, walk(published().trees[replay.tree], replay.answers).outcome.id) for replay in every_replay()}
    assert met == {(tree, id) for tree in published().tools for id in ends(tree)}


def test_what_travels_of_a_scenario_leaves_the_outcome_to_the_trees() -> None:
    for scenario in scenarios():
        sent = pages().bank[scenario.id]
        assert '"expect"' not in json.dumps(sent)
        assert set(sent["clauses"]) == set(scenario.data["cites"])


def test_the_sheets_hold_each_outcome_and_each_note() -> None:
    html = str(pages().sheets("../../"))
    for scenario in scenarios():
        (sheet,) = re.findall(rf'<article[^>]*data-scenario="{scenario.id}".*?</article>', html, re.DOTALL)
        assert all(
            escape(words, quote=False) in sheet for words in (*scenario.data["notes"], scenario.data["vignette"])
        )
        for check in scenario.checks:
            journey = walk(published().trees[check.tree], check.answers)
            assert f'data-step="{check.tree}.reveal.{len(journey.screens)}"' in sheet
    assert html.count("data-tool=") == len(published().tools)


# ---- the sorter -------------------------------------------------------------------------------------------------


def sort(lines: list[str], bins: dict[str, str], purpose: str = "risk") -> dict[str, Any]:
    text = json.dumps({"training": {"do": "sort", "lines": lines, "bins": bins, "purpose": purpose}, "base": "../../"})
    return json.loads(engine().respond(text))


def places() -> tuple[Place, ...]:
    return read_words(published().library.sorter).places


@pytest.mark.parametrize("place", ["harm", "risk", "protective", "unsure"])
@pytest.mark.parametrize("purpose", ["risk", "other", ""])
def test_harm_in_a_risk_tool_is_warned_of_and_nothing_else_is(place: str, purpose: str) -> None:
    response = sort(["a line", "another"], {"1": place}, purpose)
    due = place == HARM and purpose == "risk"
    assert ("data-warning" in response["report"]) == due
    assert [bool(said) for said in response["said"]] == [False, due]
    assert ("contact the police" in response["report"]) == due


def test_each_place_gives_its_reason_with_clauses_of_section_4() -> None:
    report = sort([place.id for place in places()], {str(i): place.id for i, place in enumerate(places())})["report"]
    for place in places():
        assert place.reason in report
        assert place.cites
        for id in place.cites:
            assert id.startswith("s4-")
            assert f"#{id}" in report or published().library.clauses[id]["url"] in report


def test_a_line_is_shown_as_text_and_nothing_is_counted() -> None:
    response = sort(["<img src=x>", "a", "a", "  "], {"0": HARM, "1": HARM})
    assert response["lines"] == ["<img src=x>", "a"]
    assert "<img" not in response["html"] + response["report"]
    assert not re.search(r">\s*\d+\s*<", response["report"])


def test_a_line_that_the_site_asks_about_as_harm_is_told_where_it_was_put_elsewhere() -> None:
    line = next(iter(known_lines(published().library)))
    assert "tr-known" in sort([line], {"0": "risk"})["report"]
    assert "tr-known" not in sort([line], {"0": HARM})["report"]


@pytest.mark.parametrize("lines", [None, "a", [1], {"a": 1}])
def test_what_is_no_list_of_lines_is_refused(lines: Any) -> None:
    assert not sort(lines, {})["ok"]
