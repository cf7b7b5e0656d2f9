"""An hour that fits: minutes of checks, sessions of one check a story, the guide's plans, and the close."""

from __future__ import annotations

import json
import re
import shutil
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import pytest

from macros.authoring.scenarios import Scenario, read_scenarios
from macros.authoring.sessions import minutes_of, read_sessions
from macros.authoring.sources.schemas import Schemas
from macros.engine.model.walk import walk
from macros.engine.training.summary import MOST_SENTENCES
from tests.test_training import ask, count, ends, go, moves_to, pages, said, step
from tests.trees import ROOT, SCENARIOS, published

SESSIONS: dict[str, Any] = json.loads((ROOT / "decision_trees" / "sessions.json").read_text("utf-8"))
FITS = range(53, 61)
"""5 + 3 x 13 + 9, and up to the hour."""


@pytest.fixture(params=SCENARIOS)
def scenario(request: pytest.FixtureRequest) -> Scenario:
    return published().scenarios[request.param]


def begin(*ids: str, **what: Any) -> dict[str, Any]:
    return ask(ids=ids, do="begin", mode="session", chosen=list(ids), **what)


def main(scenario: Scenario) -> dict[str, Any]:
    """The level check of a story if it has one, else its first."""
    checks = scenario.data["checks"]
    return next((check for check in checks if check["tree"] == "level"), checks[0])


def counted(response: dict[str, Any], tree: str) -> dict[str, Any]:
    return count(response, {ends(tree)[0]: 3, ends(tree)[-1]: 2})


def can_come_to(check: dict[str, Any]) -> set[str]:
    """The outcomes of a check: of each of its branches, if it leaves something to the room."""
    return {one["expect"]["outcome"] for one in check.get("branches", (check,))}


# ---- the sessions that are offered


@pytest.mark.parametrize("session", SESSIONS["sessions"], ids=lambda one: one["title"])
def test_a_session_that_is_offered_fits_the_hour(session: dict[str, Any]) -> None:
    stories = [published().scenarios[id] for id in session["scenarios"]]
    minutes = 5 + sum(main(story)["minutes"] for story in stories) + 9
    assert minutes in FITS
    assert minutes == minutes_of(published().sessions, published().scenarios, session)


@pytest.mark.parametrize(
    ("scenarios", "kind"),
    [
        (["four-views", "told-the-school-nurse", "he-decides"], "over-the-hour"),
        (["four-view", "told-the-school-nurse", "he-decides"], "unknown-scenario"),
    ],
)
def test_a_session_that_does_not_fit_or_names_no_story_is_refused(
    tmp_path: Path, scenarios: list[str], kind: str
) -> None:
    shutil.copytree(ROOT / "decision_trees" / "scenarios", tmp_path / "decision_trees" / "scenarios")
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    schemas = Schemas(ROOT / "schemas")
    table = {**SESSIONS, "sessions": [*SESSIONS["sessions"], {"title": "Another", "scenarios": scenarios}]}
    (tmp_path / "decision_trees" / "sessions.json").write_text(json.dumps(table), "utf-8")
    sessions, found = read_sessions(tmp_path, schemas, read_scenarios(tmp_path, schemas)[0])
    assert [diagnostic.kind for diagnostic in found] == [kind]
    assert sessions == {}


def test_the_list_offers_them_and_says_how_long_each_story_takes() -> None:
    html = str(pages().session("../../"))
    offered = re.findall(r'data-session="([^"]*)"', html)
    assert offered == [" ".join(one["scenarios"]) for one in published().sessions["sessions"]]
    for id, story in published().scenarios.items():
        (row,) = re.findall(rf'<li data-scenario="{id}"[^>]*>', html)
        assert f'data-minutes="{sum(check["minutes"] for check in story.data["checks"])}"' in row
        assert f'data-main-minutes="{main(story)["minutes"]}"' in row


# ---- one check a story


def test_a_short_session_does_the_main_check_of_a_story_and_no_other(scenario: Scenario) -> None:
    response = begin(scenario.id, short=True)
    check = main(scenario)
    assert response["place"]["step"] == f"{check['tree']}.commit"
    assert f'data-whole="{check["minutes"] + 9}"' in response["console"]
    assert "Check 1 of" not in said(response)
    response = go(counted(response, check["tree"]), "outcome")
    assert re.findall(r'data-outcome="([^"]*)"', response["html"])[0] in can_come_to(check)
    assert go(response, "next")["state"]["stage"] == "summary"
    every = begin(scenario.id)
    for _ in scenario.data["checks"]:
        assert every["state"]["stage"] == "read"
        every = go(every, "next")
    assert every["state"]["stage"] == "summary"


def test_one_key_goes_through_a_short_session_and_back() -> None:
    ids = ["the-trainer", "a-reason-on-record", "a-new-jacket"]
    response = begin(*ids, short=True)
    seen = []
    for id in ids:
        assert response["place"] == {"scenario": id, "step": f"{main(published().scenarios[id])['tree']}.commit"}
        response = counted(response, main(published().scenarios[id])["tree"])
        while response["state"]["stage"] not in ("read", "summary"):
            seen.append(response["html"])
            response = step(response)
    back = []
    while response["state"]["scene"] or response["state"]["stage"] != "read":
        response = go(response, "back")
        back += [response["html"]] if response["state"]["stage"] not in ("read", "pairs", "commit") else []
    assert back[::-1] == seen
    assert [one["state"]["stage"] for one in moves_to(response, "summary")].count("read") == len(ids)


