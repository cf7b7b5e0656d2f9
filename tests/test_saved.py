"""Files as other systems leave them: read by one reader, or named with the place and what to do."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from macros.authoring.links.lock import directory_of, read_published
from macros.authoring.load import TABLES, load_project
from macros.authoring.sources.legible import WRITTEN
from macros.engine.record.saved import read_saved
from macros.site.check import wrong_settings
from tests.trees import ROOT, published

Change = Callable[[bytes], bytes]
FILES = [
    "decision_trees/facts.json", "decision_trees/everyday-words.json", "decision_trees/clauses.lock.json",
    "decision_trees/links.lock.json", "decision_trees/mutation.json", "decision_trees/trees/danger.json",
    "decision_trees/editions/first.json", "schemas/facts.schema.json", "docs/procedure/levels.md",
    "docs/.abbreviations.md", "tests/journeys/adult-in-danger.json", "mkdocs.yml",
]  # fmt: skip
"""One of each kind of file that editors write, each read in a way of its own."""
READ: dict[str, Change] = {
    "a byte-order mark": lambda raw: b"\xef\xbb\xbf" + raw,
    "CRLF": lambda raw: raw.replace(b"\n", b"\r\n"),
    "CR": lambda raw: raw.replace(b"\n", b"\r"),
    "no newline at the end": lambda raw: raw.rstrip(),
}
NAMED: dict[str, Change] = {
    "UTF-16": lambda raw: raw.decode().encode("utf-16"),
    "UTF-16 without a mark": lambda raw: raw.decode().encode("utf-16-be"),
    "empty bytes behind it": lambda raw: raw + b"\0" * 99,
    "Ctrl-Z behind it": lambda raw: raw + b"\x1a",
    "another encoding": lambda raw: raw + "’".encode("cp1252"),
    "nothing but empty bytes": lambda raw: b"\0" * len(raw),
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What editors write, to change and to put back."""
    root = tmp_path_factory.mktemp("written")
    for name in (*WRITTEN, "mkdocs.yml"):
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, root / name)
    return root


def changed(root: Path, change: Change) -> list[str]:
    """All that is said once every one of the files is changed in the same way."""
    kept = {name: (root / name).read_bytes() for name in FILES}
    try:
        for name, raw in kept.items():
            (root / name).write_bytes(change(raw))
        project = load_project(root)
        links = directory_of(project)[1] if not project.diagnostics else []
        return [*map(str, project.diagnostics), *map(str, links), *wrong_settings(root)]
    finally:
        for name, raw in kept.items():
            (root / name).write_bytes(raw)


@pytest.mark.parametrize("what", READ)
def test_what_says_nothing_is_read_in_every_kind_of_file(written: Path, what: str) -> None:
    assert changed(written, READ[what]) == []


@pytest.mark.parametrize("what", NAMED)
def test_what_others_would_read_otherwise_is_named_with_its_place_and_fix_and_nothing_else(
    written: Path, what: str
) -> None:
    said = [line for line in changed(written, NAMED[what]) if not line.startswith("mkdocs.yml: ")]
    assert [line.split(":")[0] for line in said] == sorted(FILES)
    assert all(re.match(r"[^:]+:\d+:\d+: .+ Fix: .+", line) for line in said), said


@pytest.mark.parametrize("name", FILES)
def test_a_file_in_other_letters_is_named(written: Path, name: str) -> None:
    file = written / name
    folder = file.parent if "/" in name.partition("/")[2] else file
    for one, other in (
        (file, file.with_name(file.name.upper())),
        (file, file.with_suffix(file.suffix.upper())),
        (folder, folder.with_name(folder.name.upper())),
    ):
        one.rename(other)
        try:
            said = list(map(str, load_project(written).diagnostics))
        finally:
            other.rename(one)
        assert said, other
        assert all(other.name in line and "rename it “" in line for line in said), said


def test_a_table_that_is_empty_or_broken_is_named_whatever_reads_it(written: Path) -> None:
    """Whatever lies in the folder of decisions, also what no check is about."""
    tables = sorted((written / "decision_trees").glob("*.json"))
    assert len(tables) > 15
    unsaid = []
    for together in ([t for t in tables if t.stem in TABLES], [t for t in tables if t.stem not in TABLES]):
        kept = {table: table.read_bytes() for table in together}
        for table in together:
            table.write_text("{,", "utf-8")
        said = [str(one) for one in (*load_project(written).diagnostics, *read_published(written)[1])]
        for table, raw in kept.items():
            table.write_bytes(raw)
        unsaid += [t.name for t in together if not any(f"decision_trees/{t.name}:1:2:" in line for line in said)]
    assert unsaid == []


def test_a_clause_has_the_same_digest_however_its_lines_end(written: Path) -> None:
    page = written / "docs/procedure/levels.md"
    kept = page.read_bytes()
    page.write_bytes(b"\xef\xbb\xbf" + kept.replace(b"\n", b"\r\n"))
    project = load_project(written)
    page.write_bytes(kept)
    assert project.register == published().register


@pytest.mark.parametrize("text", ["", "é", "“Há”\n漢字\n", '{"a": 1}\n', "x"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_text_is_itself_in_every_encoding_that_says_its_name(text: str, encoding: str) -> None:
    assert read_saved(text.encode(encoding)).text == text


def test_where_a_file_stops_being_text_is_told() -> None:
    saved = read_saved("one\r\ntwö ".encode() + b"\xff")
    assert (saved.text, saved.line, saved.column) == (None, 2, 5)


def test_no_recipe_knows_where_only_one_system_keeps_its_python() -> None:
    recipes = [line for line in (ROOT / "Makefile").read_text("utf-8").splitlines() if line.startswith("\t")]
    assert recipes
    assert [line for line in recipes if re.search(r"\.venv[\w-]*/(bin|Scripts)/", line)] == []
