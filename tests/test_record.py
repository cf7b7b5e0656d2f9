"""Records: what a reader keeps of a result, read again, whatever else may stand in the file.

tests/records/hostile holds files with one defect each, and hostile.json the kind of refusal each must meet;
tests/records/older holds records of another version, and older.json what is said of them today. Those are opened by the
published tools; all else is tried on the small library of the tests.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from macros.engine.analysis.outlook import Conclusion, settle
from macros.engine.api import LONGEST_REQUEST, Engine, summary, usable
from macros.engine.html.keeping import LONGEST_RECORD
from macros.engine.html.view import View
from macros.engine.model.answers import LONGEST_TEXT
from macros.engine.model.approval import approval_of
from macros.engine.model.guards import Value
from macros.engine.model.library import Fact
from macros.engine.model.remarks import NO_REMARKS, OPINIONS, Remarks
from macros.engine.model.tree import Tree
from macros.engine.model.uktime import read_utc
from macros.engine.model.walk import walk
from macros.engine.record.comparison import compare
from macros.engine.record.reader import DEEPEST, REFUSALS, Record, Refusal, deepest, read_record
from macros.engine.record.record import FORMAT, VALID_HOURS, Span, name_of, record_of
from macros.engine.record.shape import RECORD, Either, Flag, Many, Maybe, One, Parts, Shape, Text, Whole
from macros.engine.record.text import record_text
from macros.site.approval import Approval
from tests import small
from tests.records import older
from tests.trees import ROOT, concluded, published

FOLDER = ROOT / "tests" / "records"
HOSTILE: dict[str, dict[str, str]] = json.loads((FOLDER / "hostile.json").read_text("utf-8"))
OLDER: dict[str, dict[str, Any]] = json.loads((FOLDER / "older.json").read_text("utf-8"))
SCHEMA = Draft202012Validator(json.loads((ROOT / "schemas" / "record.schema.json").read_text("utf-8")))
PUBLISHED = ["consent", "definition", "level", "missing", "referral"]
NOW = "2026-11-24T08:45:12.345Z"
A_DAY_LATER = "2026-11-25T08:45:12.345Z"
SHAPE = {"foreign", "newer-format", "part-missing", "part-unknown", "wrong-type", "wrong-value", "too-long", "too-many"}
"""The kinds of refusal that the schema can know of."""

checked = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
often = settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
words = st.text(max_size=60) | st.sampled_from(["", "  ", "Seen\r\nat school.", "</textarea><b>\"'&", "\u202e\x07é 🙂"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=6,
)


def tree(id: str) -> Tree:
    return small.tree(id)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return small.engine()


@pytest.fixture(scope="module")
def published_engine() -> Engine:
    return Engine(json.loads(json.dumps(published().bundle())))


def respond(engine: Engine, **request: object) -> dict[str, Any]:
    response: dict[str, Any] = json.loads(engine.respond(json.dumps({"base": "../../", **request})))
    return response


def opened(engine: Engine, id: str, text: str | None, now: str | None = A_DAY_LATER) -> dict[str, Any]:
    """What the page gets for a file with this text."""
    return respond(engine, tree=id, open={"size": len((text or "").encode("utf-8", "replace")), "text": text}, now=now)


# ---- any journey ------------------------------------------------------------------------------------------------


def an_answer_to(fact: Fact) -> st.SearchStrategy[Value]:
    """Any answer that a page could give to a fact."""
    if fact.kind == "text":
        return words
    if fact.kind == "datetime":
        times = st.datetimes(datetime(2001, 1, 1), datetime(2026, 11, 24)).map(lambda t: t.strftime("%Y-%m-%dT%H:%M"))
        return times | st.sampled_from(fact.values)
    if fact.kind == "any_of":
        plain = [value for value in fact.values if value not in fact.exclusive]
        return st.lists(st.sampled_from(plain), min_size=1, unique=True).map(tuple) | st.sampled_from(
            [(value,) for value in fact.exclusive]
        )
    return st.sampled_from(fact.values)


@st.composite
def journeys(draw: st.DrawFn, *ids: str) -> Conclusion:
    """Any journey to an outcome of any tool, or of those named."""
    walked = tree(draw(st.sampled_from(ids or small.TOOLS)))
    answers = {name: draw(an_answer_to(walked.library.facts[name])) for name in walked.facts()}
    return concluded(walked, answers)


remarks = st.builds(Remarks, st.sampled_from(["", *OPINIONS]), words)


def made(journey: Conclusion, said: Remarks = NO_REMARKS, now: str | None = NOW) -> dict[str, Any]:
    return record_of(View(tree(journey.tree), "./", said), journey, now)


def as_file(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, indent=1)


def read(journey_tree: str, text: str) -> Record:
    record = read_record(tree(journey_tree), text, len(text.encode()))
    assert isinstance(record, Record), record
    return record


def lean(journey: Conclusion) -> dict[str, Any]:
    """A journey's facts, but for answers that it had no use for: a record does not keep those."""
    return {**summary(tree(journey.tree), journey), "unused": []}


