"""Hostile input in Python: whatever is sent to the engine is answered, and whatever stands in a file is told.

Nothing is raised, nothing that was sent comes back as markup, and the build ends with a sentence, not a traceback.
"""

from __future__ import annotations

import json
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from macros.authoring.citations.amendments import read_amendments
from macros.authoring.citations.lock import read_lock
from macros.authoring.load import TABLES, load_project
from macros.authoring.pages.tables import read_everyday, read_hard_to_read
from macros.authoring.sources.legible import DEEPEST, UNREAD, read_source
from macros.authoring.sources.schemas import Schemas
from macros.engine.api import LONGEST_REQUEST, Engine
from macros.site.before.training import TrainingPages
from tests.conftest import ROOT
from tests.hostile import HALVES, MARK, TEXTS, anything, spoilt, texts, tower, values
from tests.trees import published

often = settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@cache
def engine() -> Engine:
    return Engine(json.loads(json.dumps(published().bundle())))


@cache
def scene() -> Any:
    return json.loads(json.dumps(TrainingPages(published(), "engine/").bank["two-years-on"]))


@cache
def pair() -> Any:
    return json.loads(json.dumps(TrainingPages(published(), "engine/").pair_data["the-lift-home"]))


HARMED = {"danger": ["none"], "age": "13_to_15", "harm": ["disclosed"]}
RISK = {**HARMED, "harm": ["none"], "sexual_activity": "no", "drawn_into_crime": "no", "risk": "yes", "risk_notes": "x"}
TOLD = {"two-years-on": {"level": {"level-3": 2, "level-1": 1}}}
TIED = {"two-years-on": {"level": {"level-3": 2, "level-4": 2}}}
STATE = {
    "mode": "session", "scenes": ["two-years-on"], "scene": 0, "check": 0, "stage": "bars", "at": None,
    "what_if": None, "people": 20, "given": TOLD, "again": TOLD, "taken": {"two-years-on": {"level": "likely"}},
}  # fmt: skip


@cache
def sound() -> tuple[Any, ...]:
    """A request of each kind, as a page makes it."""
    base = {"tree": "level", "base": "../../", "answers": HARMED, "now": "2026-11-24T08:45:00Z"}
    kept = json.loads(engine().respond(json.dumps({**base, "record": "json"})))["record"]
    training = {"scenes": {"two-years-on": scene()}, "state": STATE}
    asked: list[dict[str, Any]] = [
        base,
        {**base, "answers": RISK, "remarks": {"opinion": "differ", "why": "Because."}},
        {**base, "answers": {}, "submit": {"node": "danger-check.danger", "fields": {"danger": ["none"]}}},
        {**base, "answers": RISK, "change": "harm"},
        {**base, "later": "changes"},
        {**base, "record": "text"},
        {**base, "record": "json"},
        {"tree": "level", "open": {"size": len(kept), "text": kept}, "now": base["now"]},
        *(
            {"training": {**training, "do": do}}
            for do in ("on", "back", "here", "outcome", "next", "again", "summary", "text")
        ),
        {"training": {**training, "do": "what-if", "n": 0, "state": {**STATE, "stage": "debrief"}}},
        {"training": {**training, "do": "fork", "n": 1}},
        {
            "training": {
                **training,
                "do": "take",
                "n": 0,
                "state": {**STATE, "stage": "tie", "given": TIED, "again": {}},
            }
        },
        {"training": {**training, "do": "commit", "fields": {"level-1": ["3"]}, "state": {**STATE, "stage": "commit"}}},
        {"training": {**training, "do": "begin", "mode": "practise", "chosen": ["two-years-on"], "given": TOLD}},
        {"training": {"do": "sort", "lines": ["a", "b"], "bins": {"0": "harm", "1": "risk"}, "purpose": "risk"}},
        {"training": {"do": "pair", "pair": pair(), "counts": {"a-level-4": ["7"], "b-level-3": ["9"]}}},
    ]
    return tuple(json.loads(json.dumps(one)) for one in asked)


