"""The training bank: each scenario comes to what it says, together they meet every outcome, their words keep the rules.

Each broken scenario in tests/scenarios/bad/ has one defect; `bad.json` says what it is, where, and by which one edit
the file would be sound.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, reduce
from operator import getitem
from pathlib import Path
from typing import Any

import pytest

from macros.authoring.checks import Context
from macros.authoring.citations.lock import check_lock
from macros.authoring.commands.scenarios import main
from macros.authoring.load import Project, check_scenario_file, load_project
from macros.authoring.scenarios import FOLDER, Scenario, check_scenarios, passages_of_scenarios, recorded
from macros.authoring.sources.diagnostics import Diagnostic
from macros.engine.api import summary
from macros.engine.model.tree import inline
from macros.engine.model.walk import Journey, walk
from tests.broken import begins_where_it_points, write_mended
from tests.trees import ROOT, published

FILES = sorted((ROOT / FOLDER).glob("*.json"))
BANK: dict[str, dict[str, Any]] = {path.stem: json.loads(path.read_text("utf-8")) for path in FILES}
BAD = ROOT / "tests" / "scenarios" / "bad"
EXPECTED: dict[str, dict[str, Any]] = json.loads((ROOT / "tests" / "scenarios" / "bad.json").read_text("utf-8"))
KINDS = {
    "not-json", "not-utf8", "duplicate-key", "schema", "wrong-id", "duplicate-id", "vignette-length", "unknown-tree",
    "unknown-check", "unknown-clause", "unknown-fact", "unknown-value", "unknown-outcome", "unknown-result",
    "told-otherwise", "unanswered", "stale-answer", "other-result", "not-fixed", "giveaway", "not-left-open",
    "answered-open", "missing-branch", "duplicate-branch", "other-fact",
}  # fmt: skip


@pytest.fixture(scope="module")
def project() -> Project:
    return published()


def ways(check: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A check; of one that leaves a fact open, each answer to that, as a check that answers it."""
    if "open" not in check:
        yield check
    for branch in check.get("branches", ()):
        for fact, values in branch["if"].items():
            for value in values:
                answers = {**check["answers"], **branch.get("answers", {}), fact: value}
                yield {"tree": check["tree"], "footing": check["footing"], **branch, "answers": answers}


def every_way(scenario: dict[str, Any]) -> list[dict[str, Any]]:
    return [way for check in scenario["checks"] for way in ways(check)]


def tried(scenario: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str, dict[str, Any], dict[str, Any]]]:
    """Each way through a check and each what-if: itself, its tool, all its answers, what it expects."""
    answers = {check["tree"]: check["answers"] for check in scenario["checks"]}
    for check in every_way(scenario):
        yield check, check["tree"], check["answers"], check["expect"]
    for one in scenario["what_ifs"]:
        yield one, one["tree"], {**answers[one["tree"]], **one["change"]}, one["expect"]


@cache
def journeys() -> dict[str, list[tuple[str, Journey]]]:
    """Every check and what-if of the bank, walked."""
    trees = published().trees
    return {id: [(tree, walk(trees[tree], answers)) for _, tree, answers, _ in tried(s)] for id, s in BANK.items()}


# ---- what they come to ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", BANK)
def test_a_scenario_and_its_what_ifs_come_to_what_they_say(id: str) -> None:
    for (tree, journey), (_, _, _, expect) in zip(journeys()[id], tried(BANK[id]), strict=True):
        told = summary(published().trees[tree], journey)
        assert {"level": None, "could_be": [0], **expect} == {
            part: told[part] for part in ("outcome", "level", "could_be", "police", "results")
        }


@pytest.mark.parametrize("id", BANK)
def test_every_answer_that_a_scenario_tells_is_asked_for(id: str) -> None:
    for (_, journey), (one, *_) in zip(journeys()[id], tried(BANK[id]), strict=True):
        assert set(journey.unused) & set(one.get("answers", one.get("change"))) == set()


@pytest.mark.parametrize("id", BANK)
def test_a_what_if_changes_something(id: str) -> None:
    for one in BANK[id]["what_ifs"]:
        for way in (way for way in every_way(BANK[id]) if way["tree"] == one["tree"]):
            assert any(way["answers"].get(fact) != value for fact, value in one["change"].items())


def test_together_they_come_to_every_outcome_of_every_tool(project: Project) -> None:
    reached = {
        (tree, journey.outcome.id) for walked in journeys().values() for tree, journey in walked if journey.outcome
    }
    ends = {(tool, step.node.id) for tool in project.tools for step in project.trees[tool].ends}
    assert sorted(ends - reached) == []