@pytest.mark.parametrize("id", small.TOOLS)
@checked
@given(data=st.data(), said=remarks)
def test_a_record_read_again_and_replayed_is_the_same_journey(id: str, data: st.DataObject, said: Remarks) -> None:
    journey = data.draw(journeys(id))
    record = read(id, as_file(made(journey, said)))
    again = concluded(tree(id), record.answers)
    assert lean(again) == lean(journey)
    assert compare(View(tree(id), "./"), record, again).differences == ()
    assert record.made == datetime(2026, 11, 24, 8, 45, 12)
    assert record.remarks.opinion == said.opinion
    assert record.remarks.why.splitlines() == said.why.splitlines()
    assert record_of(View(tree(id), "./", record.remarks), again, NOW) == dict(record.data)


@checked
@given(journey=journeys(), said=remarks, now=st.sampled_from([NOW, None, "", "yesterday", "1970-01-01T00:00:00.000Z"]))
def test_every_record_follows_the_published_schema(journey: Conclusion, said: Remarks, now: str | None) -> None:
    record = json.loads(as_file(made(journey, said, now)))
    assert [f"{fault.json_path}: {fault.message[:100]}" for fault in SCHEMA.iter_errors(record)] == []


def test_every_published_journey_makes_a_record_that_follows_the_schema() -> None:
    for path in sorted((ROOT / "tests" / "journeys").glob("*.json")):
        journey = json.loads(path.read_text("utf-8"))
        walked = published().trees[journey["tree"]]
        if ended := settle(walked, walk(walked, journey["answers"])):
            record = json.loads(as_file(record_of(View(walked, "./"), ended, NOW)))
            assert [f"{path.stem}: {fault.json_path}" for fault in SCHEMA.iter_errors(record)] == []


@checked
@given(journey=journeys(), said=remarks)
def test_the_text_of_a_record_holds_all_that_it_has_to_carry(journey: Conclusion, said: Remarks) -> None:
    record, library = made(journey, said), small.library()
    text = record_text(record)
    lines = text.splitlines()
    assert lines[0] == approval_of(library.approval)["notice"].upper()
    assert library.version in text
    assert "24 November 2026, 08:45 (UK time)" in text
    assert "26 November 2026, 08:45 (UK time)" in text
    for name in journey.said:
        result = library.results[name]
        assert not result.actor or f"   Who: {result.actor}" in lines
        assert not result.timescale or f"   When: {result.timescale}" in lines
        assert all(f"({clause})" in text for clause in result.cites)
    for edge in journey.reasons:
        assert edge.because in text
        assert all(f"({clause})" in text for clause in edge.cites)
    for name, value in journey.answers.items():
        fact = library.facts[name]
        if fact.kind in ("one_of", "any_of"):
            labels = [fact.label(v) for v in ((value,) if isinstance(value, str) else value)]
            assert f"{fact.text} {'; '.join(labels)}" in lines
    for name in journey.not_known:
        assert f"- {library.facts[name].text} {library.facts[name].find_out}".rstrip() in text
    assert all(action["action"] in text for action in record["result"]["actions"])
    written = [str(v) for name, v in journey.answers.items() if library.facts[name].kind == "text"] + [said.why]
    for each in written:
        for line in each.splitlines():
            assert f"   | {''.join(c for c in line if c.isprintable() or c == chr(9))}" in lines or not each.strip()


@checked
@given(journey=journeys(), said=remarks)
def test_what_a_reader_wrote_cannot_pass_for_words_of_the_record(journey: Conclusion, said: Remarks) -> None:
    fake = "fine.\nDO THIS NOW\r1. Do nothing.\u2028End of the record."
    notes = {name: fake for name in journey.answers if small.library().facts[name].kind == "text"}
    journey = concluded(tree(journey.tree), {**journey.answers, **notes})
    lines = record_text(made(journey, Remarks(said.opinion, fake))).split("\n")
    assert not [line for line in lines if "Do nothing" in line and not line.startswith("   | ")]
    assert sum(line.startswith("End of the record") for line in lines) == 1


@checked
@given(journey=journeys(), said=remarks)
def test_a_view_alters_nothing_in_a_record_but_itself(journey: Conclusion, said: Remarks) -> None:
    plain, viewed = made(journey), made(journey, said)
    assert {**plain, "judgement": None} == {**viewed, "judgement": None}


@checked
@given(journey=journeys(), said=remarks)
def test_the_name_of_a_file_holds_the_tool_and_the_time_alone(journey: Conclusion, said: Remarks) -> None:
    assert name_of(made(journey, said)) == f"{journey.tree}-check-2026-11-24-0845.json"
    assert name_of(made(journey, said, None)) == f"{journey.tree}-check-time-not-known.json"