class Tags(HTMLParser):
    """The tags of a text with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))


def harmless(html: str) -> None:
    """Fails if a text holds what no screen of ours does."""
    for tag, attributes in Tags(html).tags:
        assert tag not in {"script", "img", "iframe", "style", "object", "embed", "link", "meta", "base", "math"}, tag
        for name, value in attributes:
            assert not name.startswith("on"), name
            assert name != "srcdoc"
            if name in ("href", "action", "src", "formaction"):
                assert re.match(r"(\.\./)*(\./)?[\w#/-]*|tel:", value or ""), value
                assert "javascript:" not in (value or "").lower()


def asked(text: str) -> dict[str, Any]:
    """The response to the text of a request, looked at: it is an answer, or a refusal in words."""
    said = engine().respond(text)
    response = json.loads(said)
    assert isinstance(response["ok"], bool)
    assert response["ok"] or response["message"]
    for part in ("html", "report"):
        harmless(response.get(part, ""))
    return response


def test_the_requests_that_are_spoilt_below_are_sound() -> None:
    assert [asked(json.dumps(request))["ok"] for request in sound()] == [True] * len(sound())


@settings(often, max_examples=1200)
@given(request=spoilt(sound))
def test_a_request_with_anything_in_it_changed_is_answered(request: Any) -> None:
    asked(json.dumps(request))


@often
@given(text=texts | anything.map(json.dumps))
@example("")
@example("null")
@example("1e999")
@example("1" * 10_000)
@example('{"tree": "level", "tree": 1}')
@example(tower(100_000))
@example(tower(100_000, "{"))
@example(f'{{"tree": "level", "answers": {tower(900, "{")}}}')
@example(f'{{"tree": "level", "open": {{"size": 1, "text": {tower(900)}}}}}')
@example(f'{{"training": {{"do": "sort", "lines": {tower(900)}}}}}')
@example(f'{{"training": {{"scenes": {tower(900, "{")}, "do": "begin"}}}}')
@example(json.dumps({"tree": "level", "answers": {"x": "x" * LONGEST_REQUEST}}))
@example('{"tree": "level"' + "," * 100_000)
def test_any_text_at_all_is_answered(text: str) -> None:
    asked(text)


@pytest.mark.parametrize("text", [None, 1, b"{}", [], {}])
def test_what_is_no_text_is_refused(text: Any) -> None:
    assert json.loads(engine().respond(text))["ok"] is False


def test_a_scenario_whose_answers_end_nowhere_is_refused() -> None:
    """Found by the test above: such a one raised, and took the worker of every open page with it."""
    check = {**scene()["checks"][0], "answers": {"danger": ["none"]}}
    scenes = {"two-years-on": {**scene(), "checks": [check]}}
    for do in ("on", "debrief", "text", "summary"):
        state = {**STATE, "step": 0}
        assert not asked(json.dumps({"training": {"scenes": scenes, "state": state, "do": do}}))["ok"]


@pytest.mark.parametrize(
    ("part", "of_check"),
    [({}, {"minutes": float("inf")}), ({"clauses": {"s9-11": {}}}, {}), ({"clauses": {"s9-11": {"url": "x"}}}, {})],
)
def test_a_scenario_with_a_part_that_cannot_be_is_refused(part: dict[str, Any], of_check: dict[str, Any]) -> None:
    checks = [{**check, **of_check} for check in scene()["checks"]]
    scenes = {"two-years-on": {**scene(), "checks": checks, **part}}
    begun = {"scenes": scenes, "do": "begin", "mode": "session", "chosen": ["two-years-on"]}
    assert not asked(json.dumps({"training": begun}))["ok"]


@often
@given(why=texts, note=texts)
def test_what_a_reader_writes_is_shown_as_text_wherever_it_is_shown(why: str, note: str) -> None:
    answers = {**RISK, "risk_notes": note}
    for more in ({}, {"change": "risk"}):
        asked(json.dumps({"tree": "level", "answers": answers, "remarks": {"opinion": "agree", "why": why}, **more}))
    done = {**HARMED, "notes": note}
    request = {"tree": "level", "answers": done, "remarks": {"opinion": "agree", "why": why}}
    assert asked(json.dumps(request))["state"] == "outcome"


@often
@given(lines=st.lists(texts, max_size=6), bins=anything, purpose=values)
def test_lines_of_a_checklist_are_shown_as_text(lines: list[str], bins: Any, purpose: Any) -> None:
    sort = {"do": "sort", "lines": lines, "bins": bins, "purpose": purpose}
    response = asked(json.dumps({"training": sort}))
    assert response["ok"] == (not bins or isinstance(bins, dict))


def test_much_is_cut_down_to_what_there_can_be() -> None:
    lines = [f"{i} {'x' * 5000}" for i in range(2000)]
    response = asked(json.dumps({"training": {"do": "sort", "lines": lines[:80]}}))
    assert len(response["lines"]) == 60
    assert max(map(len, response["lines"])) == 300
    assert not asked(json.dumps({"training": {"do": "sort", "lines": lines}}))["ok"], "longer than a request may be"


def test_nothing_of_one_request_is_in_the_answer_to_the_next() -> None:
    before = engine().respond(json.dumps(sound()[0]))
    for text in (*TEXTS, *HALVES):
        asked(json.dumps({"tree": "level", "answers": {**RISK, "risk_notes": text, text: text}}))
    assert engine().respond(json.dumps(sound()[0])) == before


# ---- files of the project


@often
@given(raw=st.binary(max_size=60) | texts.map(lambda text: json.dumps([text]).encode()))
@example(tower(100_000).encode())
@example(tower(DEEPEST + 1, "{").encode())
@example(b"[NaN]")
@example(b"[1e999]")
@example(b'{"a": {"\\ud800": 1, "\\ud800": 2}}')
@example(b"\xef\xbb\xbf{}")
@example(b"[" + b"9" * 10_000 + b"]")
def test_a_file_is_read_or_it_is_told_where_it_cannot_be(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "file.json"
    path.write_bytes(raw)
    _, data, diagnostics = read_source(path, "file.json")
    assert diagnostics or data is not UNREAD
    for diagnostic in diagnostics:
        assert str(diagnostic).encode(), "what is told can be printed"
        assert diagnostic.line >= 1
        assert diagnostic.fix


@pytest.mark.parametrize("text", ["\ud800", "\x00", "\x9b", "\u202e", "\u2066", "\u2028", "\uffff"])
def test_a_character_that_nobody_sees_is_told_at_its_place(tmp_path: Path, text: str) -> None:
    path = tmp_path / "file.json"
    path.write_text(json.dumps({"a": ["x", f"y {text}"]}, indent=1), "utf-8")
    _, _, (diagnostic,) = read_source(path, "file.json")
    assert (diagnostic.kind, diagnostic.pointer, diagnostic.line) == ("strange-character", "/a/1", 4)


@cache
def locks() -> Any:
    untold = {"s9-11": {"was": "abc", "named_by": ["one"]}}
    cited = {"level/a": [{"words": ["abc"], "cites": ["s9-11"]}]}
    return [{"clauses": {"s9-11": "abc"}, "cited": cited, "waived": {}, "untold": untold}]


@cache
def tables() -> Any:
    return [{"amendments": [AMENDED, {**AMENDED, "id": "two", "pages": ["glossary.md"]}]}]


AMENDED = {"id": "one", "date": "2026-01-31", "title": "T", "what": "W.", "why": "Y.", "clauses": ["s9-11"]}


@often
@given(data=spoilt(tables))
def test_a_table_of_amendments_is_read_or_refused_with_its_places(
    tmp_path_factory: pytest.TempPathFactory, data: Any
) -> None:
    root = tmp_path_factory.getbasetemp()
    (root / "decision_trees").mkdir(exist_ok=True)
    (root / "decision_trees" / "amendments.json").write_text(json.dumps(data), "utf-8")
    found, diagnostics = read_amendments(root, schemas(), published().register, published().redirects)
    assert bool(found) != bool(diagnostics)
    assert all(str(diagnostic).encode() for diagnostic in diagnostics)


@often
@given(data=spoilt(locks))
def test_a_lock_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: Any) -> None:
    root = tmp_path_factory.getbasetemp()
    (root / "decision_trees").mkdir(exist_ok=True)
    (root / "decision_trees" / "clauses.lock.json").write_text(json.dumps(data), "utf-8")
    lock, diagnostics = read_lock(root, schemas())
    assert (lock is None) == bool(diagnostics)


@cache
def schemas() -> Schemas:
    return Schemas(ROOT / "schemas")


SHAPES = ["[]", "null", '{"a": [{"b": null}]}', tower(3000, "{"), '{"\\ud800": 1}']


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_another_shape_is_told_and_never_fallen_over(tmp_path: Path, name: str) -> None:
    for part in ("schemas", "docs"):
        (tmp_path / part).symlink_to(ROOT / part)
    (tmp_path / "decision_trees").mkdir()
    for path in (ROOT / "decision_trees").iterdir():
        if path.name != f"{name}.json":
            (tmp_path / "decision_trees" / path.name).symlink_to(path)
    for text in SHAPES:
        (tmp_path / "decision_trees" / f"{name}.json").write_text(text, "utf-8")
        diagnostics = load_project(tmp_path).diagnostics
        assert any(diagnostic.file.endswith(f"{name}.json") for diagnostic in diagnostics)
        assert all(str(diagnostic).encode() for diagnostic in diagnostics)


@pytest.mark.parametrize("text", SHAPES)
def test_a_table_about_reading_of_another_shape_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "decision_trees").mkdir()
    (tmp_path / "docs").mkdir()
    (tmp_path / "schemas").symlink_to(ROOT / "schemas")
    for name in ("everyday-words", "hard-to-read"):
        (tmp_path / "decision_trees" / f"{name}.json").write_text(text, "utf-8")
    assert read_everyday(tmp_path, published().register)[1]
    assert read_hard_to_read(tmp_path)[1]


def test_no_script_of_a_text_above_would_go_unnoticed() -> None:
    with pytest.raises(AssertionError):
        harmless(TEXTS[0])
    with pytest.raises(AssertionError):
        harmless(TEXTS[2])
    with pytest.raises(AssertionError):
        harmless(TEXTS[7])
    assert MARK in TEXTS[0]
