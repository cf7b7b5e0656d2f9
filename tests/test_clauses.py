"""The clause register: every fact of the source stands on a page, and published clauses keep ids and words."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from macros.authoring.citations.lock import LOCK, Citations, Lock, UnknownNames, check_lock, confirm, read_lock
from macros.authoring.citations.redirects import Redirects
from macros.authoring.citations.uses import check_cited, passages_of, uses_of
from macros.authoring.commands.confirm import main as command
from macros.authoring.commands.trace import rows
from macros.authoring.load import load_project
from macros.authoring.pages.clauses import Clause, fix_of_unknown, page_url, scan
from macros.authoring.pairs import passages_of_pairs
from macros.authoring.scenarios import passages_of_scenarios
from macros.authoring.sources.schemas import Schemas
from macros.engine.model.library import Library
from tests.trees import published

ROOT = Path(__file__).resolve().parents[1]
PAGE = """# A page

A paragraph over
two lines.
{: #s1-01 .clause .must carries="s1-02 s1-03" }

- Not a clause.
- A list item.
  {: #s1-04 .clause }

1. A numbered one. {: #not-a-clause }
"""


def page(folder: Path, text: str, name: str = "procedure/one.md") -> Path:
    path = folder / "docs" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return folder / "docs"


def clauses(folder: Path, text: str) -> list[Clause]:
    register, _ = scan(page(folder, text), dict.fromkeys(["s1-01", "s1-02", "s1-03", "s1-04"]))
    return list(register.clauses.values())


def test_clauses_are_read_with_their_words_place_duty_and_source_ids(tmp_path: Path) -> None:
    first, second = clauses(tmp_path, PAGE)
    assert (first.id, first.carries, first.text, first.duty, first.line) == (
        "s1-01",
        ("s1-01", "s1-02", "s1-03"),
        "A paragraph over two lines.",
        "must",
        5,
    )
    assert (second.text, second.url) == ("A list item.", "procedure/one/#s1-04")


@pytest.mark.parametrize(("file", "url"), [("index.md", ""), ("about/index.md", "about/"), ("a/b.md", "a/b/")])
def test_a_page_s_address_is_its_folder(file: str, url: str) -> None:
    assert page_url(Path(file)) == url


def test_a_source_fact_carried_twice_or_unknown_is_a_defect(tmp_path: Path) -> None:
    text = PAGE + "\nAgain.\n{: #s1-02 .clause }\n\nStrange.\n{: #s9-99 .clause }\n\nNameless.\n{: .clause }\n"
    _, diagnostics = scan(page(tmp_path, text), dict.fromkeys(["s1-01", "s1-02", "s1-03", "s1-04"]))
    told = [(diagnostic.kind, diagnostic.line) for diagnostic in diagnostics]
    assert told == [("clause-twice", 14), ("unknown-clause", 17), ("clause-without-id", 20)]


def test_every_fact_of_the_source_has_a_row_and_stands_on_a_page() -> None:
    table = list(rows(published()))
    assert [row[0] for row in table] == list(published().source_clauses)
    assert all(row[5] for row in table)


SCHEMAS = Schemas(ROOT / "schemas")
IDS = dict.fromkeys(["s1-01", "s1-02", "s1-03", "s1-04"])


def lock_of(folder: Path) -> Lock:
    """The lock of a folder; an empty one where there is none."""
    (folder / "decision_trees").mkdir(exist_ok=True)
    lock, diagnostics = read_lock(folder, SCHEMAS)
    assert lock is not None, diagnostics
    return lock


def citations(folder: Path, text: str, redirects: dict[str, str] | None = None) -> Citations:
    """The citations of the project's library once the only page says `text`."""
    return Citations(scan(page(folder, text), IDS)[0], published().library, redirects=Redirects(redirects or {}))


def locked(folder: Path, text: str, redirects: dict[str, str] | None = None) -> list[str]:
    """The kinds of diagnostic that the lock gives once PAGE was confirmed and the page then says `text`."""
    confirm(folder, lock_of(folder), citations(folder, PAGE), ["all"])
    return [diagnostic.kind for diagnostic in check_lock(lock_of(folder), citations(folder, text, redirects), IDS)]


def test_what_was_confirmed_is_no_defect(tmp_path: Path) -> None:
    assert locked(tmp_path, PAGE) == []


def test_a_clause_whose_words_change_waits_to_be_confirmed(tmp_path: Path) -> None:
    assert locked(tmp_path, PAGE.replace("two lines", "three lines")) == ["changed-clause"]


def test_white_space_alone_changes_nothing(tmp_path: Path) -> None:
    assert locked(tmp_path, PAGE.replace("over\ntwo", "over two")) == []


def test_a_clause_that_vanishes_stops_the_build(tmp_path: Path) -> None:
    assert locked(tmp_path, PAGE.replace("  {: #s1-04 .clause }\n", "")) == ["removed-clause", "unmapped-clause"]


def test_a_renamed_clause_stops_the_build_until_a_redirect_is_declared(tmp_path: Path) -> None:
    renamed = PAGE.replace('#s1-01 .clause .must carries="s1-02 s1-03"', '#s1-02 .clause .must carries="s1-01 s1-03"')
    assert locked(tmp_path, renamed) == ["removed-clause", "new-clause"]
    assert locked(tmp_path, renamed, {"s1-01": "s1-02"}) == ["new-clause"]
    now = citations(tmp_path, renamed, {"s1-01": "s1-02"})
    confirm(tmp_path, lock_of(tmp_path), now, ["s1-02"])
    assert check_lock(lock_of(tmp_path), now, IDS) == []


def test_a_clause_that_is_redirected_to_no_clause_stops_the_build(tmp_path: Path) -> None:
    gone = PAGE.replace("  {: #s1-04 .clause }\n", "")
    assert locked(tmp_path, gone, {"s1-04": "section-old"}) == ["unknown-clause", "unmapped-clause"]


def cited_otherwise(library: Library) -> list[tuple[str, str]]:
    """What is wrong with a library whose citations are not those of the project's lock: kinds and what is named."""
    assert published().lock is not None
    found = check_lock(published().lock, replace(published().citations, library=library), published().source_clauses)
    return [(diagnostic.kind, diagnostic.message.split("“")[1].split("”")[0]) for diagnostic in found]


def test_a_citation_that_nobody_confirmed_stops_the_build_and_names_its_place() -> None:
    harm = published().library.facts["harm"]
    swapped = replace(harm, cites=("s1-01", *harm.cites[1:]))
    library = replace(published().library, facts={**published().library.facts, "harm": swapped})
    assert cited_otherwise(published().library) == []
    assert cited_otherwise(library) == [("changed-citation", "facts/harm")]


def test_the_same_clauses_beside_other_words_wait_to_be_confirmed() -> None:
    level = published().library.trees["level"]
    node = level.node("harm")
    edge = replace(node.edges[0], because="Something else.")
    changed = replace(node, edges=(edge, *node.edges[1:]))
    tree = replace(level, nodes=tuple(changed if n is node else n for n in level.nodes))
    library = replace(published().library, trees={**published().library.trees, "level": tree})
    assert cited_otherwise(library) == [("changed-citation", "level/harm")]


def test_every_place_that_cites_is_held_to_its_clauses() -> None:
    assert published().lock is not None
    places = passages_of(published().library)
    stories = {**passages_of_scenarios(published().scenarios), **passages_of_pairs(published().pairs)}
    assert dict(published().lock.cited) == {**places, **stories}
    cited = {f"{tree.id}/{node.id}" for tree in published().library.trees.values() for node in tree.nodes}
    assert cited <= set(places)


def test_confirming_a_place_records_it_alone(tmp_path: Path) -> None:
    assert confirm(tmp_path, lock_of(tmp_path), published().citations, ["level/harm"]) == ["level/harm"]
    lock = lock_of(tmp_path)
    assert (list(lock.cited), list(lock.clauses)) == (["level/harm"], [])


@pytest.mark.parametrize(
    ("wrong", "near"), [("s1-4", "“s1-04”"), ("level/ham", "“level/harm”"), ("facts/harn", "“facts/harm”")]
)
def test_a_name_that_nothing_has_is_refused_with_one_near_it_and_nothing_is_recorded(
    tmp_path: Path, wrong: str, near: str
) -> None:
    confirm(tmp_path, lock_of(tmp_path), citations(tmp_path, PAGE), ["all"])
    before = (tmp_path / LOCK).read_text("utf-8")
    changed = citations(tmp_path, PAGE.replace("two lines", "three lines"))
    with pytest.raises(UnknownNames, match=f"“{wrong}” is no clause.* {near}"):
        confirm(tmp_path, lock_of(tmp_path), changed, ["s1-01", wrong])
    assert (tmp_path / LOCK).read_text("utf-8") == before


def test_a_rule_marked_for_a_tool_is_cited_by_it_or_waived() -> None:
    source = published().lock.source if published().lock else None
    assert source is not None
    waivers = published().tables["waivers"]
    assert check_cited(published().library, published().source_clauses, waivers, source) == []
    none = check_cited(published().library, published().source_clauses, {"not_cited": {}}, source)
    assert {d.kind for d in none} == {"uncited-clause"}
    assert len(none) == sum(map(len, waivers["not_cited"].values()))
    more = {"not_cited": {**waivers["not_cited"], "level": {"s2-l4-02": "x"}}}
    needless = check_cited(published().library, published().source_clauses, more, source)
    assert [d.kind for d in needless] == ["needless-waiver"]


def test_every_cited_clause_has_an_address(tmp_path: Path) -> None:
    assert set(uses_of(published().library)) <= set(published().library.clauses)
    assert all(clause["url"] for clause in published().library.clauses.values())


def test_the_project_as_it_stands_has_no_defect() -> None:
    assert [str(d) for d in load_project(ROOT).diagnostics] == []


# ---- the command


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What editors write, in a folder of its own and without version control."""
    for name in ("schemas", "decision_trees", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), "utf-8")


def test_the_command_shows_before_and_after_beside_the_clause_s_words(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clause = published().register.carried["s9-13"]
    fact = published().library.facts["your_role"]
    option = next(one for one in fact.options if one.value == "allocated_social_worker")
    edit(copy / clause.file, clause.text.split(".")[0], "Other words")
    edit(copy / "decision_trees" / "facts.json", f'"{option.text}"', '"Another option"')
    assert command([], copy) == 0
    shown = capsys.readouterr().out
    assert f"\n  before: {clause.text}\n  now:    Other words" in shown
    citing = next(edge for edge in published().library.trees["route"].node("route").edges if clause.id in edge.cites)
    assert f"  cited by route/route: {citing.because}" in shown
    place = shown[shown.index("\nfacts/your_role\n") :].split("\n\n")[0]
    before, now, *beside = place.strip().splitlines()[1:]
    assert (before, now) == (f"  before: {option.text}", "  now:    Another option")
    carried = published().register.carried
    assert beside
    for line in beside:
        id, _, words = line.strip().partition(" says: ")
        assert words.startswith("Other words") if id == clause.id else words == carried[id].text
    assert "\n2 to confirm.\n" in shown


def test_the_command_shows_which_clauses_a_place_cites_no_longer_and_which_anew(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fact = published().library.facts["your_role"]
    other = next(id for id in published().register.clauses if id not in fact.cites)
    file = copy / "decision_trees" / "facts.json"
    facts = json.loads(file.read_text("utf-8"))
    facts["your_role"]["cites"][0] = other
    file.write_text(json.dumps(facts, indent=2, ensure_ascii=False), "utf-8")
    assert command([], copy) == 0
    shown = capsys.readouterr().out
    assert f"\n  no longer cited: {fact.cites[0]}\n" in shown
    assert f"\n  {other} (newly cited) says: {published().register.clauses[other].text}\n" in shown


def test_an_id_that_the_source_does_not_have_is_not_corrected_to_one_of_another_section() -> None:
    ids = ["s1-01", "s1-10", "s11-01"]
    assert "“s1-10”" in fix_of_unknown("s1-11", ids)
    assert "“s1" not in fix_of_unknown("s10-01", ids).replace("“s10-”", "")
    for id in ("s1-11", "s10-01"):
        assert "decision_trees/source-clauses.json" in fix_of_unknown(id, ids)


def test_the_command_refuses_what_is_not_there_and_then_records_nothing(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (copy / LOCK).read_text("utf-8")
    edit(copy / "docs" / "about" / "about.md", "The place is Blackburn", "This place is Blackburn")
    assert command(["s0-02", "s0-2", "level/ham"], copy) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.rpartition(": ")[2] for line in lines[:2]] == ["did you mean “s0-02”?", "did you mean “level/harm”?"]
    assert lines[2:] == ["Nothing was recorded."]
    assert (copy / LOCK).read_text("utf-8") == before
    assert command(["s0-02"], copy) == 0
    assert capsys.readouterr().out.startswith("Confirmed: s0-02.\n")
    assert (copy / LOCK).read_text("utf-8") != before


@pytest.mark.skipif(shutil.which("make") is None, reason="asks make")
@pytest.mark.parametrize(
    ("old", "new"), [(["looked-at", "CLAUSES=s9-11"], "make confirm"), (["scenarios", "LOOKED_AT=all"], "CONFIRM=")]
)
def test_an_old_name_is_answered_with_one_line_that_says_the_new_one(old: list[str], new: str) -> None:
    alone = {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "MFLAGS"}
    done = subprocess.run(["make", *old], cwd=ROOT, env=alone, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    (line,) = (done.stdout + done.stderr).splitlines()
    assert new in line