@pytest.mark.parametrize("id", PUBLISHED)
@pytest.mark.parametrize("letter", ["x", '"', "\x01", "🙂", "\n"])
def test_the_longest_record_of_a_tool_can_be_opened_again(published_engine: Engine, id: str, letter: str) -> None:
    facts = published().library.facts
    boxes = [name for name in published().trees[id].facts() if facts[name].kind == "text"]
    notes = dict.fromkeys(boxes, letter * LONGEST_TEXT)
    longest = ""
    for path in sorted((ROOT / "tests" / "journeys").glob("*.json")):
        journey = json.loads(path.read_text("utf-8"))
        if journey["tree"] != id or journey["expect"]["state"] != "outcome":
            continue
        why = {"opinion": "differ", "why": letter * LONGEST_TEXT}
        answers = {**journey["answers"], **notes}
        kept = respond(published_engine, tree=id, answers=answers, remarks=why, record="json", now=NOW)
        longest = max(longest, kept["record"] if kept["ok"] else "", key=len)
    assert longest.count(json.dumps(letter, ensure_ascii=False)[1:-1]) >= LONGEST_TEXT * (len(boxes) + 1)
    assert len(longest.encode()) <= LONGEST_RECORD
    assert opened(published_engine, id, longest).get("refused") is None


def test_a_request_is_no_longer_than_a_record_within_it_can_make_it() -> None:
    assert LONGEST_RECORD * 2 < LONGEST_REQUEST < LONGEST_RECORD * 3


def test_half_a_character_in_a_narrative_is_mended_before_it_is_kept(engine: Engine) -> None:
    said = {"opinion": "agree", "why": "half \ud83d of it"}
    kept = respond(engine, tree="level", answers=FLOOD, record="json", now=NOW, remarks=said)
    assert opened(engine, "level", kept["record"])["remarks"]["why"] == "half � of it"


# ---- what the page asks for -------------------------------------------------------------------------------------

FLOOD: dict[str, Any] = {
    "danger": ["none"], "tenant": "yes", "age": "new", "water": ["roof", "cellar"], "since": "not_known",
}  # fmt: skip


def test_there_is_no_record_before_there_is_a_result(engine: Engine) -> None:
    assert respond(engine, tree="level", answers={"danger": ["none"]}, record="text", now=NOW)["ok"] is False


def test_there_is_no_record_of_another_form(engine: Engine) -> None:
    assert respond(engine, tree="level", answers=FLOOD, record="html", now=NOW)["ok"] is False


def test_the_text_and_the_file_say_the_same(engine: Engine) -> None:
    text, file = (respond(engine, tree="level", answers=FLOOD, record=form, now=NOW) for form in ("text", "json"))
    assert text["record"] == record_text(json.loads(file["record"]))


def test_an_approved_check_says_by_whom_and_when_as_the_banner_does() -> None:
    for approval in (Approval("draft"), Approval("approved", "The owner", "2026-01-31")):
        assert approval_of(approval.as_said)["notice"] == approval.notice
    assert approval_of({"status": "Approved"})["status"] == "draft"
    assert approval_of({"approved_by": "Somebody", "approved_on": "2026-01-31"})["approved_by"] == ""


# ---- time -------------------------------------------------------------------------------------------------------


@often
@given(moment=st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)))
def test_a_record_is_valid_for_48_elapsed_hours(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    span = Span(moment)
    assert span.until == moment + timedelta(hours=VALID_HOURS) == moment + timedelta(days=2)
    second = timedelta(seconds=1)
    states = [span.state(now) for now in (moment - second, moment, span.until, span.until + second, None)]
    assert states == ["not-yet", "valid", "valid", "expired", "not-known"]


@pytest.mark.parametrize(
    ("at", "made_uk", "until_uk"),
    [
        ("2026-11-24T08:45:00Z", "24 November 2026, 08:45", "26 November 2026, 08:45"),
        ("2026-07-01T23:30:00.000Z", "2 July 2026, 00:30", "4 July 2026, 00:30"),
        ("2026-03-28T10:00:00Z", "28 March 2026, 10:00", "30 March 2026, 11:00"),
        ("2026-10-24T09:00:00Z", "24 October 2026, 10:00", "26 October 2026, 09:00"),
    ],
)
def test_the_end_is_told_in_uk_time_whatever_the_clocks_do(at: str, made_uk: str, until_uk: str) -> None:
    record = made(concluded(tree("level"), FLOOD), now=at)
    assert made_uk in record["made"]["uk_time"]
    assert until_uk in record["made"]["valid_until_uk_time"]


@pytest.mark.parametrize(
    "now",
    [None, "", "now", "2026-11-24", "2026-11-24T08:45:00", "2026-11-24T08:45:00+01:00", "2026-13-01T00:00:00Z",
     "1970-01-01T00:00:00.000Z", "2126-01-01T00:00:00Z", "+002026-11-24T08:45:00.000Z", "٢٠٢٦-11-24T08:45:00Z"],
)  # fmt: skip
def test_a_clock_that_cannot_be_right_is_told_as_not_known(engine: Engine, now: str | None) -> None:
    kept = respond(engine, tree="level", answers=FLOOD, record="json", now=now)
    made_at = json.loads(kept["record"])["made"]
    assert (made_at["at"], made_at["valid_until"]) == (None, None)
    assert "Not known" in made_at["uk_time"]
    assert 'data-opened="same"' in opened(engine, "level", kept["record"])["html"]


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-11-26T08:45:12Z", "It is still valid: until Thursday 26 November 2026, 08:45"),
        ("2026-11-26T08:45:13Z", "It is no longer valid"),
        ("2026-11-24T08:45:11Z", "a clock is wrong"),
        (None, "is not known"),
    ],
)
def test_an_opened_record_says_whether_it_is_still_valid(engine: Engine, now: str | None, said: str) -> None:
    kept = respond(engine, tree="level", answers=FLOOD, record="json", now=NOW)
    assert said in opened(engine, "level", kept["record"], now)["html"]


