"""CONTRIBUTING.md does as it says: its diffs apply in their order, and its commands then succeed.

Applied to a temporary copy of the project. Of `make` only what it runs is run, by this Python, and no browser.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.trees import ROOT

GUIDE = "CONTRIBUTING.md"
BLOCK = re.compile(r"^```(diff|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS: list[tuple[str, str]] = BLOCK.findall((ROOT / GUIDE).read_text("utf-8"))
FOLDERS = ("decision_trees", "docs", "macros", "overrides", "schemas", "tests")
FILES = ("ARCHITECTURE.md", "README.md", GUIDE, "Makefile", "mkdocs.yml", "package.json", "pyproject.toml")
COPIED = (*FOLDERS, *FILES)
NO_BROWSER = "not browser and not all_browsers and not bench"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


def command(line: str) -> list[str]:
    """What a line of the guide runs: a command of make as the Python command behind it."""
    make, target, *rest = shlex.split(line)
    assert make == "make"
    if target == "check" and not rest:
        return [sys.executable, "-m", "macros.authoring.commands.check"]
    if target == "confirm":
        (arguments,) = rest
        return [
            sys.executable,
            "-m",
            "macros.authoring.commands.confirm",
            *shlex.split(arguments.removeprefix("CONFIRM=")),
        ]
    assert target == "test"
    (arguments,) = rest
    assert arguments.startswith("ARGS=")
    passed_on = shlex.split(arguments.removeprefix("ARGS="))
    return [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", NO_BROWSER, *passed_on]


def run(folder: Path, arguments: list[str], text: str | None = None) -> None:
    outside = {**os.environ, "GIT_CEILING_DIRECTORIES": str(folder.parent), "PYTHONUTF8": "1"}
    done = subprocess.run(
        arguments, cwd=folder, input=text, env=outside, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, f"{arguments}\n{done.stdout}\n{done.stderr}"


def test_the_guide_has_its_changes_and_its_commands_in_their_order() -> None:
    assert [kind for kind, _ in BLOCKS] == ["diff", "diff", "sh", "diff", "sh", "sh"]
    assert [text.strip() for kind, text in BLOCKS if kind == "sh"] == [
        'make confirm CONFIRM="facts/interpreter_wanted referral/interpreter"',
        "make check",
        'make test ARGS="-k journeys"',
    ]


def test_the_example_says_that_it_is_one_wherever_it_stands() -> None:
    """Its question, its edges and its new situation: a reader who met it would know."""
    added = [
        line[1:].strip() for kind, text in BLOCKS if kind == "diff" for line in text.splitlines() if line[:1] == "+"
    ]
    words = [line for line in added if re.match(r'"(text|because|name|why)": ', line)]
    assert len(words) == 5
    assert all(re.search(r'": "EXAMPLE\b', line) for line in words)


@pytest.mark.skipif(shutil.which("git") is None, reason="the guide's changes are applied by git")
def test_the_guide_works_as_written(copy: Path) -> None:
    for kind, text in BLOCKS:
        if kind == "diff":
            run(copy, ["git", "apply", "-"], text)
        for line in text.splitlines() if kind == "sh" else ():
            run(copy, command(line))


def test_the_example_is_not_in_the_published_trees() -> None:
    texts = [path.read_text("utf-8") for path in (ROOT / "decision_trees").rglob("*.json")]
    assert not any("EXAMPLE" in text or "interpreter_wanted" in text for text in texts)
