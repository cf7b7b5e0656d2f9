"""`make compare`: edits of many kinds, each told as what it is, by the line that was edited; and what goes wrong."""

from __future__ import annotations

import html
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from macros.authoring.commands.compare import main
from macros.authoring.compare.edits import edits
from macros.authoring.compare.findings import MOST_ALONE
from macros.authoring.compare.report import ENOUGH_LINES, PROVED
from macros.authoring.sources.diagnostics import Source
from macros.authoring.sources.schemas import Schemas
from tests.trees import ROOT

Told = dict[str, Any]
HARM = "Are there signs that the child is being exploited?"
LIKELY = "In your own judgement, how likely is it that the child is being harmed by exploitation, or will be?"


class Copy:
    """A project in a repository of its own, with one commit."""

    def __init__(self, root: Path, *more: str) -> None:
        self.root = root
        for name in ("decision_trees", "schemas", *more):
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        for command in (
            ("init", "--quiet"),
            ("add", "--all"),
            ("-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "--quiet", "--message", "First"),
            ("tag", "first"),
        ):
            subprocess.run(["git", "-C", str(root), *command], check=True)

    def edit(self, name: str, change: Callable[[Any], None]) -> None:
        """Change the data of a file, as an editor's program writes it."""
        path = self.root / "decision_trees" / name
        data = json.loads(path.read_text("utf-8"))
        change(data)
        path.write_text(json.dumps(data, indent=2, ensure_ascii=False), "utf-8")

    def compare(self, *arguments: str) -> tuple[int, Told]:
        """What the command returns, and what it wrote."""
        code = main(list(arguments) or ["first"], self.root)
        written = self.root / "build" / "compare.json"
        return code, json.loads(written.read_text("utf-8")) if written.exists() else {}


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def node(tree: Any, id: str) -> Any:
    return next(one for one in tree["nodes"] if one["id"] == id)


def judged(tree: Any, answer: str) -> Any:
    """The edge that counts a judgement of the likelihood."""
    return next(one for one in node(tree, "likelihood")["next"] if {"likelihood": [answer]} in one["if"].get("all", ()))


def findings(told: Told, **wanted: Any) -> list[dict[str, Any]]:
    """The findings that have these parts."""
    every = [one for tool in told["tools"] for one in tool["findings"]]
    return [one for one in every if all(one[key] == value for key, value in wanted.items())]


def words(copy: Copy) -> None:
    copy.edit("facts.json", lambda d: d["harm"].update(text="Do you see signs that the child is being exploited?"))


def option(copy: Copy) -> None:
    more = {"value": "online", "text": "Something happened online"}
    copy.edit("facts.json", lambda d: d["harm"]["options"].insert(3, more))

    def read(tree: Any) -> None:
        node(tree, "harm")["next"][0]["if"]["harm"]["any"].append("online")

    copy.edit("trees/level.json", read)


def guard(copy: Copy) -> None:
    def change(tree: Any) -> None:
        first, second, _ = node(tree, "danger-counts")["next"]
        second["if"] = {"danger": {"any": ["safety", "missing_now"]}}
        others = ({"danger": {"any": ["safety", "missing_now"]}}, {"danger": ["not_known"]})
        first["if"] = {"all": [{"not": other} for other in others]}

    copy.edit("trees/level.json", change)


def floor(copy: Copy) -> None:
    copy.edit("trees/level.json", lambda d: judged(d, "likely")["raise"].update(level=2))


def result(copy: Copy) -> None:
    copy.edit("trees/level.json", lambda d: node(d, "past")["next"][3].pop("say"))


def question(copy: Copy) -> None:
    copy.edit("trees/referral.json", lambda d: d["nodes"][0]["next"][0].update(to="more"))
    add = {
        "id": "more",
        "kind": "ask",
        "ask": ["missing_episode"],
        "next": [{"to": "age", "because": "It is asked.", "cites": ["s9-11"], "basis": "source"}],
    }
    copy.edit("trees/referral.json", lambda d: d["nodes"].insert(1, add))


def branch_gone(copy: Copy) -> None:
    """A question, and what hangs on it."""

    def change(tree: Any) -> None:
        asks = node(tree, "risk")["ask"]
        asks[:] = [one for one in asks if not isinstance(one, dict) or one["fact"] != "missing_episode"]
        for edge in node(tree, "past")["next"]:
            edge["to"] = "likelihood"
        tree["nodes"].remove(node(tree, "missing"))

    copy.edit("trees/level.json", change)


def question_gone(copy: Copy) -> None:
    """A question of a tree that several tools go through."""

    def change(tree: Any) -> None:
        node(tree, "drawn-in")["ask"].remove("approach")
        for edge in node(tree, "crime")["next"]:
            edge["to"] = "counted"
        tree["nodes"].remove(node(tree, "approach"))

    copy.edit("trees/drawn-in.json", change)


def call_moved(copy: Copy) -> None:
    """The circumstances after the definition, no longer before it."""

    def change(tree: Any) -> None:
        here, there = node(tree, "drawn-in")["next"], node(tree, "definition-check")["next"]
        here[1]["to"] = here[2]["to"]
        raised = {"not": {"floor": {"level": 4}}}
        there[1]["if"] = {"all": [raised, {"sexual_activity": ["not_known"]}]}
        there.append({**there[1], "to": "circumstances", "if": {"all": [raised, {"sexual_activity": ["yes"]}]}})
        node(tree, "circumstances")["next"][1]["to"] = "crime-wanted"

    copy.edit("trees/level.json", change)


def call_gone(copy: Copy) -> None:
    def change(tree: Any) -> None:
        node(tree, "drawn-in")["next"][1]["to"] = "definition-check"
        tree["nodes"].remove(node(tree, "circumstances"))

    copy.edit("trees/level.json", change)


def order(copy: Copy) -> None:
    copy.edit("trees/circumstances.json", lambda d: d["nodes"][0]["ask"].reverse())


def contact(copy: Copy) -> None:
    def change(contacts: Any) -> None:
        contacts["emergency"]["number"] = "112"

    copy.edit("contacts.json", change)


def police(copy: Copy) -> None:
    copy.edit("trees/danger.json", lambda d: d["nodes"][0]["next"][4]["raise"].update(police=1))


def test_words_change_nobodys_result(copy: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    words(copy)
    code, told = copy.compare()
    assert (code, told["same_results"], told["less"]) == (0, True, False)
    assert PROVED in capsys.readouterr().out
    assert [edit["what"].startswith("“harm”, text:") for edit in told["edits"]] == [True]


def test_other_words_of_an_action_are_never_called_no_change(copy: Copy) -> None:
    copy.edit("results.json", lambda d: d["police"].update(action="Wait and see."))
    _, told = copy.compare()
    assert told["same_results"] is False
    assert {(one["kind"], one["about"]) for one in findings(told)} == {("changed-result", "police")}


def test_a_lower_floor_lowers_the_level_of_whom_it_concerns(copy: Copy) -> None:
    floor(copy)
    code, told = copy.compare()
    assert code == 1
    (lower,) = findings(told, weight="level-lower", kind="level")
    assert (lower["kind"], lower["before"], lower["after"]) == ("level", 3, 2)
    assert LIKELY in lower["sentence"]
    assert "level 2 now" in lower["sentence"]
    assert "judged-likely" in lower["properties"]
    assert lower["scenarios"]
    assert "level-likelihood" in lower["links"]
    place = told["edits"][lower["edits"][0]]["place"]
    file, _, line = place.partition(":")
    assert '"level": 2' in (copy.root / file).read_text("utf-8").splitlines()[int(line) - 1]


def test_weaker_police_advice_comes_first_in_every_tool(copy: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    police(copy)
    code, told = copy.compare()
    assert code == 1
    weaker = findings(told, weight="police-less", kind="quantity")
    assert {(one["before"], one["after"]) for one in weaker} == {(2, 1)}
    assert {tool["id"] for tool in told["tools"] if tool["findings"]} == {tool["id"] for tool in told["tools"]}
    lines = capsys.readouterr().out.splitlines()
    headings = [line for line in lines if line.isupper()]
    assert headings[0] == "POLICE ACTION LOST OR WEAKER"


def test_a_guard_that_misses_an_answer_is_told_by_that_answer(copy: Copy) -> None:
    guard(copy)
    _, told = copy.compare()
    (lower,) = findings(told, weight="level-lower", kind="level")
    assert "“A crime has been committed, or there is a risk of one”" in lower["sentence"]


def test_a_result_that_is_no_longer_told_is_told(copy: Copy) -> None:
    result(copy)
    _, told = copy.compare()
    (dropped,) = findings(told, weight="result-less")
    assert dropped["sentence"].startswith("Whoever ")
    assert " and is no longer told" not in dropped["sentence"]
    assert (dropped["about"], dropped["before"], dropped["after"]) == ("not-better-may-be-harm", True, False)
    assert findings(told, kind="level") == []


def test_an_option_that_is_new_is_a_group_of_its_own(copy: Copy) -> None:
    option(copy)
    code, told = copy.compare()
    (new,) = findings(told, weight="answers")
    assert new["about"] == "new"
    assert "“Something happened online”" in new["sentence"]
    assert "level 4" in new["sentence"]
    assert findings(told, kind="level") == []
    assert (code, bool(new["breaks"])) == (1, True), "no property allows level 4 for it"


def test_a_question_that_is_new_lowers_nothing(copy: Copy) -> None:
    question(copy)
    code, told = copy.compare()
    assert code == 0
    assert [one["about"] for one in findings(told, kind="asked")] == ["missing_episode"]
    assert not findings(told, kind="asked")[0]["edits"], "no edit brings it alone"


def test_another_order_of_questions_is_words_alone(copy: Copy) -> None:
    order(copy)
    code, told = copy.compare()
    assert (code, told["same_results"]) == (0, True)
    assert [edit["place"].partition(":")[0] for edit in told["edits"]] == ["decision_trees/trees/circumstances.json"]
    assert {one["kind"] for one in findings(told)} <= {"screens", "reasons"}


def test_a_number_is_told_to_be_another(copy: Copy) -> None:
    contact(copy)
    code, told = copy.compare()
    assert code == 1, "how to reach somebody is no word alone"
    assert {one["kind"] for one in findings(told)} == {"changed-result"}
    assert all("“999” before and “112” now" in one["sentence"] for one in findings(told))


def test_a_number_where_there_was_none_is_nothing_less(copy: Copy) -> None:
    copy.edit("contacts.json", lambda d: d["cads"].update(number="01632 960000"))
    code, told = copy.compare()
    assert (code, told["same_results"]) == (0, False)
    assert {(one["kind"], one["weight"]) for one in findings(told)} == {("changed-result", "stricter")}


def test_a_question_that_is_gone_is_said_to_be_gone(copy: Copy) -> None:
    branch_gone(copy)
    code, told = copy.compare()
    assert code == 1
    (gone,) = findings(told, kind="asked")
    assert gone["sentence"] == "“Has the child gone missing, now or recently?” is no longer asked."
    assert "to “Has the child gone missing" in findings(told, kind="level")[0]["sentence"]
    markdown = (copy.root / "build" / "compare.md").read_text("utf-8")
    assert markdown.count("is not settled, it could turn out to be other levels") == 1


def test_an_example_is_of_those_who_come_to_what_most_come_to(copy: Copy) -> None:
    police(copy)
    _, told = copy.compare()
    for one in findings(told, weight="police-less", kind="quantity"):
        assert "“18 or over”" not in one["example"][1].values()


def test_an_edit_is_named_although_another_adds_an_answer_that_it_does_not_know(copy: Copy) -> None:
    option(copy)
    floor(copy)
    _, told = copy.compare()
    (lower,) = findings(told, kind="level", weight="level-lower")
    assert ["3 → 2" in told["edits"][n]["what"] for n in lower["edits"]] == [True]


def test_what_breaks_is_told_once_and_where_it_breaks(copy: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    branch_gone(copy)
    _, told = copy.compare()
    out = capsys.readouterr().out
    broken = {title for one in findings(told) for title in one["breaks"]}
    assert broken
    assert {out.count(title) for title in broken} == {1}
    assert all(one["breaks"] for one in findings(told, kind="asked"))


def test_edited_conditions_and_lists_are_told_in_words(copy: Copy) -> None:
    guard(copy)
    option(copy)
    _, told = copy.compare()
    words = "\n".join(edit["what"] for edit in told["edits"])
    assert f"condition: “{HARM}” also “Something happened online”" in words
    assert "no longer “A crime has been committed, or there is a risk of one”" in words
    assert "not_known" not in words


def test_less_than_before_needs_somebody_to_accept_it(copy: Copy) -> None:
    floor(copy)
    code, told = copy.compare("first", "--accept", "The panel decided so in May.")
    assert (code, told["accepted"]) == (0, "The panel decided so in May.")
    page = (copy.root / "build" / "compare.html").read_text("utf-8")
    assert "The panel decided so in May." in page


ONE_EDIT = [words, floor, police, guard, result, option, question, branch_gone, order, contact]
ONE_EDIT += [question_gone, call_moved, call_gone]


@pytest.mark.parametrize("edit", ONE_EDIT)
def test_every_form_tells_it_within_its_room(
    edit: Callable[[Copy], None], copy: Copy, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(copy)
    _, told = copy.compare()
    data = json.dumps(told)
    assert Schemas(ROOT / "schemas").check("comparison", Source("compare.json", data), told) == []
    text = capsys.readouterr().out
    assert len(text.splitlines()) <= ENOUGH_LINES
    page = (copy.root / "build" / "compare.html").read_text("utf-8")
    assert "://" not in page
    assert "src=" not in page
    assert all(html.escape(one["sentence"]) in page for one in findings(told) if one["kind"] != "could-be")
    markdown = (copy.root / "build" / "compare.md").read_text("utf-8")
    for one in findings(told):
        if one["kind"] == "could-be":  # these are told together
            continue
        assert one["sentence"] in markdown or markdown.count("more, in compare.html")


def test_nothing_edited_is_nothing_changed(copy: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = copy.compare()
    assert (code, told["edits"], findings(told)) == (0, [], [])
    assert PROVED in capsys.readouterr().out


def test_a_folder_can_be_the_base(copy: Copy, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other") / "before"
    shutil.copytree(copy.root, other, ignore=shutil.ignore_patterns(".git"))
    floor(copy)
    assert copy.compare(str(other))[0] == 1


def test_a_version_that_can_write_itself_down_is_read_by_its_own_engine(tmp_path: Path) -> None:
    whole = Copy(tmp_path, "macros")
    rules = whole.root / "macros" / "engine" / "__init__.py"
    rules.write_text("raise SystemExit('the engine of today')\n", "utf-8")  # that of the commit is as it was
    floor(whole)
    code, told = whole.compare()
    assert (code, told["before"]["own_engine"]) == (1, True)
    assert findings(told, weight="level-lower")


def faults() -> Iterator[tuple[str, Callable[[Copy], str], str]]:
    def no_commit(copy: Copy) -> str:
        return "frist"

    def broken_base(copy: Copy) -> str:
        path = copy.root / "before"
        for name in ("decision_trees", "schemas"):
            shutil.copytree(copy.root / name, path / name)
        (path / "decision_trees" / "facts.json").write_text("{", "utf-8")
        return str(path)

    def broken_now(copy: Copy) -> str:
        (copy.root / "decision_trees" / "facts.json").write_text("{", "utf-8")
        return "first"

    def gap(copy: Copy) -> str:
        copy.edit("trees/level.json", lambda d: node(d, "harm")["next"].pop())
        return "first"

    def to_nothing(copy: Copy) -> str:
        pair = {"before": "harm", "after": "harms"}
        text = json.dumps({"facts": [pair], "results": [], "answers": {}})
        (copy.root / "decision_trees" / "renamed.json").write_text(text, "utf-8")
        return "first"

    yield "a commit that is not there", no_commit, "did you mean “first”?"
    yield "a base that does not load", broken_base, "does not load"
    yield "a version that does not load", broken_now, "make check"
    yield "a version with a gap", gap, "make check"
    yield "a map to what is not there", to_nothing, "did you mean “harm”?"


@pytest.mark.parametrize(("spoil", "said"), [fault[1:] for fault in faults()], ids=[fault[0] for fault in faults()])
def test_what_cannot_be_compared_is_said_in_one_sentence(
    spoil: Callable[[Copy], str], said: str, copy: Copy, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = copy.compare(spoil(copy))
    assert (code, told) == (2, {})
    error = capsys.readouterr().err
    assert said in error
    assert len(error.strip().splitlines()) == 1


def test_each_edit_by_itself_leads_from_the_tables_before_to_those_after() -> None:
    before = {"trees": {}, "facts": {"a": {"text": "A", "options": [{"value": "x"}, {"value": "y"}]}}, "results": {},
              "quantities": {}, "contacts": {}}  # fmt: skip
    after = {**before, "facts": {"a": {"text": "B", "options": [{"value": "x"}, {"value": "z"}, {"value": "y"}]}}}
    found = edits(before, after)
    assert len(found) == 2
    texts = [edit.alone(before)["facts"]["a"]["text"] for edit in found]
    options = [[one["value"] for one in edit.alone(before)["facts"]["a"]["options"]] for edit in found]
    assert sorted(texts) == ["A", "B"]
    assert sorted(options) == [["x", "y"], ["x", "z", "y"]]
    assert edits(after, after) == []


def test_of_many_edits_a_table_says_what_became_of_levels_and_police(
    copy: Copy, capsys: pytest.CaptureFixture[str]
) -> None:
    def reword(facts: Any) -> None:
        for id, fact in facts.items():
            if id != "$schema":
                fact["text"] = fact["text"] + " "

    copy.edit("facts.json", reword)
    floor(copy)
    code, told = copy.compare()
    assert code == 1
    assert len(told["edits"]) > MOST_ALONE
    (level,) = [tool for tool in told["tools"] if tool["table"]]
    (cell, *others) = [cell for cell in level["table"] if cell["before"][0] == "level 3"]
    assert (cell["after"][0], cell["before"][1:]) == ("level 2", cell["after"][1:])
    assert cell["sets"] == sum(one["sets"] for one in findings(told, weight="level-lower", kind="level")) - sum(
        c["sets"] for c in others
    )
    assert "LEVEL AND POLICE, BEFORE AND AFTER" in capsys.readouterr().out
