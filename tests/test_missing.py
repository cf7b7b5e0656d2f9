"""The tool for a missing child, held against a literal reading of what it must decide, and what its result says when.

The model below is written from the decision logic and not from the tree. It is compared over every set of answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import pytest

from macros.engine.api import answer
from macros.engine.html.action import deadline_words
from macros.engine.model.tree import Tree, inline
from macros.engine.model.walk import walk
from tests.test_second_edition import library, tree_of

OFFERING = ("engage", "canw")
AT_WORK = ("allocated_social_worker", "cads", "police", *OFFERING)
"""Those whose work it is to find out: nobody tells them only to listen."""
ENDS = {
    "missing": "missing-now-told",
    "not_known": "episode-not-known",
    "no": "no-missing-episode",
    "education": "no-missing-episode",
}
EPISODE = {
    "missing": {"missing-now", "check-again"},
    "not_known": {"missing-check-records"},
    "no": {"missing-none"},
    "education": {"absent-from-education"},
}
ROUTES = {
    "yes": "contact-allocated-social-worker",
    "no": "refer-to-cads",
    "not_known": "refer-to-cads",
    "not_said": "refer-by-either-route",
}
ANSWERS: dict[str, list[Any]] = {
    "danger": [["none"], ["not_known"], ["crime"], ["safety"], ["missing_now"], ["safety", "missing_now"]],
    "age": ["13_to_15", "not_known"],
    "missing_state": ["missing", "returned", "education", "no", "not_known"],
    "your_role": ["not_said", "someone_else", *AT_WORK],
    "social_care": ["not_said", "yes", "no", "not_known"],
}
RETURNED: dict[str, list[Any]] = {
    "reason_not_to_offer": ["no", "yes", "not_known"],
    "placement": ["in_borough", "placed_out", "placed_in", "not_known"],
    "open_to_engage": ["no", "yes", "not_known"],
    "repeat_episode": ["no", "yes", "not_known"],
}

Told = tuple[set[str], int, str]


def told(a: Mapping[str, Any]) -> Told:
    """The results, the police action and the outcome, by the letter of the decision logic."""
    danger, role, state = set(a["danger"]), a["your_role"], a["missing_state"]
    said = {"adult-if-18"} if a["age"] == "not_known" else set()
    police = 2 if danger & {"safety", "crime", "missing_now"} else 1 if danger == {"not_known"} else 0
    refer = danger != {"none"}
    if danger & {"safety", "missing_now"}:
        said |= {"check-again"}
    if "missing_now" in danger:
        state = "missing"
    if state == "missing":
        police, refer = 2, True
    if state == "not_known":
        police, refer = max(police, 1), True
    said |= returned(a) if state == "returned" else EPISODE[state]
    if refer:
        said |= {"own-manager-and-engage-manager" if role == "allocated_social_worker" else ROUTES[a["social_care"]]}
    if (refer or state == "returned") and role not in AT_WORK:
        said |= {"listen"}
    if state == "returned" and not police and role != "police":
        said |= {"police-condition"}
    if police:
        said |= {"police" if police == 2 else "police-unless-ruled-out"}
    not_offered = "interview-reason" in said
    return said, police, ENDS.get(state, "interview-not-offered" if not_offered else "offer-the-interview")


def returned(a: Mapping[str, Any]) -> set[str]:
    """What is said of a child who is back."""
    role, placement = a["your_role"], a["placement"]
    said = {"missing-recorded", "level-after-missing" if a["repeat_episode"] == "no" else "level-again"}
    if role != "engage":
        said |= {"child-is-back"}
    if role in OFFERING and a["reason_not_to_offer"] == "yes":
        return said | {"interview-reason"}
    said |= {"interview-offer", "missing-brief"}
    known = a["open_to_engage"] == "yes"
    said |= {
        {
            "in_borough": "interview-best" if known else "interview-engage",
            "placed_out": "interview-canw",
            "placed_in": "interview-other-council",
            "not_known": "interview-engage-decides",
        }[placement]
    }
    if known and placement != "in_borough":
        said |= {"interview-open-too"}
    if placement == "placed_out" and role != "canw":
        said |= {"child-is-back-canw"}
    return said


def every_set() -> Iterator[dict[str, Any]]:
    for values in product(*ANSWERS.values()):
        first = {**dict(zip(ANSWERS, values, strict=True)), "returned_at": "not_known"}
        back = first["missing_state"] == "returned" and "missing_now" not in first["danger"]
        if back and first["your_role"] == "not_said":
            continue  # a return asks who the reader is
        for more in product(*RETURNED.values()) if back else [()]:
            yield {**first, **dict(zip(RETURNED, more, strict=False))}


def given(a: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as a page has them: nobody is asked whether a child whom they said to be missing is missing."""
    return {fact: v for fact, v in a.items() if not (fact == "missing_state" and "missing_now" in a["danger"])}


