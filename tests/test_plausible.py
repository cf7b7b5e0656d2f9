"""Plausible situations: made as their table says, the same each time, and measured for what they are."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from macros.authoring.load import Project
from macros.authoring.pages.clauses import Register
from macros.authoring.plausible.endings import Endings, decides, is_settled, settled
from macros.authoring.plausible.measure import Lived, lived, noise_in, one_open
from macros.authoring.plausible.situations import Situation, situations
from macros.authoring.plausible.weights import asked_in, read_weights
from macros.authoring.remembered.answers import ends_of, noise_of
from macros.authoring.sources.schemas import Schemas
from macros.authoring.sources.store import Store
from macros.engine.model.library import NO, NOT_KNOWN, Library, read_library
from macros.engine.model.tree import Tree, inline
from macros.engine.model.walk import walk
from macros.site.before import noise as page

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "decision_trees"
FEW = 110
"""Situations of which more than their making is looked at."""


def plain(path: Path) -> dict[str, Any]:
    return {key: value for key, value in json.loads(path.read_text("utf-8")).items() if key != "$schema"}


@cache
def tables() -> Mapping[str, Any]:
    """The tables as they stand in the folder, unchecked: a defect elsewhere does not stop a measure."""
    named = {name: plain(DATA / f"{name}.json") for name in ("facts", "results", "quantities", "contacts")}
    return {**named, "trees": {path.stem: plain(path) for path in sorted((DATA / "trees").glob("*.json"))}}


@cache
def library() -> Library:
    return read_library(tables())


@cache
def tree() -> Tree:
    return inline(library(), weights()["tool"])


def weights(**changed: Any) -> dict[str, Any]:
    return {**plain(DATA / "plausible.json"), **changed}


def every(table: Mapping[str, Any]) -> list[Situation]:
    return [one for concern in table["concerns"] for one in situations(tree(), table, concern["id"])]


@cache
def all_made() -> list[Situation]:
    return every(weights())


@cache
def some_lived() -> list[Lived]:
    few = weights(situations=FEW)
    return [one for concern in few["concerns"] for one in lived(tree(), few, concern["id"])]


# ---- the table ----------------------------------------------------------------------------------------------------


def read_changed(folder: Path, data: Mapping[str, Any]) -> list[str]:
    """The kinds of what is wrong with a table."""
    (folder / "decision_trees").mkdir()
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    (folder / "decision_trees" / "plausible.json").write_text(json.dumps(data), "utf-8")
    table, found = read_weights(folder, Schemas(folder / "schemas"), library())
    assert bool(table) == (not found)
    return [diagnostic.kind for diagnostic in found]


def test_the_table_fits_the_questions_and_gives_each_weight_its_reason() -> None:
    table, found = read_weights(ROOT, Schemas(ROOT / "schemas"), library())
    assert found == []
    assert table["situations"] >= 2_000
    assert {*asked_in(library(), table["tool"])} <= {*table["questions"]}


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda data: data.update(tool="nowhere"), "unknown-tree"),
        (lambda data: data["questions"].pop("risk"), "no-weights"),
        (lambda data: data["questions"].update(strange=data["questions"]["risk"]), "unknown-fact"),
        (lambda data: data["questions"]["risk"]["weights"].update(perhaps=1), "unknown-value"),
        (lambda data: data["concerns"][0]["given"]["age"]["weights"].update(ancient=1), "unknown-value"),
        (lambda data: data["blanks"]["of"][0]["answers"].update(past="perhaps"), "unknown-value"),
        (lambda data: data["wonders"]["questions"]["weights"].update(your_role=1), "unknown-value"),
        (lambda data: data["causes"].update({"drawn-in/nowhere": "Something"}), "unknown-node"),
    ],
)
def test_a_table_that_does_not_fit_the_questions_is_refused(tmp_path: Path, change: Any, kind: str) -> None:
    data = json.loads(json.dumps(weights()))
    change(data)
    assert set(read_changed(tmp_path, data)) == {kind}


# ---- the situations -----------------------------------------------------------------------------------------------


def test_the_same_seed_makes_the_same_situations_and_another_others() -> None:
    few = weights(situations=FEW)
    assert every(few) == every(few)
    assert every(few) != every(weights(situations=FEW, seed=few["seed"] + 1))


def test_there_are_as_many_as_the_table_says_and_the_concerns_take_turns() -> None:
    turns = Counter(one.concern for one in all_made())
    assert len(all_made()) == weights()["situations"] >= 2_000
    assert list(turns) == [concern["id"] for concern in weights()["concerns"]]
    assert max(turns.values()) - min(turns.values()) <= 1


def test_every_question_that_can_be_a_concern_is_one() -> None:
    """All that can raise a level is what some concern is about; circumstances come with sexual activity."""
    about = {fact for concern in weights()["concerns"] for fact in concern["about"]}
    circumstances = set(weights()["blanks"]["of"][-1]["answers"])
    bears = {fact for fact in asked_in(library(), "level") if "level" in library().facts[fact].bears_on}
    assert bears - circumstances - {"age"} == about


def test_every_situation_comes_to_a_level_and_holds_what_was_asked() -> None:
    for one in all_made():
        journey = walk(tree(), one.answers)
        assert journey.level is not None
        assert (journey.unused, journey.problems, journey.answers) == ((), (), one.answers)


def test_a_blank_means_no_wherever_a_question_offers_it() -> None:
    facts = library().facts
    meant = {fact: key for blank in weights()["blanks"]["of"] for fact, key in blank["answers"].items()}
    for one in all_made():
        for fact in set(one.blanks) & set(one.answers):
            assert one.answers[fact] == meant[fact]
            assert (one.answers[fact] == "no") == ("level" in facts[fact].bears_on)


def test_two_or_three_things_are_blank_and_never_what_the_concern_is_about() -> None:
    about = {concern["id"]: set(concern["about"]) for concern in weights()["concerns"]}
    for one in all_made():
        groups = [blank for blank in weights()["blanks"]["of"] if set(blank["answers"]) <= set(one.blanks)]
        assert len(groups) in (2, 3)
        assert not set(one.blanks) & about[one.concern]


def test_not_sure_stands_only_where_something_makes_the_practitioner_wonder() -> None:
    """Besides, a plain “not known” stands where no question offers more: the age, Looked After, Social Care."""
    facts, offered = library().facts, weights()["wonders"]["questions"]["weights"]
    for one in all_made():
        not_known = {fact for fact, value in one.answers.items() if facts[fact].is_not_known(value)}
        assert not_known & set(offered) == set(one.wonders)
        assert len(one.wonders) <= 2
        assert not set(one.wonders) & set(one.blanks)
    assert 0.2 < sum(bool(one.wonders) for one in all_made()) / len(all_made()) < 0.6


def test_every_answer_that_may_be_given_comes_up() -> None:
    facts = library().facts
    seen = {(fact, part) for one in all_made() for fact, value in one.answers.items()
            for part in ((value,) if isinstance(value, str) else value)}  # fmt: skip
    level = [facts[fact] for fact in asked_in(library(), "level") if "level" in facts[fact].bears_on]
    missing = {(fact.id, value) for fact in level for value in fact.values} - seen
    assert missing == {("age", "18_or_over")}


# ---- what becomes of them -----------------------------------------------------------------------------------------


def test_an_answer_is_said_to_decide_only_where_it_does() -> None:
    unsettled = [one for one in some_lived() if not settled(one["end"])]
    assert len(unsettled) > 20
    for one in unsettled:
        assert one["end"]["named"]
        for named in one["end"]["named"]:
            assert decides(tree(), one["answers"], named["fact"]), (named, one["answers"])
        for fact in one["end"]["idle"]:
            assert "level" not in library().facts[fact].bears_on or not decides(tree(), one["answers"], fact)


def test_what_makes_somebody_wonder_is_named_by_an_answer_that_decides() -> None:
    for one in some_lived():
        assert bool(one["shown"]) == (bool(one["wonders"]) and not settled(one["end"]))


def test_where_nothing_makes_anybody_wonder_no_blank_leaves_the_level_open() -> None:
    found = noise_in(some_lived(), weights(situations=FEW))
    assert found["by_blank"] == 0
    for cause in found["causes"]:
        fact, _, value = cause.partition("=")
        assert value != NOT_KNOWN or fact == "age"


def test_the_figures_add_up() -> None:
    found = noise_in(some_lived(), weights(situations=FEW))
    assert found["all"]["situations"] == FEW
    for part in ("situations", "unsettled", "direct", "weaker"):
        whole = found["all"][part]
        assert whole == sum(one["count"][part] for one in found["levels"])
        assert whole == sum(one["count"][part] for one in found["concerns"])
        assert whole == found["quiet"][part] + found["wondering"][part]
    assert found["quiet"]["unsettled"] <= found["noisy"], "a blank that is not sure settles nothing"
    assert len(found["shown"]) == weights()["shown"]


def test_one_open_answer_has_a_row_for_each_answer_and_never_brings_less() -> None:
    rows = one_open(tree(), weights())
    assert [value for value, _ in rows] == list(library().facts["likelihood"].values)
    for value, (alone, *others) in rows:
        assert alone is not None
        assert settled(alone) == (value != NOT_KNOWN)
        assert all(other is None or other["level"] >= alone["level"] for other in others)
        assert (None in others) == (value == NOT_KNOWN)


def test_ends_that_are_worked_out_once_are_those_that_are_worked_out_each_time() -> None:
    ends = Endings(tree())
    for one in all_made()[::40]:
        found = ends.of(one.answers)
        assert found == Endings(tree()).of(one.answers)
        assert found is not None
        assert settled(found) == is_settled(tree(), one.answers)
    assert ends.of({"danger": ["none"], "age": "18_or_over"}) is None


# ---- remembered, and on the page ----------------------------------------------------------------------------------


def test_what_is_remembered_is_what_is_measured(tmp_path: Path) -> None:
    store, few = Store(tmp_path / "store"), weights(situations=FEW)
    first = noise_of(tables(), few, store)
    assert json.dumps(noise_of(tables(), few, store)) == json.dumps(first)
    expected = noise_in(some_lived(), few), one_open(tree(), few)
    assert json.loads(json.dumps(first)) == json.loads(json.dumps(expected))


def test_a_story_is_told_with_what_decides_it(tmp_path: Path) -> None:
    quiet, open_one = (next(one for one in some_lived() if settled(one["end"]) is wanted) for wanted in (True, False))
    given: list[Mapping[str, Any]] = [quiet["answers"], open_one["answers"], {"danger": ["none"], "age": "18_or_over"}]
    (settled_end, none), (end, shown), (adult, _) = ends_of(tables(), "level", given, Store(tmp_path / "store"))
    assert settled_end is not None
    assert (settled_end["level"], none, adult) == (quiet["end"]["level"], [], None)
    assert end is not None
    assert shown == [named["fact"] for named in end["named"]]


def test_the_page_tells_the_figures_and_shows_situations_in_words() -> None:
    project = replace(Project(ROOT, library(), Register(), {}, tables()), plausible=weights(situations=FEW))
    answers = next(one for one in some_lived() if not settled(one["end"]))["answers"]
    html = page.noise(project, [{"tree": "level", "name": "A <story> of ours", "answers": answers}])
    assert "A &lt;story&gt; of ours" in html
    assert html.count("<details>") == 2
    assert html.count("<li><p>") == weights()["shown"]
    assert html.count("<table>") == html.count("<thead>") == 6
    for concern in weights()["concerns"]:
        assert concern["title"] in html
    facts = library().facts
    for one in some_lived():
        told = page.situation(library(), "C", one)
        said = " ".join([*(f"{q} {a}" for q, a in told["known"]), *(words for _, words in told["lists"])]).lower()
        for fact, value in one["answers"].items():
            if "level" in facts[fact].bears_on and (value not in NO or fact in one["blanks"]):
                assert facts[fact].short.lower() in said


def test_a_share_is_never_rounded_up_to_its_target() -> None:
    quiet = {"situations": 1_000, "unsettled": 51, "direct": 0, "weaker": 0}
    measured: Any = {"quiet": quiet, "wondering": {**quiet, "unsettled": 3}, "named": 2}
    still, named = page.targets(measured, 95)
    assert (*still[2:], named[-1]) == ("949 of 1,000 (94%)", "not met", "not met")
    quiet["unsettled"] = 50
    assert next(page.targets(measured, 95))[-1] == "met"
