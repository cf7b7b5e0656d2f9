"""EDITING.md does as it says: its diffs apply in their order, and its commands then succeed.

Applied to a temporary copy of the project. Of `make` only what it runs is run, by this Python, and no browser.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from macros.authoring.commands.confirm import main as confirm
from macros.site.check import main as check
from tests.builds import remembering
from tests.trees import ROOT, published

GUIDE = "EDITING.md"
BLOCK = re.compile(r"^```(diff|sh|json|markdown)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS: list[tuple[str, str]] = BLOCK.findall((ROOT / GUIDE).read_text("utf-8"))
FOLDERS = ("decision_trees", "docs", "macros", "overrides", "schemas", "tests")
FILES = ("ARCHITECTURE.md", "README.md", GUIDE, "Makefile", "mkdocs.yml", "package.json", "pyproject.toml")
COPIED = (*FOLDERS, *FILES)
COMMANDS = {"check": "macros.site.check", "links": "macros.authoring.links.lock"}
NO_BROWSER = "not browser and not all_browsers and not bench"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    return remembering(folder)


def command(line: str) -> list[str]:
    """What a line of the guide runs: a command of make as the Python command behind it."""
    make, target, *rest = shlex.split(line)
    assert make == "make"
    if target in COMMANDS and not rest:
        return [sys.executable, "-m", COMMANDS[target]]
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


BEHIND = {
    "json": ("decision_trees/source-clauses.json", '{"id": "s8-08"'),
    "markdown": ("docs/procedure/outcomes.md", "{: #s8-08 "),
}
"""Where a block that is no diff goes: the file, and what stands in the line before."""


def insert(file: Path, before: str, text: str) -> None:
    """Put a text behind the one line that holds another."""
    lines = file.read_text("utf-8").splitlines(keepends=True)
    (at,) = (i for i, line in enumerate(lines, 1) if before in line)
    file.write_text("".join([*lines[:at], text, *lines[at:]]), "utf-8")


def run(folder: Path, arguments: list[str], text: str | None = None) -> None:
    outside = {**os.environ, "GIT_CEILING_DIRECTORIES": str(folder.parent), "PYTHONUTF8": "1"}
    done = subprocess.run(
        arguments, cwd=folder, input=text, env=outside, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, f"{arguments}\n{done.stdout}\n{done.stderr}"


def test_the_guide_has_its_changes_and_its_commands_in_their_order() -> None:
    assert [kind for kind, _ in BLOCKS] == ["diff", "diff", "sh", "diff", "sh", "sh", "json", "markdown", "sh"]
    assert [text.strip() for kind, text in BLOCKS if kind == "sh"] == [
        'make confirm CONFIRM="facts/interpreter_wanted referral/interpreter"',
        "make check",
        'make test ARGS="-k journeys"',
        'make confirm CONFIRM="s8-09"\nmake links\nmake check',
    ]


def test_the_example_says_that_it_is_one_wherever_it_stands() -> None:
    """Its question, its edges and its new situation: a reader who met it would know."""
    added = [
        line[1:].strip() for kind, text in BLOCKS if kind == "diff" for line in text.splitlines() if line[:1] == "+"
    ]
    words = [line for line in added if re.match(r'"(text|because|name|why)": ', line)]
    assert len(words) == 5
    assert all(re.search(r'": "EXAMPLE\b', line) for line in words)
    assert all("EXAMPLE, NOT TO BE PUBLISHED" in text for kind, text in BLOCKS if kind in ("json", "markdown"))


@pytest.mark.skipif(shutil.which("git") is None, reason="the guide's changes are applied by git")
def test_the_guide_works_as_written(copy: Path) -> None:
    for kind, text in BLOCKS:
        if kind == "diff":
            run(copy, ["git", "apply", "-"], text)
        if kind in BEHIND:
            insert(copy / BEHIND[kind][0], BEHIND[kind][1], text)
        for line in text.splitlines() if kind == "sh" else ():
            run(copy, command(line))


def test_the_example_is_not_in_the_published_trees() -> None:
    texts = [path.read_text("utf-8") for path in (ROOT / "decision_trees").rglob("*.json")]
    assert not any("EXAMPLE" in text or "interpreter_wanted" in text for text in texts)


# ---- what an editor changes breaks no check of the code


EDITED = ("decision_trees", "docs", "schemas", "mkdocs.yml")


@pytest.fixture
def authored(tmp_path: Path) -> Path:
    """What editors write, to change."""
    for name in EDITED:
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, tmp_path / name)
    return tmp_path


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(old) == 1, old
    file.write_text(text.replace(old, new), "utf-8")


def test_four_ordinary_edits_are_told_confirmed_and_then_sound(
    authored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An option's words, a clause, a telephone number, a scenario: whatever they are in the published data."""
    data, project = authored / "decision_trees", published()
    fact = next(fact for fact in project.library.facts.values() if fact.kind == "any_of")
    clause = next(one for one in project.register.clauses.values() if len(one.text) > 60 and one.text.isascii())
    scenario = next(iter(project.scenarios))
    contact = next(id for id, one in project.library.contacts.items() if not one.number)
    facts = json.loads((data / "facts.json").read_text("utf-8"))
    facts[fact.id]["options"][0]["text"] += ", in other words"
    (data / "facts.json").write_text(json.dumps(facts, indent=2, ensure_ascii=False), "utf-8")
    page = authored / clause.file
    page.write_text(page.read_text("utf-8").replace(clause.text[-20:], f"{clause.text[-20:-1]} or so."), "utf-8")
    contacts = json.loads((data / "contacts.json").read_text("utf-8"))
    contacts[contact] |= {"number": "020 7946 0000", "last_checked": "2026-01-31"}
    (data / "contacts.json").write_text(json.dumps(contacts, ensure_ascii=False), "utf-8")
    told = json.loads((data / "scenarios" / f"{scenario}.json").read_text("utf-8"))
    told["notes"][0] += " Take your time."
    (data / "scenarios" / f"{scenario}.json").write_text(json.dumps(told, ensure_ascii=False), "utf-8")

    assert check([], authored) == 1
    shown = capsys.readouterr().out
    waiting = [clause.id, f"facts/{fact.id}", f"scenarios/{scenario}"]
    assert sorted(re.findall(r'CONFIRM="([^"]*)"', shown)) == sorted(waiting)
    assert confirm(["all"], authored) == 0
    capsys.readouterr()
    assert check([], authored) == 0
    shown = capsys.readouterr().out
    assert "Only `make site` can check the rest" in shown
    named = [one.name for id, one in project.library.contacts.items() if one.needed_for_approval and id != contact]
    assert f"Approval waits for a number in decision_trees/contacts.json: {'; '.join(named)}." in shown.splitlines()