def test_together_they_come_to_every_outcome_of_every_part(project: Project) -> None:
    passed = {
        (step.tree, step.node.id)
        for walked in journeys().values() for tree, journey in walked
        for step in (project.trees[tree].steps[key] for key in journey.passed)
    }  # fmt: skip
    outcomes = {(t.id, n.id) for t in project.library.trees.values() for n in t.nodes if n.kind == "outcome"}
    assert sorted(outcomes - passed) == []


def test_together_they_are_told_every_result_that_an_outcome_tells(project: Project) -> None:
    told = {result for walked in journeys().values() for tree, journey in walked
            for result in summary(project.trees[tree], journey)["results"]}  # fmt: skip
    shown = {result for tree in project.library.trees.values() for node in tree.nodes for result in node.shows}
    assert sorted(set(project.library.results) - told - shown) == []


# ---- which kinds there are --------------------------------------------------------------------------------------


def levels_of(scenario: dict[str, Any]) -> set[int]:
    """The levels that a scenario can come to; none where it has no check of the level."""
    return {way["expect"].get("level", 0) for way in every_way(scenario) if way["tree"] == "level"}


def told(scenario: dict[str, Any], fact: str) -> Any:
    return next((way["answers"][fact] for way in every_way(scenario) if fact in way["answers"]), None)


def themed(*themes: str, level: int | None = None) -> Callable[[dict[str, Any]], bool]:
    return lambda s: set(themes) <= set(s["themes"]) and (level is None or level in levels_of(s))


