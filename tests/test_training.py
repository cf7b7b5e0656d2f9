"""Training: every scenario and every change of it through the requests that the training page makes, and what a page
must not be able to bring about."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from functools import cache, lru_cache
from html import escape
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macros.authoring.scenarios import Replay, Scenario, _exceptions
from macros.engine.analysis.state_space import Liveness, explore
from macros.engine.api import Engine
from macros.engine.model.library import FIRMNESS, FIXED, OPEN, TOLD, WEIGHED, read_library
from macros.engine.model.tree import Tree
from macros.engine.model.walk import walk
from macros.engine.training.path import EndsAhead, outcomes, parting, path_of
from macros.engine.training.scenario import read_scenes
from macros.engine.training.session import moved
from macros.engine.training.sorter import HARM, known_lines
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


@lru_cache(maxsize=2_000)
def answered(request: str) -> str:
    """What the engine answers. It is asked once, for tests come by the same screens again and again, and it answers
    the same whatever came before: test_a_request_has_one_answer."""
    return engine().respond(request)


@pytest.fixture(params=SCENARIOS, scope="module")
def scenario(request: pytest.FixtureRequest) -> Scenario:
    """Each scenario in turn, for all tests of it one after another: they have screens in common."""
    return published().scenarios[request.param]


def ask(**what: Any) -> dict[str, Any]:
    scenes = what.pop("scenes", None) or {id: pages().bank[id] for id in what.pop("ids")}
    return json.loads(answered(json.dumps({"training": {"scenes": scenes, **what}, "base": "../../"})))


def begin(*ids: str, mode: str = "session", **what: Any) -> dict[str, Any]:
    return ask(ids=ids, do="begin", mode=mode, chosen=list(ids), **what)


def go(response: dict[str, Any], do: str, **what: Any) -> dict[str, Any]:
    return ask(ids=response["state"]["scenes"], state=response["state"], do=do, **what)


def first_ways(scenario: Scenario) -> list[Replay]:
    """The first way through each check: the check itself, or the first branch of one that leaves a fact open."""
    return [check for check in scenario.checks if check.first and not check.branch]


def debriefs(scenario: Scenario, hands: dict[str, int] | None = None) -> Iterator[tuple[Replay, dict[str, Any]]]:
    """What each way through each check of a scenario comes to, reached as a trainer reaches it."""
    response = begin(scenario.id)
    for n, first in enumerate(first_ways(scenario)):
        at = to(response, "commit")
        for check in (one for one in scenario.checks if one.index == n):
            counted = count(at, hands or {check.expect["outcome"]: 3})
            if check.open:
                chosen = {**counted["state"], "taken": {scenario.id: {check.tree: check.value}}}
                counted = ask(ids=[scenario.id], state=chosen, do="here")
            shown = go(counted, "outcome")
            assert shown["state"]["stage"] == "outcome", shown
            yield check, shown
        assert shown["state"]["check"] == n == first.index
        response = go(shown, "next")


def count(response: dict[str, Any], hands: dict[str, int]) -> dict[str, Any]:
    """On to the hands of the check that is on, and what comes of these; those for other tools are left out."""
    response = to(response, "commit")
    tree = pages().bank[response["state"]["scenes"][response["state"]["scene"]]]["checks"][response["state"]["check"]]
    fields = {id: [str(n)] for id, n in hands.items() if id in ends(tree["tree"])}
    return go(response, "commit", fields=fields)


def to(response: dict[str, Any], stage: str) -> dict[str, Any]:
    """Go on to a stage."""
    return list(moves_to(response, stage))[-1]


def said(response: dict[str, Any]) -> str:
    """All that a session's own window shows."""
    return str(response["html"] + response["console"])


def ends(tree: str) -> list[str]:
    return [node.id for node in outcomes(published().trees[tree])]


def outcome_in(html: str) -> str:
    """What a screen says it comes to; where that stands beside what it came to before, the later one."""
    return re.findall(r'data-outcome="([^"]*)"', html)[-1]