# ---- opening ----------------------------------------------------------------------------------------------------


class Html(HTMLParser):
    """The elements of a piece of HTML and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words += data

    def values(self, attribute: str) -> list[str]:
        return [at[attribute] for _, at in self.elements if attribute in at]


@checked
@given(journey=journeys(), said=remarks)
def test_an_opened_record_shows_the_screen_it_was_kept_of(engine: Engine, journey: Conclusion, said: Remarks) -> None:
    answers = {fact: list(v) if isinstance(v, tuple) else v for fact, v in journey.answers.items()}
    given_remarks = {"opinion": said.opinion, "why": said.why}
    kept = respond(engine, tree=journey.tree, answers=answers, remarks=given_remarks, record="json", now=NOW)
    shown = opened(engine, journey.tree, kept["record"])
    record = json.loads(kept["record"])
    same = respond(engine, tree=journey.tree, answers=shown["answers"], remarks=shown["remarks"])
    assert {key: shown[key] for key in ("state", "node", "level", "settled")} == {
        "state": "outcome", "node": journey.step, "level": journey.level, "settled": journey.settled,
    }  # fmt: skip
    assert shown["remarks"] == record["judgement"]
    assert Html(shown["html"]).values("data-focus") == [""]
    assert Html(shown["html"]).values("data-result") == Html(same["html"]).values("data-result")
    assert sorted(Html(shown["html"]).values("data-result")) == sorted(journey.said)
    assert Html(shown["html"]).values("data-opened") == ["same"]
    assert Html(shown["html"]).values("data-difference") == []


@pytest.mark.parametrize("name", OLDER)
def test_an_older_record_is_opened_with_what_differs_and_why(published_engine: Engine, name: str) -> None:
    text, expect = older(name), OLDER[name]
    shown = opened(published_engine, json.loads(text.removeprefix("\ufeff"))["tool"]["id"], text)
    html = Html(shown["html"])
    assert html.values("data-opened") == [expect["opened"]]
    assert set(html.values("data-difference")) >= set(expect["kinds"])
    library = published().library
    today = {fact.id: fact.text for fact in library.facts.values()} | {r.id: r.action for r in library.results.values()}
    assert [said for said in expect["says"] if said.format(**today) not in html.words] == []
    tags = {tag for tag, _ in html.elements}
    assert not tags & {"script", "img"}
    assert not any(attribute.startswith("on") for _, at in html.elements for attribute in at)
    assert html.values("data-focus") == [""]


def first_edition(published_engine: Engine, name: str) -> tuple[dict[str, Any], Html]:
    """What the page gets for a record that the first edition made, and its HTML."""
    text = (FOLDER / "older" / f"{name}.json").read_text("utf-8")
    assert json.loads(text)["version"] == "4b6999e706ed"
    shown = opened(published_engine, json.loads(text)["tool"]["id"], text)
    return shown, Html(shown["html"])


def test_a_worker_who_was_away_is_read_as_social_care_being_involved(published_engine: Engine) -> None:
    shown, html = first_edition(published_engine, "the-worker-was-absent")
    assert shown["answers"]["social_care"] == "yes"
    assert (shown["state"], shown["node"]) == ("outcome", "contact-allocated-social-worker")
    assert "answer-unusable" not in html.values("data-difference")
    assert "Who: ." not in html.words
    assert "When: ." not in html.words


def test_the_offer_of_an_own_route_is_dropped_and_who_the_reader_is_kept(published_engine: Engine) -> None:
    shown, html = first_edition(published_engine, "a-way-of-asking-withdrawn")
    assert "own_route" not in shown["answers"]
    assert shown["answers"]["your_role"] == "allocated_social_worker"
    assert html.values("data-difference")[:2] == ["unfinished", "police"]


def test_control_alone_is_asked_again_and_never_taken_for_another_means(published_engine: Engine) -> None:
    shown, html = first_edition(published_engine, "control-into-sexual-activity")
    assert "means" not in shown["answers"]
    assert shown["state"] == "asking"
    asked = published().trees["level"].steps[shown["node"]].asks
    assert [ask.fact for ask in asked if ask.fact not in shown["answers"]], (
        "a question that the record has no answer to"
    )
    assert "Answered, but today’s check has not come to it yet" in html.words


def test_there_are_files_for_each_expectation_and_no_others() -> None:
    for folder, expected in (("hostile", HOSTILE), ("older", OLDER)):
        assert {path.stem for path in (FOLDER / folder).iterdir()} == set(expected)


def test_an_opinion_does_not_outlive_the_result_it_was_of(published_engine: Engine) -> None:
    text = (FOLDER / "older" / "a-lower-level-and-no-police.json").read_text("utf-8")
    assert json.loads(text)["judgement"]["opinion"] == "agree"
    shown = opened(published_engine, "level", text)
    assert shown["remarks"] == {"opinion": "", "why": "The meeting was told so."}
    chosen = [at for tag, at in Html(shown["html"]).elements if at.get("name") == "opinion" and "checked" in at]
    assert chosen == []


def test_where_the_police_are_due_today_they_come_first_in_what_differs(published_engine: Engine) -> None:
    text = (FOLDER / "older" / "a-lower-level-and-no-police.json").read_text("utf-8")
    html = Html(opened(published_engine, "level", text)["html"])
    assert html.values("data-difference")[0] == "police"
    assert published().library.results[html.values("data-result")[0]].route == "police"


def test_police_advice_in_a_record_stands_while_todays_check_has_no_result_yet(published_engine: Engine) -> None:
    record = json.loads((FOLDER / "older" / "an-answer-withdrawn.json").read_text("utf-8"))
    record["result"] |= {"police": 2, "police_name": "Contact the police directly"}
    html = Html(opened(published_engine, "referral", as_file(record))["html"])
    assert html.values("data-difference")[:2] == ["unfinished", "police"]
    assert "Contact the police directly" in html.words


@checked
@given(journey=journeys(), version=st.sampled_from(["", "0a1b2c3d4e5f"]))
def test_another_version_that_says_the_same_differs_in_nothing(journey: Conclusion, version: str) -> None:
    record = read(journey.tree, as_file({**made(journey), "version": version}))
    compared = compare(View(tree(journey.tree), "./"), record, walk(tree(journey.tree), record.answers))
    assert (compared.differences, compared.same_outcome, compared.same_version) == ((), True, False)


@checked
@given(one=journeys(), other=journeys())
def test_what_an_older_record_says_is_told_apart_wherever_it_matters(one: Conclusion, other: Conclusion) -> None:
    """A record of one journey with the answers of another: whatever a reader acts on is told if it differs."""
    assume(one.tree == other.tree)
    record = {**made(one), "version": "0a1b2c3d4e5f", "result": made(other)["result"]}
    if made(one)["result"]["actions"] != made(other)["result"]["actions"]:
        compared = compare(View(tree(one.tree), "./"), read(one.tree, as_file(record)), one)
        assert not compared.same_outcome
        told = {difference.kind for difference in compared.differences}
        assert ("level" in told) == (one.level != other.level)
        assert ("police" in told) == (one.floors["police"] != other.floors["police"])
        new = [d.words for d in compared.of("action-new")]
        assert len(new) == len(set(one.said) - set(other.said))


# ---- refusals ---------------------------------------------------------------------------------------------------


def packed(content: bytes) -> dict[str, Any]:
    """A file as the page sends it."""
    return {"size": len(content), "bytes": b64encode(content).decode()}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_record_is_refused_with_its_own_message(published_engine: Engine, name: str) -> None:
    file = packed((FOLDER / "hostile" / f"{name}.json").read_bytes())
    shown = respond(published_engine, tree="missing", open=file, now=A_DAY_LATER)
    assert shown["ok"] is True
    assert shown.get("refused") == HOSTILE[name]["kind"]
    assert set(shown) == {"ok", "refused", "message", "fix", "html"}, "a refusal carries no answer and no screen"
    html = Html(shown["html"])
    assert shown["message"] in html.words
    assert shown["fix"] in html.words
    assert {tag for tag, _ in html.elements} <= {"p", "span", "a"}


def sound() -> dict[str, Any]:
    """A record of today's version, with something in every list."""
    answers = {**FLOOD, "danger": ["fire"], "tenant": "no", "age": "not_known", "more": "yes", "diary": "Wet."}
    record: dict[str, Any] = json.loads(
        as_file(made(concluded(tree("level"), answers), Remarks("agree", "Seen today.")))
    )
    return record