WANTED: dict[str, Callable[[dict[str, Any]], bool]] = {
    **{f"level {n} at home": themed("at-home", level=n) for n in (1, 2, 3, 4)},
    **{f"level {n}, Looked After": themed("looked-after", level=n) for n in (1, 2, 3, 4)},
    "under 13": lambda s: told(s, "age") == "under_13",
    "13 to 15": lambda s: told(s, "age") == "13_to_15",
    "16 or 17": lambda s: told(s, "age") == "16_or_17",
    "age not known": lambda s: told(s, "age") == "not_known",
    "an adult": lambda s: "adult" in s["themes"] and told(s, "age") == "18_or_over",
    "exited exploitation": lambda s: "exited" in s["themes"] and told(s, "past") == "exited" and 1 in levels_of(s),
    "stepping down": lambda s: "stepping-down" in s["themes"] and told(s, "past") == "reduced" and 2 in levels_of(s),
    "missing now": lambda s: "going-missing" in s["themes"] and told(s, "danger") == ["missing_now"],
    "missing in the borough": lambda s: "going-missing" in s["themes"] and told(s, "placement") == "in_borough",
    "missing out of the borough": lambda s: "placed-out" in s["themes"] and told(s, "placement") == "placed_out",
    "placed here by another council": lambda s: "placed-in" in s["themes"] and told(s, "placement") == "placed_in",
    "online only": themed("online-only"),
    "exchange that prevents harm": lambda s: (
        "preventing-harm" in s["themes"] and told(s, "exchange") == ["harm_prevented"]
    ),
    "a child who is also suspected": themed("also-suspected", level=4),
    "an overheard remark of which nothing is known": lambda s: (
        "overheard" in s["themes"] and all("not_known" in told(s, fact) for fact in ("danger", "age", "harm"))
    ),
    "professionals who differ": themed("disagreement"),
    **{
        f"for {who}": (lambda s, who=who: who in s["audience"])
        for who in ("social_work", "schools", "police", "health", "carers")
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", WANTED)
def test_the_bank_holds_each_kind_that_trainers_need(kind: str) -> None:
    assert [id for id, scenario in BANK.items() if WANTED[kind](scenario)] != []


def test_the_bank_holds_thirty_at_least() -> None:
    assert len(BANK) >= 30


@pytest.mark.parametrize("id", BANK)
def test_themes_say_of_the_child_what_the_answers_say(id: str) -> None:
    themes, looked_after = set(BANK[id]["themes"]), told(BANK[id], "looked_after")
    assert not {"at-home", "looked-after"} <= themes
    if looked_after in ("yes", "no"):
        assert ("looked-after" in themes) == (looked_after == "yes")
    assert ("adult" in themes) == (told(BANK[id], "age") == "18_or_over")


# ---- what a debrief may call fixed ------------------------------------------------------------------------------


@pytest.mark.parametrize("id", BANK)
def test_levels_1_to_3_rest_on_judgement_and_direct_police_contact_is_fixed(id: str) -> None:
    for check in every_way(BANK[id]):
        if check["expect"].get("level", 4) < 4:
            assert check["footing"]["outcome"] == "judgement"
        if check["expect"]["police"] == 2 and check["answers"].get("likelihood") != "highly_likely":
            assert check["footing"]["police"] == "procedure"


@pytest.mark.parametrize("id", BANK)
def test_that_no_crime_is_feared_where_there_is_a_concern_is_for_judgement(id: str) -> None:
    """The procedure has the police contacted when a crime is feared, and nobody can fix that one is not."""
    for check in every_way(BANK[id]):
        if check["expect"]["police"] == 0 and check["expect"].get("level") in (2, 3):
            assert check["footing"]["police"] == "judgement"


@pytest.mark.parametrize("id", BANK)
def test_no_debrief_calls_another_judgement_wrong(id: str) -> None:
    denied = re.compile(r"\b(no|not|nobody|neither|none|nothing)\b", re.IGNORECASE)
    for words in texts(BANK[id]):
        for sentence in sentences(words):
            if re.search(r"\b(wrong|mistake|mistaken|incorrect|false answer)\b", sentence, re.IGNORECASE):
                assert denied.search(sentence), sentence


# ---- words ------------------------------------------------------------------------------------------------------

MAY_BE_CAPITAL = {
    "I", "CADS", "CANW", "CAF", "Engage", "Team", "Manager", "Social", "Care", "Looked", "After", "Service", "Leader",
    "Placement", "Plan", "UK", "Blackburn", "Darwen",
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January", "March",
}  # fmt: skip
"""Names of roles, teams and steps as the tools write them, the borough itself, and days."""
NEVER = re.compile(
    r"\b(consented|consents|willing\w*|unwilling\w*|prostitut\w*|promiscu\w*|rent boy|risky|streetwise"
    r"|attention.seeking|lifestyle|(?<!design )choices?|chose|choosing|scor\w+|rating|calculat\w+|provocative|naive"
    r"|put (him|her|them)selves? at risk"
    r"|underage|sex worker|drug runner|mule|dealer)\b",
    re.IGNORECASE,
)
"""Words that the tools never use: of the child, because they blame; of a result, because it measures nothing."""


def texts(scenario: dict[str, Any]) -> Iterator[str]:
    yield from (scenario["title"], scenario["vignette"])
    yield from (words for part in ("teaches", "notes", "prompts") for words in scenario[part])
    yield from (one["debrief"] for check in scenario["checks"] for one in check.get("branches", (check,)))
    yield from (words for one in scenario["what_ifs"] for words in (one["what"], one["why"]))


def sentences(words: str) -> list[str]:
    """The sentences of a text; what a quotation mark or a colon begins counts as one too."""
    return [part for part in re.split(r"[.?!:]”?\s+|“|”", words) if part]


def capitals_within(words: str) -> list[str]:
    """Words with a capital letter that do not begin a sentence."""
    found = [
        (sentence, capital) for sentence in sentences(words) for capital in re.finditer(r"\b[A-Z][\w’]*", sentence)
    ]
    return [capital.group() for sentence, capital in found if sentence[: capital.start()].strip()]


@pytest.mark.parametrize("id", BANK)
def test_nobody_and_no_place_has_a_name(id: str) -> None:
    strange = {w.removesuffix("’s") for words in texts(BANK[id]) for w in capitals_within(words)} - MAY_BE_CAPITAL
    assert sorted(strange) == []


def test_the_search_for_names_finds_one() -> None:
    assert capitals_within("A girl called Jane lives here. She is “Aunt” to him in Mill Hill.") == [
        "Jane",
        "Mill",
        "Hill",
    ]


@pytest.mark.parametrize("id", BANK)
def test_no_word_blames_a_child_or_measures_one(id: str) -> None:
    assert [found.group() for words in texts(BANK[id]) for found in NEVER.finditer(words)] == []


@pytest.mark.parametrize("id", BANK)
def test_the_age_and_the_home_are_told_in_the_vignette(id: str) -> None:
    """Of what the room needs most, these two can be looked for by a machine."""
    age, words = told(BANK[id], "age"), BANK[id]["vignette"]
    years = {int(n) for n in re.findall(r"\b(1[0-9])\b", words)}
    ages = {"under_13": range(13), "13_to_15": range(13, 16), "16_or_17": range(16, 18), "18_or_over": range(18, 99)}
    if age != "not_known":
        assert years & set(ages[age])


def test_titles_and_first_sentences_are_their_own() -> None:
    for part in ("title", "vignette"):
        assert len({scenario[part] for scenario in BANK.values()}) == len(BANK)


# ---- looking again ----------------------------------------------------------------------------------------------


def context(project: Project) -> Context:
    return Context(project.library, project.register, list(project.source_clauses))


def test_a_tree_that_comes_to_something_else_stops_the_build_at_each_scenario_it_moves(project: Project) -> None:
    """An edge of the referral tool leads elsewhere: the scenarios that take it are named, and no other."""
    tree = project.library.trees["referral"]
    who = tree.node("who")
    edges = (*who.edges[:2], replace(who.edges[2], to="contact-allocated-social-worker"))
    nodes = tuple(replace(who, edges=edges) if node is who else node for node in tree.nodes)
    library = replace(project.library, trees={**project.library.trees, "referral": replace(tree, nodes=nodes)})
    moved = {**project.trees, "referral": inline(library, "referral")}
    found = check_scenarios(context(project), moved, project.scenarios)
    taking = {
        id for id, walked in journeys().items() for _, journey in walked
        if any(edge.name == "referral/who/3" for edge in journey.taken)
    }  # fmt: skip
    assert {diagnostic.kind for diagnostic in found} == {"other-result"}
    assert {Path(diagnostic.file).stem for diagnostic in found} == taking != set()
    for diagnostic in found:
        id = Path(diagnostic.file).stem
        assert f"“{id}”" in diagnostic.message
        assert "expected refer-to-cads, now contact-allocated-social-worker" in diagnostic.message
        assert f'make scenarios CONFIRM="{id}"' in diagnostic.fix


def test_recording_writes_what_comes_now_and_leaves_all_else_as_it_stands(project: Project) -> None:
    for scenario in project.scenarios.values():
        text, data = scenario.source.text, json.loads(scenario.source.text)
        for replay in reversed([one for one in scenario.replays if one.first]):
            start, end = scenario.source.span((*replay.at, "expect", "police"))
            other = (replay.expect["police"] + 1) % 3
            assert text[start:end] == str(replay.expect["police"])
            text = f"{text[:start]}{other}{text[end:]}"
            reduce(getitem, replay.at, data)["expect"]["police"] = other
        spoilt = Scenario(scenario.id, data, replace(scenario.source, text=text))
        assert text != scenario.source.text
        assert json.loads(recorded(spoilt, project.trees)) == json.loads(scenario.source.text)


def test_a_changed_expectation_is_told_then_recorded_by_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("schemas", "decision_trees", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    file = tmp_path / FOLDER / "two-years-on.json"
    right = file.read_text("utf-8")
    file.write_text(
        right.replace('"outcome": "level-1",\n            "level": 1', '"outcome": "level-2",\n            "level": 2')
    )
    diagnostics = load_project(tmp_path).diagnostics
    assert [(d.kind, d.file, d.pointer) for d in diagnostics] == [
        ("other-result", f"{FOLDER}/two-years-on.json", "/checks/0/branches/0/expect")
    ]
    assert main([], tmp_path) == 0
    assert "level, highly_unlikely outcome: expected level-2, now level-1" in capsys.readouterr().out
    assert main(["two-years-off"], tmp_path) == 1
    assert "two-years-on" in capsys.readouterr().out
    assert main(["two-years-on"], tmp_path) == 0
    assert file.read_text("utf-8") == right


@pytest.mark.parametrize(
    "part", ["title", "vignette", "teaches", "notes", "prompts", "debrief", "what", "why", "cites"]
)
def test_words_and_citations_of_a_scenario_wait_to_be_confirmed_when_they_change(project: Project, part: str) -> None:
    scenario = project.scenarios["two-years-on"]
    data = json.loads(json.dumps(scenario.data))
    holder = (
        data["checks"][0]["branches"][-1]
        if part == "debrief"
        else data["what_ifs"][0]
        if part in ("what", "why")
        else data
    )
    holder[part] = holder[part][1:] if isinstance(holder[part], list) else holder[part] + " So."
    passages = passages_of_scenarios({**project.scenarios, scenario.id: replace(scenario, data=data)})
    assert project.lock is not None
    found = check_lock(project.lock, replace(project.citations, scenarios=passages), project.source_clauses)
    assert [(d.kind, d.pointer) for d in found] == [("changed-citation", "/cited/scenarios~1two-years-on")]


def test_a_clause_that_changes_names_the_scenarios_that_rest_on_it(project: Project) -> None:
    clause = project.register.carried["s2-l1-04"]
    clauses = {**project.register.clauses, clause.id: replace(clause, text=clause.text + " So.")}
    assert project.lock is not None
    register = replace(project.register, clauses=clauses)
    (diagnostic,) = check_lock(project.lock, replace(project.citations, register=register), project.source_clauses)
    assert diagnostic.kind == "changed-clause"
    assert "scenarios/two-years-on" in diagnostic.message


# ---- what is left to the room -----------------------------------------------------------------------------------


@pytest.mark.parametrize("id", BANK)
def test_every_judgement_of_likelihood_is_left_to_the_room_with_each_of_its_answers(id: str) -> None:
    values = set(published().library.facts["likelihood"].values)
    for check in BANK[id]["checks"]:
        tree = published().trees[check["tree"]]
        asked = any("likelihood" in walk(tree, way["answers"]).answers for way in ways(check))
        assert not asked or "views" in BANK[id] or check["open"] == ["likelihood"]
        if "open" in check:
            assert {way["answers"]["likelihood"] for way in ways(check)} == values


def test_only_a_story_about_views_tells_them() -> None:
    assert [id for id in BANK if "views" in BANK[id]] == ["four-views"]


@pytest.mark.parametrize(
    "words",
    [
        "You think harm likely.",
        "Harm is unlikely.",
        "The two of you judge that he is safe.",
        "Nobody has a concern.",
        "You have no other concern.",
        "You see no likelihood of harm.",
        "Nobody is worried about him.",
    ],
)
def test_words_that_give_a_judgement_away_are_found(project: Project, words: str) -> None:
    scenario = project.scenarios["two-years-on"]
    spoilt = replace(scenario, data={**scenario.data, "vignette": f"{scenario.data['vignette']} {words}"})
    found = check_scenarios(context(project), {}, {scenario.id: spoilt})
    assert [one.kind for one in found] == ["giveaway"]


def test_an_answer_that_comes_to_something_else_than_its_branch_wants_one_of_its_own(project: Project) -> None:
    scenario = project.scenarios["evenings-with-a-gang"]
    data = json.loads(json.dumps(scenario.data))
    low, *_, open_level = data["checks"][0]["branches"]
    low["if"]["likelihood"] += open_level["if"]["likelihood"]
    data["checks"][0]["branches"].remove(open_level)
    found = check_scenarios(context(project), project.trees, {scenario.id: replace(scenario, data=data)})
    assert [(one.kind, one.pointer) for one in found] == [("other-result", "/checks/0/branches/0/expect")]
    assert "“not_known”" in found[0].message
    assert "a branch of its own" in found[0].fix


# ---- broken scenarios -------------------------------------------------------------------------------------------


@cache
def defects_of(name: str) -> list[Diagnostic]:
    return check_scenario_file(published(), BAD / name)


def test_every_broken_scenario_is_described_and_every_kind_of_defect_has_one() -> None:
    assert sorted(EXPECTED) == sorted(path.name for path in BAD.iterdir())
    assert {expected["kind"] for expected in EXPECTED.values()} == KINDS


@pytest.mark.parametrize("name", EXPECTED)
def test_broken_scenario_has_exactly_its_one_defect_and_is_told_how_to_mend_it(name: str) -> None:
    expected, (diagnostic,) = EXPECTED[name], defects_of(name)
    assert (diagnostic.kind, diagnostic.pointer, diagnostic.line) == (
        expected["kind"],
        expected["pointer"],
        expected["line"],
    )
    assert diagnostic.message
    assert diagnostic.fix


@pytest.mark.parametrize("name", [name for name, expected in EXPECTED.items() if expected["pointer"]])
def test_line_and_column_are_where_the_pointer_points(name: str) -> None:
    (diagnostic,) = defects_of(name)
    assert begins_where_it_points(BAD / name, diagnostic)


@pytest.mark.parametrize("name", EXPECTED)
def test_broken_scenario_is_sound_once_its_one_defect_is_mended(project: Project, name: str, tmp_path: Path) -> None:
    assert check_scenario_file(project, write_mended(BAD / name, EXPECTED[name], tmp_path)) == []


def test_a_scenario_that_cannot_be_read_stops_the_build_at_its_place(tmp_path: Path) -> None:
    for name in ("schemas", "decision_trees", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(BAD / "unknown-theme.json", tmp_path / FOLDER)
    assert [(d.kind, d.file, d.line) for d in load_project(tmp_path).diagnostics] == [
        ("schema", f"{FOLDER}/unknown-theme.json", EXPECTED["unknown-theme.json"]["line"])
    ]