@pytest.mark.parametrize("id", SCENARIOS[::8])
def test_a_request_has_one_answer(id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was asked before: another engine is asked the same from the last to the first, each twice."""
    answers: dict[str, str] = {}

    def noted(request: str) -> str:
        answers[request] = engine().respond(request)
        return answers[request]

    monkeypatch.setattr(f"{__name__}.answered", noted)
    for _, response in debriefs(published().scenarios[id]):
        go(response, "what-if", n=0)
        go(response, "fork", n=0)
    other = Engine(published().bundle())
    assert len(answers) > 5
    for request in reversed(answers):
        assert other.respond(request) == other.respond(request) == answers[request]


def test_every_check_and_every_change_comes_to_what_the_scenario_expects(scenario: Scenario) -> None:
    met = set()
    for check, response in debriefs(scenario):
        assert outcome_in(response["html"]) == check.expect["outcome"]
        changes = [one for one in scenario.what_ifs if one.tree == check.tree]
        for n, change in enumerate(changes):
            asked = go(response, "what-if", n=n)
            assert "data-outcome" not in said(asked), "told before anybody could guess"
            changed = go(asked, "on")
            assert outcome_in(changed["html"]) == change.expect["outcome"]
            assert said(changed).count("contact the police") >= bool(change.expect["police"])
        met |= {(one.at, one.value) for one in (check, *changes)}
    assert met == {(one.at, one.value) for one in scenario.replays}


def test_nothing_of_the_result_shows_before_an_answer_is_committed(scenario: Scenario) -> None:
    for mode in ("session", "practise"):
        response = begin(scenario.id, mode=mode)
        for shown in moves_to(response, "commit"):
            words = said(shown)
            assert "data-outcome" not in words
            assert "data-told" not in words
            debriefs_of = [
                one["debrief"] for check in scenario.data["checks"] for one in check.get("branches", (check,))
            ]
            assert not any(debrief in words for debrief in debriefs_of)
            assert not any(one in words for one in scenario.data["teaches"])
            notes = [one for one in scenario.data["notes"] if one in words]
            assert notes == (list(scenario.data["notes"]) if mode == "session" else [])
            assert not any(one in shown["html"] for one in notes), "the room sees the notes"
            for do in ("outcome", "fork", "what-if"):
                assert go(shown, do, n=0)["state"] == shown["state"]
        response = to(response, "commit")
        assert go(response, "on")["state"]["stage"] == "commit"
        for stage in ("bars", "outcome", "debrief", "passed"):
            skipped = {**response["state"], "stage": stage}
            assert not ask(ids=[scenario.id], state=skipped, do="on")["ok"]


def test_a_fork_is_argued_before_its_answer_is_shown(scenario: Scenario) -> None:
    """By hands for every answer: the fork that most hands turn on is on the way, every other on asking."""
    hands = {id: 1 for check in first_ways(scenario) for id in ends(check.tree)}
    for _, response in debriefs(scenario, hands):
        disputed = {int(n) for n in re.findall(r'data-question="(\d+)"', response["console"])}
        for n in disputed:
            argued = go(response, "fork", n=n)
            assert (argued["state"]["stage"], argued["state"]["at"]) == ("fork", n)
            assert "data-told" not in said(argued), "the answer is given away"
            vote = go(argued, "on")
            assert (vote["state"]["stage"], vote["state"]["at"]) == ("vote", n)
            assert "data-told" not in said(vote)
            assert "data-told" in go(vote, "on")["html"]
        for n in {*range(20), 99} - disputed:
            assert go(response, "fork", n=n)["state"] == response["state"]


def test_the_way_that_nobody_disputes_is_told_whole_with_its_reasons(scenario: Scenario) -> None:
    for check, response in debriefs(scenario):
        for screen in walk(published().trees[check.tree], check.answers).screens:
            for name in screen.facts:
                fact = published().library.facts[name]
                assert fact.kind == "text" or escape(fact.text, quote=False) in response["console"]
        assert "data-question" not in response["console"]


def test_how_far_a_check_is_from_its_story_to_its_debrief() -> None:
    """Eight presses with one fork; three more for another that is argued; two for a change."""
    response = begin("four-views")
    stages = [screen["state"]["stage"] for screen in moves_to(response, "commit")]
    response = count(response, {"level-1": 4, "level-3": 9, "adult-route": 1})
    stages += [screen["state"]["stage"] for screen in moves_to(response, "debrief")]
    assert stages == ["read", "pairs", "commit", "bars", "fork", "vote", "answer", "outcome", "debrief"]
    assert [screen["state"]["stage"] for screen in list(moves_to(response, "changed"))[-2:]] == ["guess", "changed"]
    (other,) = {int(n) for n in re.findall(r'data-question="(\d+)"', to(response, "outcome")["console"])} - {
        to(response, "fork")["state"]["at"]
    }
    argued = [one["state"]["stage"] for one in moves_to(go(to(response, "outcome"), "fork", n=other), "outcome")]
    assert argued == ["fork", "vote", "answer", "outcome"]


@pytest.mark.parametrize(
    ("first", "second", "least"),
    [
        ({"level-2": 5, "level-3": 5}, {"level-2": 5, "level-3": 5}, 0),
        ({"level-2": 5, "level-3": 5}, {"level-3": 10}, 5),
        ({"level-2": 5, "level-3": 5}, {"level-2": 3, "level-3": 4, "level-4": 3}, 3),
        ({"level-2": 5}, {"level-2": 5, "level-3": 2}, 2),
        ({"level-2": 5, "level-3": 2}, {"level-2": 5}, 2),
    ],
)
def test_movement_is_the_fewest_people_that_explain_the_counts(
    first: dict[str, int], second: dict[str, int], least: int
) -> None:
    assert moved(first, second) == least


def test_a_second_vote_leaves_the_first_as_it_was_and_counting_anew_forgets_both() -> None:
    response = to(count(begin("four-views"), {"level-1": 4, "level-3": 9}), "vote")
    response = go(response, "commit", fields={"level-3": ["13"]})
    assert "At least 4 of you moved" in response["html"]
    assert response["state"]["given"]["four-views"]["level"] == {"level-1": 4, "level-3": 9}
    assert response["state"]["again"]["four-views"]["level"] == {"level-3": 13}
    assert {"given": {}, "again": {}}.items() <= go(response, "again")["state"].items()
    assert count(go(response, "again"), {"level-4": 1})["state"]["again"] == {}


def test_more_hands_than_people_are_refused() -> None:
    response = to(begin("four-views"), "commit")
    response = go(response, "commit", fields={"people": ["20"], "level-2": ["21"]})
    assert (response["valid"], response["state"]["stage"]) == (False, "commit")
    assert "21 hands for 20 people" in response["console"]
    response = go(response, "commit", fields={"people": ["20"], "level-2": ["20"]})
    assert response["state"]["people"] == 20


def step(response: dict[str, Any]) -> dict[str, Any]:
    """One screen on; of the ways that tie the first."""
    return go(response, "take", n=0) if response["state"]["stage"] == "tie" else go(response, "on")


def moves_to(response: dict[str, Any], stage: str) -> Iterator[dict[str, Any]]:
    """Each screen of going on, up to a stage."""
    for _ in range(100):
        yield response
        if response["state"]["stage"] == stage:
            return
        response = step(response)
    raise AssertionError(f"{stage} is never reached")


@pytest.mark.parametrize("id", SCENARIOS[::4])
def test_one_key_goes_through_a_whole_story_and_back(id: str) -> None:
    """Once hands are counted, going on passes every screen, change and check, and going back finds them all again."""
    scenario = published().scenarios[id]
    response = begin(id)
    for check in first_ways(scenario):
        response = to(response, "commit")
        assert go(response, "on")["state"] == response["state"], "went on before hands were counted"
        response = count(response, {check.expect["outcome"]: 2, ends(check.tree)[-1]: 1})
        while response["state"]["stage"] not in ("read", "summary"):
            response = step(response)
    assert response["state"]["stage"] == "summary"
    seen = [said(response)]
    while response["state"]["stage"] != "read" or response["state"]["check"]:
        response = go(response, "back")
        seen.append(said(response))
    assert go(response, "back") == response
    again = [said(one) for one in moves_to(response, "summary")]
    assert again == seen[::-1]
    shown = [words for words in again if "data-outcome" in words]
    assert len(shown) == len(first_ways(scenario)) + len(scenario.what_ifs)


def test_every_edge_that_matters_is_told_on_the_way_with_its_clauses() -> None:
    for scenario in scenarios():
        check, response = next(debriefs(scenario))
        journey = walk(published().trees[check.tree], check.answers)
        for edge in journey.reasons:
            assert f'data-edge="{edge.name}"' in response["console"]
            assert all(published().library.clauses[id]["url"] in response["console"] for id in edge.cites[:1])


def test_a_tally_is_shown_as_it_was_counted_and_no_colour_tells_it() -> None:
    response = go(to(begin("four-views"), "commit"), "commit", fields={"level-2": ["4"], "level-3": ["2"]})
    rows = re.findall(r'<th scope="row">(.*?)</th><td class="tr-number">(\d+)</td>', response["html"])
    assert [int(n) for _, n in rows] == [4, 2]


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
        every = [stop.possible for stop in path]
        assert all(later <= earlier for earlier, later in pairwise(every))
        assert every[-1] == {replay.expect["outcome"]}
        assert [edge for stop in path for edge in stop.edges] == list(journey.taken)
        assert [stop.step for stop in path] == [screen.step for screen in journey.screens]


def test_what_is_called_impossible_is_reached_by_no_other_answers_to_what_is_still_to_come() -> None:
    """Held against the walk itself: other answers to later questions never reach what was left behind."""
    tree = published().trees["level"]
    ahead = EndsAhead(tree)
    reached = 0
    for replay in (one for one in every_replay() if one.tree == "level" and one.first):
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
    ahead = EndsAhead(published().trees["level"])
    path = path_of(ahead, walk(ahead.tree, check.answers))
    parts = parting(ahead, path, "level-2", {"danger": TOLD, "age": FIXED, "harm": FIXED})
    assert parts is not None
    assert parts.facts == ("harm",)
    assert path[parts.at].facts == ("harm",)
    assert parting(ahead, path, "level-4", {}) is None


def test_the_debrief_names_where_each_other_answer_parts(scenario: Scenario) -> None:
    hands = {id: 1 for check in first_ways(scenario) for id in ends(check.tree)}
    for check, response in debriefs(scenario, hands):
        parts = dict(re.findall(r'<li data-part="([^"]*)" data-question="(\d+)"', response["console"]))
        within = set(re.findall(r'data-within="([^"]*)"', response["console"]))
        assert set(parts) | within == set(ends(check.tree)) - {check.expect["outcome"]}
        assert not set(parts) & within
        assert list(parts.values()) == sorted(parts.values(), key=int)
        for id, at in parts.items():
            there = to(go(response, "fork", n=int(at)), "answer")
            assert id in " ".join(re.findall(r'<p[^>]* data-part="([^"]*)"', there["html"])).split()


# ---- by which answers, and how they are known


def parted(scenario: Scenario) -> list[tuple[Replay, Tree, str, dict[str, Any]]]:
    """Every answer to every check of a scenario that is told to part: its question, the facts named, how known."""
    return _parted(scenario.id)


@cache
def _parted(id: str) -> list[tuple[Replay, Tree, str, dict[str, Any]]]:
    scenario, found = published().scenarios[id], []
    hands = {id: 1 for check in first_ways(scenario) for id in ends(check.tree)}
    row = re.compile(r'<li data-part="([^"]*)" data-question="(\d+)" data-known-by="(\w+)" data-facts="([^"]*)"')
    for check, response in debriefs(scenario, hands):
        for id, at, known_by, facts in row.findall(response["console"]):
            told = {"at": int(at), "known_by": known_by, "facts": facts.split()}
            found.append((check, published().trees[check.tree], id, told))
    return found


def reachable(tree: Tree, known: dict[str, Any]) -> frozenset[str]:
    """What can be come to with some answers, explored anew."""
    return _explored(tree, tuple((k, tuple(v) if isinstance(v, list) else v) for k, v in sorted(known.items())))


@cache
def _explored(tree: Tree, known: tuple[tuple[str, Any], ...]) -> frozenset[str]:
    given = dict(known)
    found = explore(Liveness(tree), lambda fact: [given[fact.id]] if fact.id in given else None)
    return frozenset(step.node.id for step, _ in found.ends())


def test_what_decides_a_parting_is_the_fewest_answers_that_see_to_it_and_the_firmest(scenario: Scenario) -> None:
    """For every option of every check: the named answers exclude it, fewer do not, nor do as few that are firmer."""
    for check, tree, id, told in parted(scenario):
        screens = walk(tree, check.answers).screens
        earlier = {name for screen in screens[: told["at"]] for name in screen.facts}
        before = {name: value for name, value in check.answers.items() if name in earlier}
        here = [name for name in screens[told["at"]].facts if tree.library.facts[name].options]
        some = [many for n in range(len(told["facts"]) + 1) for many in combinations(here, n)]
        known = [{**before, **{name: check.answers[name] for name in many}} for many in some]
        excluding = [many for many, answers in zip(some, known, strict=True) if id not in reachable(tree, answers)]
        assert tuple(told["facts"]) in excluding, (id, told)
        assert {len(many) for many in excluding} == {len(told["facts"])}, (id, told)
        data = scenario.data["checks"][check.index]
        ways = [known_in(data, name, check.answers[name]) for many in excluding for name in many]
        assert told["known_by"] == min(ways, key=FIRMNESS.index), (id, told)


def known_in(check: dict[str, Any], name: str, value: Any) -> str:
    """How a story's answer is known, read from the data alone."""
    if name in check.get("open", ()):
        return WEIGHED
    fact = published().tables["facts"][name]
    ticked = [value] if isinstance(value, str) else list(value)
    options = {option["value"]: option for option in fact["options"]}
    if ticked == ["not_known"] or any(options[one].get("open") for one in ticked if one in options):
        return OPEN
    own = min((options.get(one, {}).get("read_as", fact["read_as"]) for one in ticked), key=FIRMNESS.index)
    if own == FIXED:
        return FIXED
    return TOLD if name in check.get("told", ()) else WEIGHED if name in check.get("weighed", ()) else own


def test_nobody_is_told_that_an_age_or_what_a_child_said_is_a_matter_of_judgement() -> None:
    met = 0
    for scenario in scenarios():
        for check, _, id, told in parted(scenario):
            said = "disclosed" in check.answers.get("harm", ()) and "harm" in told["facts"]
            if said or ("age" in told["facts"] and check.answers["age"] != "not_known"):
                assert told["known_by"] == FIXED, (scenario.id, id, told)
                met += 1
    assert met > 50


def test_what_the_tool_leaves_open_itself_has_not_parted(scenario: Scenario) -> None:
    hands = {id: 1 for check in first_ways(scenario) for id in ends(check.tree)}
    for check, response in debriefs(scenario, hands):
        within = set(re.findall(r'data-within="([^"]*)"', response["console"]))
        levels = {f"level-{n}" for n in check.expect.get("could_be", ()) if n}
        if check.tree == "level":
            assert within == levels - {check.expect["outcome"]}
        summary = said(go(response, "summary"))
        assert all("within what the tool leaves open" in summary for _ in within)


@pytest.mark.parametrize(
    "spoilt", [{"weighed": ["age"]}, {"told": ["likelihood", "age"]}, {"weighed": ["approach"]}, {"told": ["notes"]}]
)
def test_an_exception_that_is_none_is_refused(spoilt: dict[str, list[str]]) -> None:
    scenario = published().scenarios["a-new-jacket"]
    level = next(check for check in scenario.checks if check.tree == "level")
    data = deepcopy(scenario.data)
    data["checks"][level.index] |= spoilt
    tree = published().trees["level"]
    found = list(_exceptions(tree, replace(scenario, data=data), level))
    assert len(found) == sum(map(len, spoilt.values()))
    assert {one.kind for one in found} == {"no-exception"}


def test_no_screen_calls_an_answer_wrong(scenario: Scenario) -> None:
    """The words of the engine: what the scenario and the trees say themselves is left out."""
    own = [*json_words(scenario.data), *json_words(published().tables), *clause_words()]
    hands = {id: 1 for check in first_ways(scenario) for id in ends(check.tree)}
    for _, response in debriefs(scenario, hands):
        text = re.sub(r"<[^>]*>", "\n", said(response))
        own_words = [
            line for line in text.split("\n") if line.strip() and not any(line.strip() in words for words in own)
        ]
        assert ("none of them is wrong" in text) == ('data-known-by="weighed"' in said(response))
        assert not LEADING.search("\n".join(own_words).replace("none of them is wrong", ""))


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


# ---- what is left to the room -----------------------------------------------------------------------------------


def judged(**hands: int) -> dict[str, Any]:
    """A story that leaves the likelihood to the room, with these hands, in underscores, for its level."""
    return count(begin("evenings-with-a-gang"), {id.replace("_", "-"): n for id, n in hands.items()})


def said_of(response: dict[str, Any]) -> tuple[str, str]:
    """The outcome and the branch that a session goes on to, told by the words of its debrief."""
    html = to(response, "debrief")["html"]
    branches = published().scenarios["evenings-with-a-gang"].data["checks"][0]["branches"]
    (branch,) = [one for one in branches if escape(one["debrief"], quote=False) in html]
    return outcome_in(to(response, "outcome")["html"]), branch["if"]["likelihood"][0]


def test_a_room_takes_the_branch_whose_outcome_has_most_hands_and_the_first_of_several() -> None:
    assert said_of(judged(level_2=4, level_3=5)) == ("level-3", "likely")
    assert said_of(judged(level_2=6, level_3=5)) == ("level-2", "unlikely")
    assert said_of(judged(level_1=3, level_4=4)) == ("level-4", "highly_likely")


def test_a_judgement_goes_the_way_of_the_second_vote() -> None:
    vote = to(judged(level_2=4, level_3=9), "vote")
    assert said_of(vote) == ("level-3", "likely")
    assert said_of(go(vote, "commit", fields={"level-2": ["10"], "level-3": ["3"]})) == ("level-2", "unlikely")
    tied = go(vote, "commit", fields={"level-2": ["6"], "level-3": ["6"]})
    assert tied["state"]["stage"] == "tie"
    assert said_of(go(tied, "take", n=0)) == ("level-2", "unlikely")


def test_where_branches_tie_the_trainer_is_asked_and_nothing_goes_on_before() -> None:
    tied = to(judged(level_3=5, level_4=5), "tie")
    assert go(tied, "on")["state"] == tied["state"]
    assert said_of(go(tied, "take", n=0)) == ("level-3", "likely")
    other = go(tied, "take", n=1)
    assert said_of(other) == ("level-4", "highly_likely")
    assert go(tied, "take", n=2)["state"] == tied["state"], "there are no three"
    assert ask(ids=["evenings-with-a-gang"], state=other["state"], do="here") == other
    assert go(other, "again")["state"]["taken"] == {}
    hands = go(go(tied, "back"), "back")
    committed = go(
        {**hands, "state": {**hands["state"], "taken": other["state"]["taken"]}}, "commit", fields={"level-2": ["1"]}
    )
    assert committed["state"]["taken"] == {}
    assert said_of(committed) == ("level-2", "unlikely")


def test_where_the_hands_decide_nobody_is_asked() -> None:
    stages = [one["state"]["stage"] for one in moves_to(judged(level_2=4, level_3=5), "outcome")]
    assert "tie" not in stages


def test_where_most_hands_are_for_what_the_facts_rule_out_the_trainer_may_take_any() -> None:
    none = to(judged(level_1=3, level_3=2), "tie")
    branches = published().scenarios["evenings-with-a-gang"].data["checks"][0]["branches"]
    for n, branch in enumerate(branches):
        assert said_of(go(none, "take", n=n))[1] == branch["if"]["likelihood"][0]
    assert go(none, "take", n=len(branches))["state"] == none["state"]


def test_what_the_room_judges_is_not_said_to_be_told_by_the_story(scenario: Scenario) -> None:
    for check, response in debriefs(scenario):
        if not check.open:
            assert "You judge: " not in response["console"]
            continue
        words = published().library.facts[check.open].label(check.value)
        assert f"You judge: {words}" in response["console"]
        assert f"The story tells: {words}" not in response["console"]


def test_the_judgement_of_the_room_is_always_weighed() -> None:
    met = 0
    for scenario in scenarios():
        for check, _, id, one in parted(scenario):
            if check.open and one["facts"] == [check.open]:
                assert one["known_by"] == WEIGHED, (scenario.id, id)
                met += 1
    assert met > 50


# ---- what a page hands over -------------------------------------------------------------------------------------

STATE: dict[str, Any] = {
    "mode": "session", "scenes": ["two-years-on"], "scene": 0, "check": 0, "stage": "commit", "at": None,
    "what_if": None, "people": 0, "given": {}, "again": {}, "taken": {},
}  # fmt: skip

STRANGE: dict[str, dict[str, Any]] = {
    "a scenario that is not there": {"scenes": ["nobody"]},
    "no scenario": {"scenes": []},
    "the same scenario twice": {"scenes": ["two-years-on", "two-years-on"]},
    "another mode": {"mode": "exam"},
    "another stage": {"stage": "result"},
    "a stage of practice": {"stage": "passed"},
    "a stage before its hands": {"stage": "outcome"},
    "a check that is not there": {"check": 9},
    "a scenario beyond the last": {"scene": 1},
    "a question beyond the last": {"at": 400},
    "a number that is none": {"at": True},
    "more people than there can be": {"people": 501},
    "a second vote of another scenario": {"again": {"four-views": {"level": {"level-1": 1}}}},
    "a change that is not there": {"what_if": 7},
    "tallies of another scenario": {"given": {"four-views": {"level": {"level-1": 1}}}},
    "tallies of another tool": {"given": {"two-years-on": {"missing": {"level-1": 1}}}},
    "a tally for no outcome": {"given": {"two-years-on": {"level": {"level-9": 1}}}},
    "words for a tally": {"given": {"two-years-on": {"level": {"level-1": "<b>"}}}},
    "free text": {"given": {"two-years-on": {"level": {"level-1": 1}, "note": "Sam"}}},
    "an answer chosen that there is not": {"taken": {"two-years-on": {"level": "never"}}},
    "an answer chosen that is none": {"taken": {"two-years-on": {"level": ["likely"]}}},
    "an answer chosen for another scenario": {"taken": {"four-views": {"level": "likely"}}},
    "an answer chosen for another tool": {"taken": {"two-years-on": {"missing": "likely"}}},
    "a list of answers chosen": {"taken": []},
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
    "hands",
    [
        {},
        {"people": ["5"]},
        {"people": ["x"], "level-1": ["1"]},
        {"level-1": ["0"]},
        {"level-1": ["-1"]},
        {"level-1": ["501"]},
        {"level-1": ["x"]},
    ],
)
def test_no_hands_and_strange_hands_are_no_answer(hands: dict[str, Any]) -> None:
    response = go(to(begin("two-years-on"), "commit"), "commit", fields=hands)
    assert response["valid"] is False
    assert response["state"]["stage"] == "commit"
    assert response["state"]["given"] == {}


def test_a_session_that_was_kept_goes_on_at_the_very_step(scenario: Scenario) -> None:
    response = count(begin(scenario.id), {scenario.checks[0].expect["outcome"]: 3})
    for screen in moves_to(response, "debrief"):
        assert ask(ids=[scenario.id], state=screen["state"], do="here") == screen


def test_the_place_told_to_the_other_window_holds_no_count() -> None:
    response = to(count(begin("two-years-on"), {"adult-route": 77}), "fork")
    step = f"level.reveal.{response['state']['at'] + 1}"
    assert response["place"] == {"scenario": "two-years-on", "step": step}


def test_trying_again_forgets_what_was_committed() -> None:
    response = go(begin("two-years-on", mode="practise"), "commit", fields={"outcome": ["level-3"]})
    response = go(go(response, "outcome"), "again")
    assert response["state"]["given"] == {}
    assert "checked" not in said(response)


def test_the_end_of_practice_says_nothing_of_what_was_answered() -> None:
    scenario = published().scenarios["two-years-on"]
    response = begin(scenario.id, mode="practise")
    for check in first_ways(scenario):
        response = go(response, "commit", fields={"outcome": [ends(check.tree)[0]]})
        response = go(go(response, "outcome"), "next")
    assert response["state"]["stage"] == "summary"
    assert not any(node.title in response["html"] for node in outcomes(published().trees["level"]))


def test_a_summary_names_what_was_discussed_and_what_to_take_up() -> None:
    ids = ["four-views", "two-years-on"]
    response = go(count(begin(*ids), {"level-2": 4, "level-3": 2}), "summary")
    text = go(response, "text")["text"]
    for words in (said(response), text):
        assert published().scenarios["four-views"].data["teaches"][0] in words
        assert published().scenarios["two-years-on"].data["teaches"][0] not in words
    assert "Level 2: harm is unlikely: 4" in text


def test_a_summary_holds_the_second_vote_beside_the_first() -> None:
    response = count(begin("told-the-school-nurse"), {"level-2": 4, "level-4": 2})
    response = go(to(response, "vote"), "commit", fields={"level-3": ["1"], "level-4": ["5"]})
    text = go(go(response, "summary"), "text")["text"]
    assert dict(re.findall("^- Level ([0-9]):.*: ([0-9]+, then [0-9]+)", text, re.MULTILINE)) == {
        "2": "4, then 0",
        "3": "0, then 1",
        "4": "2, then 5",
    }


# ---- the bank ---------------------------------------------------------------------------------------------------


def test_the_bank_reaches_every_outcome_of_every_tool() -> None:
    met = {(replay.tree, walk(published().trees[replay.tree], replay.answers).outcome.id) for replay in every_replay()}
    assert met == {(tree, id) for tree in published().tools for id in ends(tree)}


def test_what_travels_of_a_scenario_leaves_the_outcome_to_the_trees() -> None:
    for scenario in scenarios():
        sent = pages().bank[scenario.id]
        assert '"expect"' not in json.dumps(sent)
        assert set(sent["clauses"]) == set(scenario.data["cites"])


# ---- the sorter -------------------------------------------------------------------------------------------------


def sort(lines: list[str], bins: dict[str, str], purpose: str = "risk") -> dict[str, Any]:
    text = json.dumps({"training": {"do": "sort", "lines": lines, "bins": bins, "purpose": purpose}, "base": "../../"})
    return json.loads(engine().respond(text))


def places() -> list[dict[str, Any]]:
    return published().library.sorter["places"]


@pytest.mark.parametrize("place", ["harm", "risk", "protective", "unsure"])
@pytest.mark.parametrize("purpose", ["risk", "other", ""])
def test_harm_in_a_risk_tool_is_warned_of_and_nothing_else_is(place: str, purpose: str) -> None:
    response = sort(["a line", "another"], {"1": place}, purpose)
    due = place == HARM and purpose == "risk"
    assert ("data-warning" in response["report"]) == due
    assert [bool(said) for said in response["said"]] == [False, due]
    assert ("contact the police" in response["report"]) == due


def test_each_place_gives_its_reason_with_clauses_of_section_4() -> None:
    report = sort([place["id"] for place in places()], {str(i): place["id"] for i, place in enumerate(places())})[
        "report"
    ]
    for place in places():
        assert place["reason"] in report
        assert place["cites"]
        for id in place["cites"]:
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