def test_the_tree_says_what_the_decision_logic_says_for_every_set_of_answers() -> None:
    tree, count = tree_of("missing"), 0
    for a in every_set():
        journey, count = walk(tree, given(a)), count + 1
        assert journey.state == "outcome", a
        assert journey.outcome is not None
        assert (set(journey.said_on_the_way), journey.floors["police"], journey.outcome.id) == told(a), a
    assert count > 10_000


def test_everybody_is_told_of_an_actor_and_of_a_route_other_than_the_police() -> None:
    tree = tree_of("missing")
    results = tree.library.results
    for a in every_set():
        journey = walk(tree, given(a))
        said = [results[name] for name in journey.said_on_the_way]
        assert any(result.actor for result in said), a
        if journey.floors["police"]:
            assert any(result.route not in ("none", "police") for result in said), a


def test_no_placement_discards_that_the_child_is_open_to_engage() -> None:
    for a in every_set():
        if a.get("open_to_engage") == "yes" and "interview-offer" in (said := told(a)[0]):
            assert said & {"interview-best", "interview-open-too"}, a


def test_nobody_but_engage_and_canw_is_heard_on_a_reason() -> None:
    tree = tree_of("missing")
    for a in every_set():
        journey = walk(tree, given(a))
        if journey.answers.get("reason_not_to_offer"):
            assert a["your_role"] in OFFERING


# ---- what stands on the page, by the clock that it is told

BACK = {
    "danger": ["none"],
    "age": "13_to_15",
    "missing_state": "returned",
    "returned_at": "2026-10-23T14:30",
    "placement": "in_borough",
    "open_to_engage": "no",
    "repeat_episode": "no",
}
OVER = "2026-10-26T13:31:00Z"  # 72 elapsed hours over the end of summer time are at 13:30


@pytest.fixture(scope="module")
def tree() -> Tree:
    return inline(library(), "missing")


def page(tree: Tree, now: str | None = None, **request: Any) -> dict[str, Any]:
    return answer(tree, json.loads(json.dumps({"tree": "missing", "base": "../../", "now": now, **request})))


def result(tree: Tree, now: str | None, role: str, **more: Any) -> str:
    own = {"reason_not_to_offer": "no"} if role in OFFERING else {}
    response = page(tree, now, answers={**BACK, "your_role": role, **own, **more})
    assert response["state"] == "outcome"
    html: str = response["html"]
    return html


def test_the_deadline_is_said_in_words_with_its_weekday(tree: Tree) -> None:
    assert "<strong>Monday 26 October 2026, 13:30</strong> (UK time)" in result(tree, None, "someone_else")
    assert "These 72 hours ended" not in result(tree, "2026-10-26T13:30:00Z", "someone_else")


@pytest.mark.parametrize(
    ("role", "more", "words"),
    [
        ("someone_else", {}, "Tell Engage now."),
        ("police", {}, "Tell Engage now."),
        ("someone_else", {"placement": "placed_out"}, "Tell Engage and CANW now."),
        ("engage", {}, "Offer it now, and record why it is late."),
        ("canw", {}, "Offer it now, and record why it is late."),
        ("engage", {"reason_not_to_offer": "yes"}, "Record it now, and why it is late."),
    ],
)
def test_hours_that_are_over_say_so_and_what_is_done_now(
    tree: Tree, role: str, more: dict[str, str], words: str
) -> None:
    html = result(tree, OVER, role, **more)
    assert "These 72 hours ended <strong>on Monday 26 October 2026, 13:30</strong> (UK time)." in html
    assert words in html
    assert words not in result(tree, None, role, **more)


def test_a_record_holds_the_deadline_whatever_the_time(tree: Tree) -> None:
    journey = walk(tree, {**BACK, "your_role": "someone_else"})
    assert deadline_words(tree.library.results["interview-offer"], journey) == "Monday 26 October 2026, 13:30"


