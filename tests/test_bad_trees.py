"""Each broken tree in tests/trees/bad/ has one defect; the checker reports that one, at its place, with its fix.

`bad.json` says of each file what is wrong and where, and by which one edit it would be sound.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from macros.authoring.load import Project, check_tree_file, load_project
from macros.authoring.sources.diagnostics import Diagnostic
from tests.broken import begins_where_it_points, write_mended
from tests.trees import published

ROOT = Path(__file__).parent.parent
BAD = ROOT / "tests" / "trees" / "bad"
EXPECTED: dict[str, dict[str, Any]] = json.loads((ROOT / "tests" / "trees" / "bad.json").read_text("utf-8"))
KINDS = {
    "not-json", "not-utf8", "duplicate-key", "schema", "wrong-id", "duplicate-id",
    "unknown-fact", "unknown-value", "unknown-result", "unknown-node", "unknown-tree", "unknown-quantity",
    "unknown-clause", "unknown-question", "cycle", "call-cycle", "unreachable", "gap", "overlap", "never-asked",
    "dead-edge", "text-in-guard", "wrong-atom", "mixed-domains", "level-out-of-range", "too-long",
}  # fmt: skip


@pytest.fixture(scope="module")
def project() -> Project:
    return published()


@cache
def defects_of(name: str) -> list[Diagnostic]:
    return check_tree_file(published(), BAD / name)


def test_every_broken_tree_is_described_and_every_kind_of_defect_has_one() -> None:
    assert sorted(EXPECTED) == sorted(path.name for path in BAD.iterdir())
    assert {expected["kind"] for expected in EXPECTED.values()} == KINDS


@pytest.mark.parametrize("name", EXPECTED)
def test_broken_tree_has_exactly_its_one_defect(name: str) -> None:
    assert [(diagnostic.kind, diagnostic.pointer, diagnostic.line) for diagnostic in defects_of(name)] == [
        (EXPECTED[name]["kind"], EXPECTED[name]["pointer"], EXPECTED[name]["line"])
    ]


@pytest.mark.parametrize("name", EXPECTED)
def test_defect_says_what_is_wrong_and_how_to_mend_it(name: str) -> None:
    (diagnostic,) = defects_of(name)
    assert diagnostic.message
    assert EXPECTED[name].get("fix", "") in diagnostic.fix
    assert diagnostic.fix
    at = f" [{diagnostic.pointer}]" if diagnostic.pointer else ""
    assert (
        str(diagnostic)
        == f"{name}:{diagnostic.line}:{diagnostic.column}:{at} {diagnostic.message} Fix: {diagnostic.fix}"
    )


@pytest.mark.parametrize("name", [name for name, expected in EXPECTED.items() if expected["pointer"]])
def test_line_and_column_are_where_the_pointer_points(name: str) -> None:
    (diagnostic,) = defects_of(name)
    assert begins_where_it_points(BAD / name, diagnostic)


@pytest.mark.parametrize("name", EXPECTED)
def test_broken_tree_is_sound_once_its_one_defect_is_mended(project: Project, name: str, tmp_path: Path) -> None:
    assert check_tree_file(project, write_mended(BAD / name, EXPECTED[name], tmp_path)) == []


def tree_of_edges(*edges: dict[str, Any]) -> dict[str, Any]:
    end = {"id": "done", "kind": "outcome", "title": "Done", "cites": ["s11-01"]}
    ask = {"id": "missing", "kind": "ask", "ask": ["missing_episode"], "next": list(edges)}
    return {"id": "several", "title": "Several", "start": "missing", "nodes": [ask, end]}


RIGHT = {"to": "done", "because": "So it is.", "cites": ["s11-01"], "basis": "source"}
SEVERAL = {
    "two keys missing": (
        tree_of_edges({"to": "done", "basis": "source"}),
        [("schema", "/nodes/0/next/0"), ("schema", "/nodes/0/next/0")],
    ),
    "two keys unknown": (
        tree_of_edges({**RIGHT, "colour": "red", "score": 3}),
        [("schema", "/nodes/0/next/0/colour"), ("schema", "/nodes/0/next/0/score")],
    ),
    "ids that name nothing": (
        tree_of_edges({**RIGHT, "say": ["nothing"], "cites": ["s99-99"], "basis": "SR-98"}),
        [
            ("unknown-clause", "/nodes/0/next/0/cites/0"), ("unknown-question", "/nodes/0/next/0/basis"),
            ("unknown-result", "/nodes/0/next/0/say/0"),
        ],
    ),
    "a gap and an overlap": (
        tree_of_edges(
            {**RIGHT, "if": {"missing_episode": ["yes"]}}, {**RIGHT, "if": {"missing_episode": ["yes"]}},
            {**RIGHT, "if": {"missing_episode": ["no"]}},
        ),
        [("gap", "/nodes/0/next"), ("overlap", "/nodes/0/next/1")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SEVERAL)
def test_everything_wrong_in_a_file_is_told_at_once(project: Project, what: str, tmp_path: Path) -> None:
    data, expected = SEVERAL[what]
    (tmp_path / "several.json").write_text(json.dumps(data, indent=1), "utf-8")
    diagnostics = check_tree_file(project, tmp_path / "several.json")
    assert sorted((diagnostic.kind, diagnostic.pointer) for diagnostic in diagnostics) == expected


@pytest.mark.parametrize("text", ["", "null", "1", "[]", '"a tree"', "NaN", "{}", "[" * 100_000, "{" * 100_000])
def test_a_file_that_holds_something_else_than_a_tree_is_one_defect_or_lacks_its_keys(
    project: Project, text: str, tmp_path: Path
) -> None:
    (tmp_path / "other.json").write_text(text, "utf-8")
    diagnostics = check_tree_file(project, tmp_path / "other.json")
    assert [diagnostic.line for diagnostic in diagnostics] == [1] * (4 if text == "{}" else 1)


JUNK = st.sampled_from(
    [None, True, 0, -1, 10**30, "", "yes", "level", "\x00é", [], {}, ["yes"], {"any": ["yes"]}, {"not": {}}]
)


def places(data: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


@pytest.mark.parametrize("tree", ["danger", "referral"])
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choose=st.data())
def test_whatever_is_put_into_a_tree_the_checker_answers_with_defects_and_never_an_exception(
    project: Project, tree: str, choose: st.DataObject, tmp_path: Path
) -> None:
    whole = json.loads((ROOT / "decision_trees" / "trees" / f"{tree}.json").read_text("utf-8"))
    *above, last = choose.draw(st.sampled_from(list(places(whole))))
    around = whole
    for key in above:
        around = around[key]
    around[last] = choose.draw(JUNK)
    (tmp_path / f"{tree}.json").write_text(json.dumps(whole), "utf-8")
    assert all(
        diagnostic.line >= 1 and diagnostic.fix for diagnostic in check_tree_file(project, tmp_path / f"{tree}.json")
    )


NEW_FACT = {"kind": "text", "domain": "risk", "text": "Why?", "cites": ["s9-11"], "basis": "source"}
OPTIONS = [{"value": value, "text": f"Answer {i}"} for i, value in enumerate(("no", "yes", "not_known", "yes"))]
GRADES = [{"at": at, "name": f"Level {at}"} for at in (2, 1, 3, 4)]
PROPERTIES = json.loads((ROOT / "decision_trees" / "safety.json").read_text("utf-8"))["properties"]
PAIRS = next(i for i, one in enumerate(PROPERTIES) if "bears_on" in one.get("pairs", {}))
"""Where the first property of two runs stands that goes by what facts bear on."""
TABLES: dict[str, tuple[str, str, Any, str, str]] = {
    "a fact whose id is not well written": ("facts", "/Why", NEW_FACT, "schema", ""),
    "a fact that no tree asks": ("facts", "/why", NEW_FACT, "unused-fact", ""),
    "an order that names no answer": ("facts", "/risk/order/0/1", "perhaps", "unknown-value", ""),
    "an offer whose default is no answer": ("facts", "/more_for_record/default", "later", "unknown-value", ""),
    "an answer that stands twice": ("facts", "/risk/options", OPTIONS, "", "/3/value"),
    "a fact that bears on nothing there is": ("facts", "/risk/bears_on/0", "levle", "unknown-quantity", ""),
    "a contact that is not there": ("results", "/police/contacts/0", "polise", "unknown-contact", ""),
    "a clause that is not there": ("results", "/police/cites/0", "s9-99", "unknown-clause", ""),
    "a wording for no answer": ("results", "/police/wordings/0/if/your_role/0", "polise", "unknown-value", ""),
    "a grade that says nothing there is": ("quantities", "/police/grades/2/say", "polise", "unknown-result", ""),
    "grades out of order": ("quantities", "/level/grades", GRADES, "", "/1/at"),
    "a property of no tree": ("safety", "/properties/0/for/0", "dangre", "unknown-tree", ""),
    "a property of no fact": ("safety", "/properties/0/when", {"asked": "agee"}, "unknown-fact", "/asked"),
    "a property of no outcome": ("safety", "/properties/0/when", {"ends": ["level-5"]}, "unknown-outcome", "/ends/0"),
    "a property of no grade": (
        "safety", "/properties/0/require", {"floor": {"level": 5}}, "level-out-of-range", "/floor/level",
    ),
    "a property of a text": ("safety", "/properties/0/when", {"risk_notes": ["x"]}, "text-in-guard", "/risk_notes"),
    "a property that lowers nothing there is": (
        "safety", f"/properties/{PAIRS}/never_lower/0", "levle", "unknown-quantity", "",
    ),
    "a property of facts that bear on nothing": (
        "safety", f"/properties/{PAIRS}/pairs/bears_on", "levle", "unknown-quantity", "",
    ),
    "two properties of one id": ("safety", "/properties/1/id", "danger-brings-police", "duplicate-id", ""),
}  # fmt: skip
"""What is wrong: the table, where something is put, what, the kind of the defect (empty: any), its place inside."""


@pytest.mark.parametrize("what", TABLES)
def test_one_thing_wrong_in_a_table_is_one_defect_at_its_place(what: str, tmp_path: Path) -> None:
    table, where, value, kind, inside = TABLES[what]
    for name in ("schemas", "decision_trees", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    file = tmp_path / "decision_trees" / f"{table}.json"
    whole = json.loads(file.read_text("utf-8"))
    *above, last = where.removeprefix("/").split("/")
    around = whole
    for key in above:
        around = around[int(key)] if isinstance(around, list) else around[key]
    around[int(last) if isinstance(around, list) else last] = value
    file.write_text(json.dumps(whole, indent=2), "utf-8")
    # (A changed place that cites also waits to be confirmed: tests/test_clauses.py.)
    (diagnostic,) = (
        diagnostic for diagnostic in load_project(tmp_path).diagnostics if diagnostic.kind != "changed-citation"
    )
    assert (diagnostic.file, diagnostic.pointer) == (f"decision_trees/{table}.json", where + inside)
    assert diagnostic.kind == (kind or diagnostic.kind)


@pytest.mark.parametrize("name", ["facts", "results", "quantities", "contacts", "safety", "source-clauses"])
def test_a_table_that_is_missing_is_one_defect(name: str, tmp_path: Path) -> None:
    for folder in ("schemas", "decision_trees", "docs"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "decision_trees" / f"{name}.json").unlink()
    assert [(d.kind, d.file) for d in load_project(tmp_path).diagnostics] == [
        ("missing-file", f"decision_trees/{name}.json")
    ]


def test_the_command_reports_every_broken_tree_of_a_folder_and_fails() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "macros.site.check", "tests/trees/bad"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    for name, expected in EXPECTED.items():
        assert sum(line.startswith(f"{name}:{expected['line']}:") for line in run.stdout.splitlines()) == 1
