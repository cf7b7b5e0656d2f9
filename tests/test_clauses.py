"""The clause register: every fact of the source stands on a page, and published clauses keep ids and words."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from macros.authoring.citations.citations import (
    LOCK,
    check_cited,
    check_lock,
    citing_places,
    confirm,
    read_lock,
    uses_of,
)
from macros.authoring.commands.trace import rows
from macros.authoring.load import load_project
from macros.authoring.pages.clauses import Clause, page_url, scan
from macros.authoring.scenarios import scenes_of
from macros.engine.model.library import Library
from tests.trees import published

ROOT = Path(__file__).resolve().parents[1]
PROJECT = published()

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
    table = list(rows(PROJECT))
    assert [row[0] for row in table] == list(PROJECT.source_clauses)
    assert len(table) == 304
    assert all(row[5] for row in table)


def locked(folder: Path, text: str) -> list[str]:
    """The kinds of defect that the lock finds once PAGE was looked at and the page then says `text`."""
    ids = dict.fromkeys(["s1-01", "s1-02", "s1-03", "s1-04"])
    register, _ = scan(page(folder, PAGE), ids)
    (folder / "decision_trees").mkdir()
    lock, _ = read_lock(folder)
    assert lock is not None
    confirm(folder, lock, register, PROJECT.library, ["all"])
    lock, _ = read_lock(folder)
    assert lock is not None
    register, _ = scan(page(folder, text), ids)
    return [diagnostic.kind for diagnostic in check_lock(lock, register, PROJECT.library, ids)]


def test_what_was_looked_at_is_no_defect(tmp_path: Path) -> None:
    assert locked(tmp_path, PAGE) == []


def test_a_clause_whose_words_change_waits_to_be_looked_at(tmp_path: Path) -> None:
    assert locked(tmp_path, PAGE.replace("two lines", "three lines")) == ["changed-clause"]


def test_white_space_alone_changes_nothing(tmp_path: Path) -> None:
    assert locked(tmp_path, PAGE.replace("over\ntwo", "over two")) == []


def test_a_clause_that_vanishes_stops_the_build(tmp_path: Path) -> None:
    assert locked(tmp_path, PAGE.replace("  {: #s1-04 .clause }\n", "")) == ["removed-clause", "unmapped-clause"]


def test_a_renamed_clause_stops_the_build_until_a_redirect_is_declared(tmp_path: Path) -> None:
    renamed = PAGE.replace('#s1-01 .clause .must carries="s1-02 s1-03"', '#s1-02 .clause .must carries="s1-01 s1-03"')
    assert locked(tmp_path, renamed) == ["removed-clause", "new-clause"]
    path = tmp_path / LOCK
    data = json.loads(path.read_text("utf-8"))
    data["redirects"] = {"s1-01": "s1-02"}
    path.write_text(json.dumps(data), "utf-8")
    lock, _ = read_lock(tmp_path)
    ids = dict.fromkeys(["s1-01", "s1-02", "s1-03", "s1-04"])
    register, _ = scan(tmp_path / "docs", ids)
    assert lock is not None
    confirm(tmp_path, lock, register, PROJECT.library, ["s1-02"])
    lock, _ = read_lock(tmp_path)
    assert lock is not None
    assert check_lock(lock, register, PROJECT.library, ids) == []


def cited_otherwise(library: Library) -> list[tuple[str, str]]:
    """What is wrong with a library whose citations are not those of the project's lock: kinds and what is named."""
    assert PROJECT.lock is not None
    found = check_lock(PROJECT.lock, PROJECT.register, library, PROJECT.source_clauses)
    return [(diagnostic.kind, diagnostic.message.split("“")[1].split("”")[0]) for diagnostic in found]


def test_a_citation_that_nobody_looked_at_stops_the_build_and_names_its_place() -> None:
    harm = PROJECT.library.facts["harm"]
    swapped = replace(harm, cites=("s1-01", *harm.cites[1:]))
    library = replace(PROJECT.library, facts={**PROJECT.library.facts, "harm": swapped})
    assert cited_otherwise(PROJECT.library) == []
    assert cited_otherwise(library) == [("changed-citation", "facts/harm")]


def test_the_same_clauses_beside_other_words_wait_to_be_looked_at() -> None:
    level = PROJECT.library.trees["level"]
    node = level.node("harm")
    edge = replace(node.edges[0], because="Something else.")
    changed = replace(node, edges=(edge, *node.edges[1:]))
    tree = replace(level, nodes=tuple(changed if n is node else n for n in level.nodes))
    library = replace(PROJECT.library, trees={**PROJECT.library.trees, "level": tree})
    assert cited_otherwise(library) == [("changed-citation", "level/harm")]


def test_every_place_that_cites_is_held_to_its_clauses() -> None:
    assert PROJECT.lock is not None
    places = citing_places(PROJECT.library)
    scenes = {name: scene.digest for name, scene in scenes_of(PROJECT.scenarios).items()}
    assert dict(PROJECT.lock.cited) == {**places, **scenes}
    cited = {f"{tree.id}/{node.id}" for tree in PROJECT.library.trees.values() for node in tree.nodes}
    assert cited <= set(places)


def test_looking_at_a_place_records_it_alone(tmp_path: Path) -> None:
    (tmp_path / "decision_trees").mkdir()
    lock, _ = read_lock(tmp_path)
    assert lock is not None
    assert confirm(tmp_path, lock, PROJECT.register, PROJECT.library, ["level/harm"]) == ["level/harm"]
    lock, _ = read_lock(tmp_path)
    assert lock is not None
    assert (list(lock.cited), list(lock.clauses)) == (["level/harm"], [])


def test_looking_at_a_clause_that_is_none_is_refused(tmp_path: Path) -> None:
    register, _ = scan(page(tmp_path, PAGE), dict.fromkeys(["s1-01"]))
    lock, _ = read_lock(tmp_path)
    assert lock is not None
    with pytest.raises(KeyError, match="s9-99"):
        confirm(tmp_path, lock, register, PROJECT.library, ["s9-99"])


def test_a_rule_marked_for_a_tool_is_cited_by_it_or_waived() -> None:
    source = PROJECT.lock.source if PROJECT.lock else None
    assert source is not None
    waivers = PROJECT.tables["waivers"]
    assert check_cited(PROJECT.library, PROJECT.source_clauses, waivers, source) == []
    none = check_cited(PROJECT.library, PROJECT.source_clauses, {"not_cited": {}}, source)
    assert {d.kind for d in none} == {"uncited-clause"}
    assert len(none) == sum(map(len, waivers["not_cited"].values()))
    more = {"not_cited": {**waivers["not_cited"], "level": {"s2-l4-02": "x"}}}
    needless = check_cited(PROJECT.library, PROJECT.source_clauses, more, source)
    assert [d.kind for d in needless] == ["needless-waiver"]


def test_every_cited_clause_has_an_address(tmp_path: Path) -> None:
    assert set(uses_of(PROJECT.library)) <= set(PROJECT.library.clauses)
    assert all(clause["url"] for clause in PROJECT.library.clauses.values())


def test_the_project_as_it_stands_has_no_defect() -> None:
    assert [str(d) for d in load_project(ROOT).diagnostics] == []