def with_(record: dict[str, Any], *path: str | int, value: object) -> dict[str, Any]:
    """The record with one value put in another's place."""
    changed: Any = deepcopy(record)
    part = changed
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    return changed  # type: ignore[no-any-return]


def test_a_sound_record_is_not_refused() -> None:
    assert isinstance(read_record(tree("level"), as_file(sound())), Record)
    lists = [part for part in sound()["result"].values() if isinstance(part, list)] + [
        sound()["answers"],
        sound()["narrative"],
    ]
    assert all(lists)


def test_a_record_is_read_whatever_system_saved_it_again(engine: Engine) -> None:
    text = as_file(sound())
    assert "Wet." in text
    saved = {
        "plain": text.encode(),
        **{e: text.encode(e) for e in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")},
        **{name: text.replace("\n", end).encode() for name, end in (("CRLF", "\r\n"), ("CR", "\r"))},
        "filled up": text.encode() + b"\0" * 700,
        "ended as DOS did": text.encode() + b"\r\n\x1a",
        "one after the other": text.encode("utf-16") + b"\x1a\0\0\0",
    }
    shown = {name: respond(engine, tree="level", open=packed(raw), now=A_DAY_LATER) for name, raw in saved.items()}
    assert {name: one.get("refused", one["html"] == shown["plain"]["html"]) for name, one in shown.items()} == (
        dict.fromkeys(saved, True)
    )


@pytest.mark.parametrize(
    ("damage", "place"),
    [(b"\xff", "line 3, character 5"), (b"\0", "line 3, character 5"), ("’".encode("cp1252"), "line 3, character 5")],
)
def test_a_record_that_is_no_text_is_refused_with_the_place_and_the_way_out(
    engine: Engine, damage: bytes, place: str
) -> None:
    lines = as_file(sound()).encode().split(b"\n")
    lines[2] = lines[2][:4] + damage + lines[2][4:]
    shown = respond(engine, tree="level", open=packed(b"\n".join(lines)), now=A_DAY_LATER)
    assert (shown["refused"], place in shown["message"], "UTF-8" in shown["fix"]) == ("not-text", True, True)


GENERATED: dict[str, tuple[str, Any]] = {
    "no file": ("no-file", None),
    "a file of a gigabyte": ("too-large", {"size": 10**9}),
    "more text than a record can be": ("too-large", {"size": 5, "text": " " * (LONGEST_RECORD + 1)}),
    "a size that is a lie": ("too-large", {"size": -1, "text": "x" * (LONGEST_RECORD + 1)}),
    "a picture": ("not-text", {"size": 40, "text": None}),
    "no bytes in base 64": ("not-text", {"size": 9, "bytes": "é"}),
    "text with a byte of nothing": ("not-text", {"size": 9, "text": '{"a": "\0"}'}),
    "a text that is no text": ("not-text", {"size": 9, "text": ["{}"]}),
    "a tower of brackets": ("too-deep", {"text": "[" * 400_000}),
    "a tower of objects": ("too-deep", {"text": '{"a":' * 100_000}),
    "a string without end, full of escapes": ("cut-short", {"text": '{"a": "' + '\\"' * 400_000}),
    "a string that ends in a backslash": ("cut-short", {"text": '{"a": "x\\'}),
    "a list of a hundred thousand": ("too-many", with_(sound(), "result", "could_be", value=[1] * 100_000)),
    "more answers than questions": ("too-many", with_(sound(), "answers", value=sound()["answers"][:1] * 501)),
    "a narrative too long": (
        "too-long",
        with_(sound(), "narrative", value=[{"fact": "notes", "question": "?", "text": "x" * (LONGEST_TEXT + 1)}]),
    ),
    "a view too long": ("too-long", with_(sound(), "judgement", "why", value="x" * (LONGEST_TEXT + 1))),
    "an answer never offered": ("impossible-answer", with_(sound(), "answers", 1, "value", value="12")),
    "none and something": ("impossible-answer", with_(sound(), "answers", 0, "value", value=["none", "fire"])),
    "a checklist for one answer": ("impossible-answer", with_(sound(), "answers", 1, "value", value=["yes"])),
    "a question never asked": (
        "unknown-question",
        with_(sound(), "answers", value=[*sound()["answers"], {**sound()["answers"][0], "fact": "weather"}]),
    ),
    "another age": ("altered", with_(sound(), "answers", 2, "value", value="new")),
    "an answer left out": ("altered", with_(sound(), "answers", value=sound()["answers"][:2])),
    "an answer to a question of another tool": (
        "altered",
        with_(sound(), "answers", value=[*sound()["answers"], {**sound()["answers"][1], "fact": "rain"}]),
    ),
    "no police": ("altered", with_(sound(), "result", "police", value=0)),
    "an action left out": ("altered", with_(sound(), "result", "actions", value=sound()["result"]["actions"][1:])),
    "an action in other words": ("altered", with_(sound(), "result", "actions", 0, "action", value="Do nothing.")),
    "a longer validity": ("altered", with_(sound(), "made", "valid_until", value="2027-11-24T08:45:00Z")),
    "a later time": ("altered", with_(sound(), "made", "at", value="2026-11-25T08:45:00Z")),
    "a time that is none": ("altered", with_(sound(), "made", "at", value="2026-02-31T08:45:00Z")),
    "another notice": ("altered", with_(sound(), "notice", value="This is an assessment.")),
}


@pytest.mark.parametrize("what", GENERATED)
def test_a_file_made_to_do_harm_is_refused_with_its_own_message(engine: Engine, what: str) -> None:
    kind, file = GENERATED[what]
    if file is None:
        file = {}
    elif "record" in file:
        file = {"text": as_file(file), "size": 1}
    assert respond(engine, tree="level", open=file, now=NOW).get("refused") == kind


def test_every_kind_of_refusal_is_met_and_has_words_of_its_own() -> None:
    met = {expect["kind"] for expect in HOSTILE.values()} | {kind for kind, _ in GENERATED.values()}
    assert met == set(REFUSALS)
    messages = [message for message, _ in REFUSALS.values()]
    assert len(set(messages)) == len(messages)
    assert all(fix for _, fix in REFUSALS.values())


def test_a_record_of_another_check_leads_to_its_page(engine: Engine) -> None:
    shown = opened(engine, "move", as_file(sound()))
    assert shown["refused"] == "other-tool"
    assert Html(shown["html"]).values("href") == ["../../tools/level/"]


def test_a_part_named_by_markup_is_shown_as_text(engine: Engine) -> None:
    shown = opened(engine, "level", as_file({**sound(), "<img src=x onerror=alert(1)>": 1}))
    assert shown["refused"] == "part-unknown"
    assert [tag for tag, _ in Html(shown["html"]).elements] == ["p", "span"]


@often
@given(text=st.text() | json_values.map(json.dumps) | st.binary().map(lambda b: b.decode("latin-1")))
@example("1" * 10_000)
@example('"\\ud800"')
@example("[1e999]")
@example("\ufeff")
def test_any_text_is_refused_and_nothing_is_raised(text: str) -> None:
    refused = read_record(tree("level"), text)
    assert isinstance(refused, Refusal)
    assert refused.kind in REFUSALS
    assert refused.message
    assert refused.fix


@often
@given(value=json_values)
def test_brackets_in_strings_are_not_counted_as_depth(value: object) -> None:
    def depth(part: object) -> int:
        inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else None
        return 0 if inner is None else 1 + max(map(depth, inner), default=0)

    assert deepest(json.dumps(value, ensure_ascii=False)) == depth(value)
    assert deepest(as_file(sound())) < DEEPEST / 2


# ---- the schema and the reader say the same ------------------------------------------------------------------------


def places(part: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to every value within a record, the whole aside."""
    inner = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in inner:
        yield (*path, key)
        yield from places(value, (*path, key))


@st.composite
def nearly_records(draw: st.DrawFn) -> dict[str, Any]:
    """A record of today's version with one thing changed: a value, a part lost or too many, a list too long."""
    record = sound()
    path = draw(st.sampled_from(sorted(places(record), key=repr)))
    holder: Any = record
    for step in path[:-1]:
        holder = holder[step]
    last: Any = path[-1]
    match draw(st.sampled_from(["replace", "remove", "add", "repeat"])):
        case "replace":
            other = st.sampled_from(
                ["", "draft", "approved", "agree", "SR-1", "x" * 3001, 0, 1, 2, 4.0, 5, 48, -1, None]
            )
            holder[last] = draw(other | json_values)
        case "remove":
            del holder[last]
        case "add" if isinstance(holder, dict):
            holder[draw(st.text(max_size=10).filter(lambda key: key not in holder))] = draw(json_values)
        case _ if isinstance(holder[last], list):
            holder[last] = holder[last] * draw(st.sampled_from([2, 30, 501]))
        case _:
            assume(False)
    return record


@settings(often, max_examples=700)
@given(record=nearly_records())
@example({**sound(), "format": 1.0})
@example(with_(sound(), "result", "level", value=4.0))
@example(with_(sound(), "result", "level", value=True))
def test_the_schema_and_the_reader_refuse_the_same_shapes(record: dict[str, Any]) -> None:
    assume(not any(isinstance(v, str) and v.endswith("\n") for v in leaves(record)))  # Python's "$" takes those
    found = read_record(tree("level"), json.dumps(record))
    # A list repeated too often, and a key that no schema names: refused before anything looks at shapes.
    assume(not (isinstance(found, Refusal) and found.kind in ("too-large", "reserved-key")))
    refused = isinstance(found, Refusal) and found.kind in SHAPE
    assert refused == (not SCHEMA.is_valid(record))


def schema_of(shape: Shape) -> dict[str, Any]:
    """What JSON Schema says of a shape."""
    match shape:
        case Parts(parts):
            inner = {name: schema_of(part) for name, part in parts.items()}
            return {"type": "object", "required": [*parts], "additionalProperties": False, "properties": inner}
        case Many(each, most):
            return {"type": "array", "maxItems": most, "items": schema_of(each)}
        case Maybe(inner):
            known = schema_of(inner)
            return {**known, "type": [known["type"], "null"]}
        case Either(text, listed):
            return {"anyOf": [schema_of(text), schema_of(listed)]}
        case One((only,)):
            return {"const": only}
        case One(values):
            return {"enum": [*values]}
        case Whole(lowest, highest):
            return {"type": "integer", "minimum": lowest, "maximum": highest}
        case Text(longest, ""):
            return {"type": "string", "maxLength": longest}
        case Text(longest, pattern):
            whole = f"^({pattern})$" if "|" in pattern else f"^{pattern}$"
            return {"type": "string", "maxLength": longest, "pattern": whole}
        case Flag():
            return {"type": "boolean"}


def without_words(part: Any) -> Any:
    """A part of the schema with what it refers to in its place, and without what it says to people."""
    if isinstance(part, list):
        return [without_words(each) for each in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return without_words(SCHEMA.schema["$defs"][part["$ref"].removeprefix("#/$defs/")])  # type: ignore[index]
    said = {"$schema", "$id", "$defs", "title", "description", "examples"}
    return {
        key: {name: without_words(one) for name, one in value.items()} if key == "properties" else without_words(value)
        for key, value in part.items()
        if key not in said
    }


def test_the_published_schema_is_the_shape_that_the_reader_holds_records_to() -> None:
    assert without_words(SCHEMA.schema) == schema_of(RECORD)


def leaves(part: object) -> Iterator[object]:
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else None
    if inner is None:
        yield part
    else:
        for each in inner:
            yield from leaves(each)


@settings(often, max_examples=700)
@given(record=nearly_records())
def test_a_record_of_this_version_that_was_changed_in_one_place_is_never_taken(record: dict[str, Any]) -> None:
    """But for the approval and the titles of clauses, which no version counts: today's are shown for them; and for what
    a reader wrote and thought of the result, which follows from nothing."""
    found = read_record(tree("level"), json.dumps(record))
    if isinstance(found, Record) and found.version == sound()["version"]:  # of another version the answers alone count
        assert bare(json.loads(json.dumps(record))) == bare(sound())


def bare(record: dict[str, Any]) -> Any:
    """A record without its approval, the titles of its clauses and what its reader wrote and thought."""

    def without_titles(part: Any) -> Any:
        if isinstance(part, dict):
            return {
                key: [clause["id"] for clause in value] if key == "clauses" else without_titles(value)
                for key, value in part.items()
            }
        return [without_titles(each) for each in part] if isinstance(part, list) else part

    asked = [{**narrative, "text": None} for narrative in record["narrative"]]
    return {**without_titles(record), "approval": None, "judgement": None, "narrative": asked}


def test_the_example_in_the_schema_is_a_record_as_it_is_made_today() -> None:
    (example,) = SCHEMA.schema["examples"]  # type: ignore[index, call-overload]
    assert example["format"] == FORMAT
    walked, answers = published().trees["missing"], {a["fact"]: a["value"] for a in example["answers"]}
    assert keys(example) == keys(json.loads(as_file(record_of(View(walked, "./"), concluded(walked, answers), NOW))))


def keys(part: object) -> object:
    """The parts of a record, without what stands in them."""
    if isinstance(part, dict):
        return {key: keys(value) for key, value in part.items()}
    return [keys(part[0])] if isinstance(part, list) and part and isinstance(part[0], dict) else None


def test_usable_answers_alone_are_carried_on(published_engine: Engine) -> None:
    text = (FOLDER / "older" / "a-question-withdrawn.json").read_text("utf-8")
    shown = opened(published_engine, "consent", text)
    assert "weather" not in shown["answers"]
    assert shown["answers"] == {
        k: v for k, v in shown["answers"].items() if k in usable(published().trees["consent"], shown["answers"])
    }


def test_a_time_is_read_as_a_browser_writes_it_and_no_otherwise() -> None:
    assert read_utc("2026-11-24T08:45:12.345Z") == datetime(2026, 11, 24, 8, 45, 12)
    assert read_utc("2026-11-24T08:45:12Z\n") is None
    assert read_utc(5) is None


def test_schema_files_are_named_in_the_docs_page() -> None:
    page = (ROOT / "docs" / "about" / "records.md").read_text("utf-8")
    assert "schemas/record.schema.json" in page
    assert re.search(r"\b48 hours\b", page)
    assert Path(ROOT / "schemas" / "record.schema.json").is_file()