WRONG = {
    "an approval by nobody": ("mkdocs.yml", "status: draft", "status: approved", "not by whom"),
    "a host that may frame and is none": ("mkdocs.yml", "may_frame: []", "may_frame: [x]", "may_frame"),
    "an address that is none": ("mkdocs.yml", '!ENV [SITE_URL, ""]', "ftp://a.example/", "site_url"),
    "settings that are no YAML": ("mkdocs.yml", "site_name:", "site_name: [", "mkdocs.yml"),
    "a review on no day": ("docs/procedure/missing.md", "\nreviewed:\n", "\nreviewed: soon\n", "missing.md:"),
    "an approval on a day to come": (
        "mkdocs.yml", 'approved_on: ""', "approved_on: 2999-01-31", "approved_on",
    ),
    "an approval on no day": ("mkdocs.yml", 'approved_on: ""', "approved_on: 1/2/26", "approved_on"),
    "a review on a day to come": (
        "docs/procedure/missing.md", "\nreviewed:\n", "\nreviewed: 2999-01-31\n", "missing.md:",
    ),
    "a redirect of what is there": (
        "decision_trees/redirects.json", '"links": {', '"links": {"q-5": "none", ', "redirects.json:",
    ),
    "a page that may be hard to read and is none": (
        "decision_trees/hard-to-read.json", '"pages": {', '"pages": {"none.md": "Why.", ', "hard-to-read.json:",
    ),
    "everyday words for nothing": (
        "decision_trees/everyday-words.json", '"entries": [', '"entries": [{"typed": ["abc"], "find": ["none"]},',
        "everyday-words.json:",
    ),
    "an amendment of no clause": (
        "decision_trees/amendments.json", '"clauses": [', '"clauses": ["s99-1", ', "amendments.json:",
    ),
    "an approval without numbers": (
        "mkdocs.yml", 'status: draft\n    approved_by: ""\n    approved_on: ""',
        "status: approved\n    approved_by: A\n    approved_on: 2026-01-31", "no number for: Police",
    ),
    "a number that nobody called": (
        "decision_trees/contacts.json", '"short": "CADS", "number": ""',
        '"short": "CADS", "number": "020 7946 0000"', "contacts.json:",
    ),
    "a number that was called on a day to come": (
        "decision_trees/contacts.json", '"engage": {', '"engage": {"last_checked": "2999-01-31", ', "still to come",
    ),
    "a number that was called on no day": (
        "decision_trees/contacts.json", '"engage": {', '"engage": {"last_checked": "2026-02-30", ', "contacts.json:",
    ),
    "an edition that breaks its schema": (
        "decision_trees/editions/first.json", '"format": 1', '"format": 99', "editions/first.json",
    ),
}  # fmt: skip
"""What would stop the build, by its edit: file, old, new; and what the message names."""


@pytest.mark.parametrize("what", WRONG)
def test_whatever_would_stop_the_build_and_needs_no_page_is_told(
    authored: Path, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file, old, new, named = WRONG[what]
    text = (authored / file).read_text("utf-8")
    assert old in text
    (authored / file).write_text(text.replace(old, new, 1), "utf-8")
    assert check([], authored) == 1
    *lines, blank, count = capsys.readouterr().out.splitlines()
    assert (blank, count) == ("", f"{len(lines)} to fix.")
    assert all(named in line for line in lines), lines
