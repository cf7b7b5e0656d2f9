"""The journeys of tests/journeys/: what the procedure makes of each situation, replayed by the engine.

Each is replayed at once, from all its answers, and again as a page does it: form by form, from the HTML alone.
"""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from macros.authoring.load import Project
from macros.engine.api import Engine, summary
from macros.engine.model.tree import Tree
from macros.engine.model.walk import walk
from tests.trees import published

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "tests" / "journeys").glob("*.json"))
JOURNEYS: dict[str, dict[str, Any]] = {path.stem: json.loads(path.read_text("utf-8")) for path in FILES}


@pytest.fixture(scope="module")
def project() -> Project:
    return published()


@pytest.fixture(scope="module")
def engine(project: Project) -> Engine:
    return Engine(json.loads(json.dumps(project.bundle())))


class Reader(HTMLParser):
    """Reads a screen as a browser would: its form, the inputs in it, and what a result offers to tap."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.node: str | None = None
        self.open: str | None = None
        self.names: set[str] = set()
        self.values: dict[str, set[str]] = {}
        self.offers: list[tuple[str, str]] = []
        self.results: list[str] = []
        self.edges: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = at.get("data-node")  # the form for the reader's own view of a result asks nothing
            self.node = self.node or self.open
        elif tag in ("input", "textarea") and self.open:
            self.names.add(at["name"])
            self.values.setdefault(at["name"], set()).add(at.get("value", ""))
        elif at.get("data-action") == "offer":
            self.offers.append((at["data-fact"], at["data-value"]))
        if "data-result" in at:
            self.results.append(at["data-result"])
        if "data-edge" in at:
            self.edges.append(at["data-edge"])


def ask(engine: Engine, **request: object) -> dict[str, Any]:
    response: dict[str, Any] = json.loads(engine.respond(json.dumps({"base": "../../", **request})))
    assert response["ok"], request
    return response


def fields(screen: Reader, answers: dict[str, Any]) -> dict[str, list[str]]:
    """What a reader with these answers leaves in the form: nothing where they have no answer."""
    given = {name: answers.get(name, []) for name in screen.names}
    return {name: [value] if isinstance(value, str) else value for name, value in given.items()}


def come_to(tree: Tree, answers: dict[str, Any]) -> dict[str, Any]:
    """What answers come to, and which of them leave it open."""
    journey = walk(tree, answers)
    return {**summary(tree, journey), "open": list(journey.open)}


def page_through(engine: Engine, tree: str, answers: dict[str, Any]) -> dict[str, Any]:
    """The last response of a page whose reader answers form after form, and taps on the result what they mean to."""
    response = ask(engine, tree=tree, answers={})
    for _ in range(40):
        screen = Reader(response["html"])
        given = response["answers"]
        taken = [(fact, value) for fact, value in screen.offers if answers.get(fact) == value != given.get(fact)]
        if response["state"] == "outcome" and not taken:
            return response
        if response["state"] == "outcome":
            fact, value = taken[0]
            submit: dict[str, object] = {"node": None, "fields": {fact: [value]}}
        else:
            assert screen.node == response["node"]
            submit = {"node": screen.node, "fields": fields(screen, answers)}
        response = ask(engine, tree=tree, answers=response["answers"], submit=submit)
        if not response["valid"]:
            return response
    raise AssertionError("the journey does not end")


@pytest.mark.parametrize("name", JOURNEYS)
def test_journey_comes_to_what_the_procedure_says(project: Project, name: str) -> None:
    journey = JOURNEYS[name]
    tree = project.trees[journey["tree"]]
    told = come_to(tree, journey["answers"])
    assert {key: told[key] for key in journey["expect"]} == journey["expect"]


@pytest.mark.parametrize("name", JOURNEYS)
def test_journey_taken_form_by_form_comes_to_the_same(engine: Engine, name: str) -> None:
    journey, expect = JOURNEYS[name], JOURNEYS[name]["expect"]
    response = page_through(engine, journey["tree"], journey["answers"])
    shown = {key: response[key] for key in ("state", "node", "level", "settled")}
    assert shown == {key: expect.get(key) for key in shown}
    tree = engine.tree(journey["tree"])
    told = come_to(tree, response["answers"])
    compared = [key for key in expect if key not in ("unused", "problems")]
    assert {key: told[key] for key in compared} == {key: expect[key] for key in compared}


@pytest.mark.parametrize("name", [name for name, j in JOURNEYS.items() if j["expect"]["state"] == "outcome"])
def test_result_shows_each_result_and_each_reason_once(engine: Engine, name: str) -> None:
    expect = JOURNEYS[name]["expect"]
    screen = Reader(page_through(engine, JOURNEYS[name]["tree"], JOURNEYS[name]["answers"])["html"])
    assert sorted(screen.results) == sorted(expect["results"])
    assert sorted(screen.edges) == sorted(expect.get("reasons", screen.edges))


@pytest.mark.parametrize("name", [name for name, j in JOURNEYS.items() if j["expect"].get("police")])
def test_where_the_police_are_due_they_stand_first(engine: Engine, name: str) -> None:
    screen = Reader(page_through(engine, JOURNEYS[name]["tree"], JOURNEYS[name]["answers"])["html"])
    assert engine.library.results[screen.results[0]].route == "police"


def test_a_journey_is_named_by_its_situation_alone() -> None:
    names = [journey["name"] for journey in JOURNEYS.values()]
    assert len(set(names)) == len(names)


def tried(project: Project) -> dict[str, Any]:
    """The journeys, walked."""
    return {name: walk(project.trees[j["tree"]], j["answers"]) for name, j in JOURNEYS.items()}


def test_journeys_come_to_every_outcome_of_every_tool(project: Project) -> None:
    reached = {(j["tree"], j["expect"].get("outcome")) for j in JOURNEYS.values()}
    ends = {(tool, step.node.id) for tool in project.tools for step in project.trees[tool].ends}
    assert sorted(ends - reached) == []


def test_journeys_raise_every_floor_of_every_tool(project: Project) -> None:
    """Each tool by itself: an edge of a tree that several tools call is taken in each of them."""
    taken = {(journey.tree, edge.name) for journey in tried(project).values() for edge in journey.taken}
    raising = {
        (tool, move.edge.name)
        for tool in project.tools for step in project.trees[tool].steps.values() for move in step.moves
        if move.edge and move.edge.raises
    }  # fmt: skip
    assert sorted(raising - taken) == []


def test_journeys_take_every_edge_of_every_tree(project: Project) -> None:
    taken = {edge.name for journey in tried(project).values() for edge in journey.taken}
    edges = {edge.name for tree in project.library.trees.values() for node in tree.nodes for edge in node.edges}
    assert sorted(edges - taken) == []


@pytest.mark.parametrize("tool", ["consent", "definition", "level", "missing", "referral"])
def test_journeys_meet_every_kind_of_danger_in_every_tool(tool: str) -> None:
    met = {danger for j in JOURNEYS.values() if j["tree"] == tool for danger in j["answers"]["danger"]}
    assert {"none", "not_known", "safety", "crime", "missing_now"} - met == set()


def test_journeys_come_to_settled_and_unsettled_levels() -> None:
    """But to no level 1 while an open answer can raise it."""
    levels = {(e["level"], e["settled"]) for e in (j["expect"] for j in JOURNEYS.values()) if e.get("level")}
    assert levels == {(level, settled) for level in (1, 2, 3, 4) for settled in (True, False)} - {(1, False)}


DEADLINES = {
    "missing-in-borough-open-to-engage": "Saturday 6 June 2026, 18:20",
    "missing-return-over-the-change-in-march": "Monday 30 March 2026, 15:30",
    "missing-return-over-the-change-in-october": "Monday 26 October 2026, 13:30",
    "missing-return-long-past": "Thursday 9 January 2020, 09:00",
    "missing-not-offered-safety": "Saturday 6 June 2026, 18:20",
}


@pytest.mark.parametrize("name", DEADLINES)
def test_72_hours_from_the_return_are_worked_out_in_uk_time(engine: Engine, name: str) -> None:
    html = page_through(engine, JOURNEYS[name]["tree"], JOURNEYS[name]["answers"])["html"]
    assert f"<strong>{DEADLINES[name]}</strong> (UK time)" in html


@pytest.mark.parametrize("name", ["missing-return-time-not-known", "missing-reason-and-repeat"])
def test_no_time_is_worked_out_from_a_return_not_known(engine: Engine, name: str) -> None:
    html = page_through(engine, JOURNEYS[name]["tree"], JOURNEYS[name]["answers"])["html"]
    assert "(UK time)</p>" not in html
    assert "72 hours" in html


def test_journeys_give_every_answer_to_every_question(project: Project) -> None:
    given = {
        (fact, value)
        for journey in tried(project).values() for fact, answer in journey.answers.items()
        for value in ([answer] if isinstance(answer, str) else answer)
    }  # fmt: skip
    every = {(fact.id, value) for fact in project.library.facts.values() for value in fact.values}
    assert sorted(every - given) == []


def test_journeys_are_told_every_result_that_an_outcome_can_tell(project: Project) -> None:
    told = {result for journey in tried(project).values()
            for result in summary(project.trees[journey.tree], journey)["results"]}  # fmt: skip
    shown = {result for tree in project.library.trees.values() for node in tree.nodes for result in node.shows}
    assert sorted(set(project.library.results) - told - shown) == []
