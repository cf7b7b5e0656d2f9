"""The version of a check is of what it means: it changes with the data and the rules, and with nothing else."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from macros.authoring.load import version_of
from macros.engine import RULES
from macros.site.runtime.bundle import data_text, engine_archive
from tests import small
from tests.trees import ROOT, published

TEXTS = {".json", ".md", ".py", ".mjs", ".yml"}


def authored() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(small.FILE.read_text("utf-8"))
    return data


def reversed_results(data: dict[str, Any]) -> None:
    data["results"] = dict(reversed(data["results"].items()))


def another_guard(data: dict[str, Any]) -> None:
    data["trees"]["level"]["nodes"][1]["next"][0]["if"] = {"age": ["new"]}


def another_word(data: dict[str, Any]) -> None:
    data["facts"]["rain"]["text"] = "Does it rain?"


def other_order_of_options(data: dict[str, Any]) -> None:
    data["facts"]["rain"]["options"].reverse()


def other_order_of_edges(data: dict[str, Any]) -> None:
    data["trees"]["level"]["nodes"][1]["next"].reverse()


@pytest.mark.parametrize(
    "change", [reversed_results, another_guard, another_word, other_order_of_options, other_order_of_edges]
)
def test_changed_data_and_changed_order_are_another_version(change: Any) -> None:
    data = authored()
    change(data)
    assert version_of(data) != version_of(authored())


def test_other_rules_are_another_version() -> None:
    assert version_of(authored(), RULES + 1) != version_of(authored(), RULES) == version_of(authored())


def test_the_spaces_of_a_file_are_no_part_of_the_version() -> None:
    assert version_of(json.loads(json.dumps(authored(), indent=7))) == version_of(authored())


@pytest.fixture(scope="module")
def on_windows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as a checkout on Windows may have it, with lines that end otherwise."""
    folder = tmp_path_factory.mktemp("windows")
    for name in ("decision_trees", "docs", "macros", "schemas"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix in TEXTS:
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    return folder


TOLD = """
import sys
from pathlib import Path
from macros.authoring.load import load_project
from macros.site.runtime.bundle import data_text
project = load_project(Path.cwd())
assert project.diagnostics == (), project.diagnostics
sys.stdout.buffer.write(data_text(project.bundle()))
"""


def test_line_endings_and_docstrings_leave_the_version_and_the_bundle_as_they_are(
    on_windows: Path, tmp_path: Path
) -> None:
    told_otherwise = shutil.copytree(on_windows, tmp_path / "told otherwise")
    for path in (told_otherwise / "macros" / "engine").rglob("*.py"):
        path.write_bytes(path.read_bytes().replace(b'"""', b'"""In other words. ', 1) + b"# A comment.\r\n")
    run = subprocess.run([sys.executable, "-c", TOLD], cwd=told_otherwise, capture_output=True, check=False)
    assert run.stderr == b""
    assert run.stdout == data_text(published().bundle())


def test_line_endings_leave_the_archive_of_the_engine_as_it_is(on_windows: Path) -> None:
    (here, beside), (there, beside_there) = (
        (folder / "macros" / "engine", folder / "macros" / "site" / "runtime" / "sitecustomize.py")
        for folder in (ROOT, on_windows)
    )
    assert beside.read_bytes() != beside_there.read_bytes()
    data = small.bundle()
    assert engine_archive(there, data, [beside_there]) == engine_archive(here, data, [beside])