def sent(tree: Tree, typed: list[str], role: str = "someone_else", now: str | None = OVER, **more: str) -> Any:
    fields = {"returned_at": typed, "your_role": [role], **{name: [value] for name, value in more.items()}}
    before = {name: BACK[name] for name in ("danger", "age", "missing_state")}
    return page(tree, now, answers=before, submit={"node": "return", "fields": fields})


def test_an_error_keeps_all_that_was_typed_and_links_to_the_part_that_is_wrong(tree: Tree) -> None:
    response = sent(tree, ["3", "", "26", "quarter past <b>"])
    html = response["html"]
    assert not response["valid"]
    assert "returned_at" not in response["answers"]
    assert 'value="3"' in html
    assert 'value="26"' in html
    assert 'value="quarter past &lt;b&gt;"' in html
    assert 'value="someone_else" id="missing-your-role" checked' in html
    assert 'href="#missing-returned-at-month"' in html
    assert html.count('aria-invalid="true"') == 3  # the day is right


def test_a_date_beside_not_known_keeps_both(tree: Tree) -> None:
    html = sent(tree, ["3", "4", "2026", "", "not_known"])["html"]
    assert 'value="3"' in html
    assert 'value="not_known" id="missing-returned-at-2" checked' in html
    assert "which one counts?" in html


def test_a_time_still_to_come_is_refused_by_the_clock_of_the_page_alone(tree: Tree) -> None:
    later = ["26", "10", "2026", "13:32"]
    assert not sent(tree, later)["valid"]
    assert sent(tree, later, now=None)["valid"]
    assert sent(tree, ["26", "10", "2026", "13:31"])["answers"]["returned_at"] == "2026-10-26T13:31"


def test_a_reason_is_asked_of_engage_and_canw_alone(tree: Tree) -> None:
    typed = ["23", "10", "2026", "14:30"]
    assert sent(tree, typed)["valid"]
    assert not sent(tree, typed, "engage")["valid"]
    assert sent(tree, typed, "canw", reason_not_to_offer="no")["valid"]


def test_a_moment_is_said_back_and_nothing_else_is(tree: Tree) -> None:
    typed = ["3", "4", "2026", "14:30"]
    said = page(tree, OVER, say={"fact": "returned_at", "typed": typed})
    assert said == {"ok": True, "html": "You mean Friday 3 April 2026, 14:30 (UK time)."}
    assert not page(tree, OVER, say={"fact": "your_role", "typed": typed})["ok"]
    assert not page(tree, OVER, say={"typed": typed})["ok"]
    assert page(tree, OVER, say={"fact": "returned_at", "typed": "<b>"}) == {"ok": True, "html": ""}


def test_an_answered_moment_stands_in_its_fields_again_and_in_words(tree: Tree) -> None:
    html = page(tree, OVER, answers={**BACK, "your_role": "someone_else"}, change="return")["html"]
    assert 'value="23"' in html
    assert '<option value="10" selected>October</option>' in html
    assert 'value="14:30"' in html
    assert "You mean Friday 23 October 2026, 14:30 (UK time)." in html


@pytest.mark.parametrize("kept", [True, False])
def test_a_return_that_is_still_to_come_is_asked_again_wherever_it_comes_from(kept: bool) -> None:
    """From a record that was made with a wrong clock, or changed, no less than from the form."""
    tree = tree_of("missing")
    time = next(fact.id for fact in tree.library.facts.values() if fact.kind == "datetime")
    given = {"danger": ["none"], "age": "13_to_15", "missing_state": "returned", time: "2026-11-20T10:00"}
    given |= {"your_role": "engage", "social_care": "yes", "reason_not_to_offer": "no", "placement": "in_borough"}
    given |= {"open_to_engage": "no", "repeat_episode": "no"}
    before, after = "2026-11-20T09:59:00Z", "2026-11-20T10:01:00Z"
    assert answer(tree, {"answers": given, "now": after})["state"] == "outcome"
    record = answer(tree, {"answers": given, "now": after, "record": "json"})["record"]
    from_there = {"open": {"size": len(record), "text": record}} if kept else {"answers": given}
    assert answer(tree, {**from_there, "now": after})["state"] == "outcome"
    asked = answer(tree, {**from_there, "now": before})
    assert (asked["state"], time in asked["answers"], f'name="{time}"' in asked["html"]) == ("asking", False, True)
