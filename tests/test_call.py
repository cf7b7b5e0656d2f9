"""The call sheet: what is said in the call that a result asks for, made of the record and read aloud in two minutes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from macros.engine.analysis.outlook import settle
from macros.engine.html.call import Sheet, call, sheet_html
from macros.engine.html.view import View
from macros.engine.model.guards import Value
from macros.engine.model.tree import Tree
from macros.engine.model.walk import walk
from macros.engine.record.call import sheet_of, sheet_text
from macros.engine.record.record import record_of
from tests import small
from tests.trees import ROOT, TOOLS, concluded, grown, published

NOW = "2026-11-29T18:00:00Z"
FLOOD = {"danger": ("none",), "tenant": "no", "age": "new", "water": ("roof", "cellar"), "since": "2026-11-24T08:45"}
LEAK = {"danger": ("none",), "tenant": "no", "age": "old", "water": ("roof",), "rain": "not_known", "mended": "yes"}
MOST_WORDS = 260
UNCOUNTED = re.compile(r"<(blockquote|textarea|button)\b.*?</\1>", re.DOTALL)


def respond(**request: object) -> dict[str, Any]:
    response: dict[str, Any] = json.loads(small.engine().respond(json.dumps({"tree": "level", "now": NOW, **request})))
    return response


def sheet(tree: Tree, answers: Mapping[str, Value], **written: str) -> Sheet:
    view = View(tree, "./")
    return sheet_of(view, record_of(view, concluded(tree, answers), NOW), written)


def said(sheet: Sheet) -> dict[str, str]:
    return {part.id: " ".join(part.said) for part in sheet.parts}


# ---- how it is made, of a leaking house


def test_a_result_that_the_data_names_has_a_sheet_and_no_other() -> None:
    assert 'data-later="call"' in respond(answers=LEAK)["html"]
    assert 'data-later="call"' not in respond(answers={**LEAK, "water": ["none"]})["html"]
    for request in ({"later": "call"}, {"record": "call"}):
        assert respond(answers=LEAK, **request)["ok"]
        assert not respond(answers={**LEAK, "water": ["none"]}, **request)["ok"]
        assert not respond(answers={}, **request)["ok"]


def test_it_says_what_was_answered_and_what_brought_a_settled_level() -> None:
    flood = said(sheet(small.tree("level"), FLOOD))
    assert flood["house"] == (
        "I am ringing about a house with water in it. It came to level 3, because it comes through the roof and it "
        "stands in the cellar. It began: Tuesday 24 November 2026, 08:45. "
        "The report is due: Thursday 26 November 2026, 08:45 (UK time)."
    )
    assert flood["water"] == "It comes through the roof. It stands in the cellar."
    leak = said(sheet(small.tree("level"), LEAK))
    assert leak["house"].startswith("I am ringing about a house with water in it. It may be 2 or 3. The house is old.")
    assert leak["unknown"] == "Not known: whether it is raining."


def test_what_comes_first_and_who_reads_it_are_data() -> None:
    first = sheet(small.tree("level"), {**FLOOD, "danger": ("fire",), "tenant": "yes"})
    assert first.before == ("The fire brigade first: ring them.", "Have this beside you: the key.")
    assert first.title == "Tell the landlord"
    assert said(first)["house"].startswith("I live in a house")


def test_what_was_not_asked_is_told_after_what_is_not_known() -> None:
    told = sheet(small.tree("level"), {**FLOOD, "since": "not_known"})
    assert said(told)["unknown"] == "Not known: when it began. Not asked: whether it is raining; the roof."


def test_notes_stand_apart_from_what_is_said_and_from_what_is_written_on_the_sheet() -> None:
    response = respond(
        answers={**LEAK, "notes": "Seen <b>wet</b>."}, remarks={"call-water": "</textarea>More."}, later="call"
    )
    assert '<blockquote class="dt-call-written">Seen &lt;b&gt;wet&lt;/b&gt;.</blockquote>' in response["html"]
    assert ">&lt;/textarea&gt;More.</textarea>" in response["html"]
    text = respond(answers={**LEAK, "notes": "Seen."}, remarks={"call-water": "a\nb", "call-house": 4}, record="call")[
        "record"
    ]
    assert "   | Seen.\n   | a\n   | b\n" in text
    assert "What I have done" not in text, "an empty part is said"
    assert "Made: Sunday 29 November 2026, 18:00 (UK time)" in text
    assert text.startswith("DRAFT, NOT APPROVED\n")


@pytest.mark.parametrize("spare", [0, 20])
def test_there_are_never_more_words_than_can_be_read_aloud(monkeypatch: pytest.MonkeyPatch, spare: int) -> None:
    monkeypatch.setattr("macros.engine.record.call.MOST_WORDS", 40 + spare)
    monkeypatch.setattr("macros.engine.record.call.KEPT_FOR_UNKNOWN", 5)
    told = sheet(small.tree("level"), {**FLOOD, "since": "not_known"})
    assert said(told)["unknown"].endswith("There is more, if you ask.")
    words = [*told.before, *(text for part in told.parts for text in (part.title, *part.said))]
    words += [told.words["order"], told.words["ask"]["title"], *told.words["ask"]["lines"]]
    assert len(" ".join(words).split()) <= 40 + spare + 10


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_sheet_follows_from_its_record_alone(data: st.DataObject) -> None:
    tree = small.tree("level")
    answers = {name: data.draw(st.sampled_from(grown.answers_to(tree.library.facts[name]))) for name in tree.facts()}
    ended = settle(tree, walk(tree, answers))
    if ended and call(View(tree, "./"), ended):
        view = View(tree, "./")
        record = record_of(view, ended, NOW)
        assert sheet_of(view, json.loads(json.dumps(record)), {}) == sheet_of(view, record, {})


# ---- whatever is published


def of_files() -> Iterator[tuple[str, dict[str, Any]]]:
    """The answers of every journey, scenario and what-if."""
    for path in sorted((ROOT / "tests" / "journeys").glob("*.json")):
        journey = json.loads(path.read_text("utf-8"))
        yield journey["tree"], journey["answers"]
    for scenario in published().scenarios.values():
        for replay in scenario.replays:
            yield replay.tree, dict(replay.answers)


def made_up(tree: Tree, seed: int) -> dict[str, Value]:
    """Answers by chance: some know little, some tick all there is."""
    chance = Random(f"{tree.id} {seed}")
    doubt, quiet = chance.random(), chance.random() < 0.6
    answers: dict[str, Value] = {}
    for name in tree.facts():
        fact = tree.library.facts[name]
        if fact.kind == "text":
            answers[name] = chance.choice(["", "Seen at the station.\nTwice."])
            continue
        values = [*fact.values, *(["2026-11-13T23:40"] if fact.kind == "datetime" else [])]
        value = "not_known" if "not_known" in values and chance.random() < doubt else chance.choice(values)
        if name in ("danger", "harm") and quiet:
            value = chance.choice(["none", "not_known"])
        several = tuple(v for v in values if v not in fact.exclusive and chance.random() < 0.8) or (values[0],)
        answers[name] = value if fact.kind != "any_of" else (value,) if value in fact.exclusive else several
    return answers


def counted(html: str) -> int:
    return len(re.sub(r"<[^>]+>", " ", UNCOUNTED.sub(" ", html)).split())


def fault(tree: Tree, answers: Mapping[str, Any]) -> str | None:
    """What is wrong with the sheet of these answers, or with its being there or not."""
    ended, view = settle(tree, walk(tree, answers)), View(tree, "./")
    if ended is None:
        return None
    fold = call(view, ended)
    if ended.level is not None or ended.floors["referral"]:
        due = (ended.level or 0) >= 2 or ended.floors["referral"] > 0
        if due != (fold is not None):
            return f"{answers}: a sheet is {'missing' if due else 'too much'}"
    if fold is None:
        return None
    record = record_of(view, ended, NOW)
    made = sheet_of(view, record, {})
    lines = [line for line in sheet_text(record, made).splitlines() if not line.startswith("   |")]
    text = "\n".join(re.sub(r"^(\d+\.|-) ", "", line) for line in lines)
    if max(counted(sheet_html(view, made)) + len(made.title.split()), len(text.split())) > MOST_WORDS:
        return f"{answers}: too many words:\n{text}"
    if re.search(r"\{|: ;|: \.", text):
        return f"{answers}: a gap in the words:\n{text}"
    police = record["result"]["police"] and ended.answers["your_role"] != "police"
    if bool(police) != made.before[0].startswith("The police come first"):
        return f"{answers}: the police come first where there is a police action, and nowhere else"
    return None


def test_every_sheet_of_the_files_is_short_and_due() -> None:
    trees = published().trees
    assert [found for tree, answers in of_files() if (found := fault(trees[tree], answers))] == []


@pytest.mark.parametrize("tool", TOOLS)
def test_every_sheet_of_answers_by_chance_is_short_and_due(tool: str) -> None:
    tree = published().trees[tool]
    assert [found for seed in range(120) if (found := fault(tree, made_up(tree, seed)))] == []


def test_no_line_says_what_an_answer_did_not_say() -> None:
    """Each line that speaks of answers falls silent when the record loses one of them."""
    tree = published().trees["level"]
    view = View(tree, "./")
    for seed in range(60):
        ended = settle(tree, walk(tree, made_up(tree, seed)))
        if ended is None or call(view, ended) is None:
            continue
        record = record_of(view, ended, NOW)
        none = {
            **record,
            "answers": [],
            "narrative": [],
            "result": {**record["result"], "not_known": [], "reasons": []},
        }
        left = {part.id: part.said for part in sheet_of(view, none, {}).parts}
        assert [id for id, lines in left.items() if lines and id not in ("situation", "unknown")] == []
        assert len(left["situation"]) == 2, "who calls and the level"
        assert len(left["unknown"]) == 1, "what was not gone into"


def test_it_ends_with_four_questions_and_asks_for_no_name() -> None:
    data = published().library.call_sheet
    assert len(data["ask"]["lines"]) == 4
    assert all("?" in line for line in data["ask"]["lines"])
    words = json.dumps(data, ensure_ascii=False).lower()
    assert "in order to fill blanks" in words
    assert not re.search(r"score|rating|willing|perpetrator|abuser", words)


def test_signs_of_harm_stand_apart_from_risks_and_what_protects() -> None:
    facts = published().library.facts
    for part in published().library.call_sheet["parts"]:
        guards = json.dumps([line.get("if", {}) for line in part.get("lines", ())])
        named = {name for name in facts if f'"{name}"' in guards}
        domains = {facts[name].domain for name in [*named, *part.get("notes", ())]}
        assert not ("harm" in domains and domains & {"risk", "protective"}), part["id"]
        assert not ("risk" in domains and "protective" in domains), part["id"]