def test_a_short_session_goes_on_where_it_stood_and_one_kept_before_there_were_any_is_long() -> None:
    short = begin("the-trainer", short=True)
    assert ask(ids=["the-trainer"], state=short["state"], do="here") == short
    old = {name: value for name, value in begin("the-trainer")["state"].items() if name != "short"}
    assert ask(ids=["the-trainer"], state=old, do="here")["place"]["step"] == "consent.commit"
    assert not ask(ids=["the-trainer"], state={**short["state"], "check": 1}, do="here")["ok"]


@pytest.mark.parametrize("short", [None, 1, "true", [True]])
def test_what_is_neither_short_nor_long_is_refused(short: object) -> None:
    state = begin("the-trainer")["state"]
    assert not begin("the-trainer", short=short)["ok"]
    assert not ask(ids=["the-trainer"], state={**state, "short": short}, do="here")["ok"]


@cache
def every_sheet() -> str:
    """The sheets of every story, which take 20 seconds."""
    return str(pages().sheets("../../"))


def test_the_sheets_hold_each_outcome_and_each_note() -> None:
    html = every_sheet()
    for scenario in published().scenarios.values():
        (sheet,) = re.findall(rf'<article[^>]*data-scenario="{scenario.id}".*?</article>', html, re.DOTALL)
        assert all(
            escape(words, quote=False) in sheet for words in (*scenario.data["notes"], scenario.data["vignette"])
        )
        for check in scenario.checks:
            journey = walk(published().trees[check.tree], check.answers)
            assert f'data-step="{check.tree}.reveal.{len(journey.screens)}"' in sheet
        debriefs_of = [one["debrief"] for check in scenario.data["checks"] for one in check.get("branches", (check,))]
        assert all(escape(debrief, quote=False) in sheet for debrief in debriefs_of)
    assert html.count("data-tool=") == len(published().tools)


def test_the_sheets_of_a_short_session_leave_out_all_but_the_main_check(scenario: Scenario) -> None:
    (sheet,) = re.findall(rf'<article[^>]*data-scenario="{scenario.id}".*?</article>', every_sheet(), re.DOTALL)
    assert f'data-main="{main(scenario)["tree"]}"' in sheet
    shown = re.findall(r'<div class="tr-checked">.*?data-step="([a-z]+)\.commit"', sheet, re.DOTALL)
    assert shown[:1] == [main(scenario)["tree"]]
    assert sheet.count("data-beside") == 2 * (len(scenario.data["checks"]) - 1)


# ---- the guide's plans


def plan(name: str) -> list[tuple[int, str]]:
    """The rows of a plan of the guide: their minutes and the words behind."""
    guide = (ROOT / "docs" / "training" / "guide.md").read_text("utf-8")
    part = guide.split(f"{{: #a-plan-for-{name} }}")[1].split("\n## ")[0]
    return [(int(minutes), words) for minutes, words in re.findall(r"^\| (\d+) \| (.*) \|$", part, re.MULTILINE)]


def total(name: str) -> int:
    guide = (ROOT / "docs" / "training" / "guide.md").read_text("utf-8")
    part = guide.split(f"{{: #a-plan-for-{name} }}")[1].split("\n| minutes")[0]
    (minutes,) = re.findall(r"(\d+) minutes", part)
    return int(minutes)


def test_the_plan_for_an_hour_is_that_of_the_sessions_that_are_offered() -> None:
    hour = published().sessions["hour"]
    minutes = [minutes for minutes, _ in plan("60-minutes")]
    assert minutes == [hour["open"], 13, 13, 13, hour["close"]]
    assert sum(minutes) == total("60-minutes") == FITS[0]
    offered = [minutes_of(published().sessions, published().scenarios, one) for one in published().sessions["sessions"]]
    assert min(offered) == sum(minutes)


def test_the_plan_for_half_a_day_takes_as_long_as_its_stories() -> None:
    by_title = {story.data["title"]: story for story in published().scenarios.values()}
    rows = plan("half-a-day")
    assert sum(minutes for minutes, _ in rows) == total("half-a-day")
    named = 0
    for minutes, words in rows:
        for title, stated in re.findall(r"“([^”]*)” \((\d+) minutes\)", words):
            assert int(stated) == sum(check["minutes"] for check in by_title[title].data["checks"])
            named += 1
        parts = [int(n) for n in re.findall(r"\((\d+) minutes\)", words)]
        assert sum(parts) in (0, minutes)
    assert named == 6


# ---- the close


@pytest.mark.parametrize("many", [1, 3, 4])
def test_the_room_takes_home_the_first_lesson_of_each_story_and_three_at_most(many: int) -> None:
    ids = SCENARIOS[:many]
    response = begin(*ids, short=True)
    for id in ids:
        response = go(counted(response, main(published().scenarios[id])["tree"]), "next")
    home = re.findall(r"<li>(.*?)</li>", response["html"])
    teaches = [published().scenarios[id].data["teaches"][0] for id in ids]
    assert home == teaches[:MOST_SENTENCES]


def test_the_pledge_has_no_field_and_is_kept_nowhere() -> None:
    response = go(counted(begin("the-trainer", short=True), "level"), "summary")
    assert not re.search(r"<(input|textarea|form)", said(response))
    assert set(response["state"]) == set(begin("the-trainer")["state"])
