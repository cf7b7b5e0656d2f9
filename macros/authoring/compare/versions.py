"""Versions: where the two that are compared come from, a folder or a commit, each read by its own engine.

A commit that is older than the form of editions is read by today's engine, and the report says so. `renamed.json` of
the version after tells what became of ids.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

from macros.authoring.compare.answers import Renamed
from macros.authoring.compare.edition import FORMAT, Authored, Edition, Unreadable, edition_of, read_decisions
from macros.authoring.sources.diagnostics import did_you_mean
from macros.authoring.sources.reading import read_authored
from macros.authoring.sources.schemas import Schemas

EXPORTER = "macros/authoring/compare/edition.py"
RENAMED = "renamed"


@dataclass(frozen=True)
class Version:
    """One version to compare: what a reader calls it, its edition, its files; `by` is the engine that read it."""

    name: str
    edition: Edition
    authored: Authored
    by_own_engine: bool = True


def here(root: Path) -> Version:
    """The version in folder `root` as it stands now. Raises Unreadable."""
    try:
        authored = read_decisions(root)
        return Version("now", edition_of(authored.tables), authored)
    except Unreadable as wrong:
        raise Unreadable(f"The version to compare cannot be read: {wrong}. Run make check first.") from None


def base(root: Path, wanted: str) -> Version:
    """The version that a commit, a tag or a folder holds. Raises Unreadable."""
    if (Path(wanted) / "decision_trees").is_dir():
        return _read(Path(wanted), wanted)
    with checked_out(root, wanted) as (folder, name):
        return _read(folder, name)


@contextmanager
def checked_out(root: Path, wanted: str) -> Iterator[tuple[Path, str]]:
    """The files of a commit in a folder for a while, and a name for it. Raises Unreadable if there is none such."""
    commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{wanted}^{{commit}}")
    if commit.returncode:
        tags = _git(root, "tag", "--list").stdout.decode().split()
        raise Unreadable(
            f"“{wanted}” is no commit, no tag and no folder with decision_trees in it"
            + (f": {did_you_mean(wanted, tags)}" if tags else ". Give one that `git log` shows.")
        )
    name = commit.stdout.decode().strip()
    packed = _git(root, "archive", "--format=zip", name)
    if packed.returncode:
        raise Unreadable(f"The files of {wanted} cannot be read: {packed.stderr.decode().strip()}")
    with TemporaryDirectory(prefix="compare-") as temporary:
        with ZipFile(io.BytesIO(packed.stdout)) as archive:
            archive.extractall(temporary)
        yield Path(temporary), wanted if len(wanted) < 40 else wanted[:8]


def _git(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise Unreadable("Commits are compared with git, which is not installed. Give a folder as BASE.") from None


def _read(folder: Path, name: str) -> Version:
    try:
        authored = read_decisions(folder)
        own = (folder / EXPORTER).is_file()
        edition = _by_its_own_engine(folder) if own else edition_of(authored.tables)
    except Unreadable as wrong:
        raise Unreadable(
            f"{name} does not load, so nothing can be compared with it: {wrong}. Choose another."
        ) from None
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable(
            f"{name} was written in an older form that today's engine does not read ({error!r}). Choose a later one."
        ) from None
    if edition.data["format"] != FORMAT:
        raise Unreadable(
            f"{name} is an edition of format {edition.data['format']}, and this reads {FORMAT}. "
            "Compare from the newer of the two versions."
        )
    return Version(name, edition, authored, own)


def _by_its_own_engine(folder: Path) -> Edition:
    command = [sys.executable, "-m", EXPORTER.removesuffix(".py").replace("/", "."), str(folder)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise Unreadable(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "its engine fails")
    return Edition(json.loads(done.stdout))


def read_renamed(root: Path, before: Edition, after: Edition) -> Renamed:
    """What became of ids between two editions, as the project in folder `root` says.

    What is said of ids that the edition before does not have is of other versions, and is left out. Raises Unreadable
    for ids that the one after does not have.
    """
    file = read_authored(root, RENAMED, Schemas(root / "schemas"), needed=False)
    if file.diagnostics:
        raise Unreadable(str(file.diagnostics[0]))
    data, found = file.data or {}, {}
    for table in ("facts", "results"):
        pairs = data.get(table, ())
        for pair in pairs:
            _there(after, table, pair["after"], list(after.data[table]))
        found[table] = tuple((pair["before"], pair["after"]) for pair in pairs if pair["before"] in before.data[table])
    answers = {}
    for fact, pairs in data.get("answers", {}).items():
        values = [option["value"] for option in _there(after, "facts", fact, list(after.data["facts"]))["options"]]
        for pair in pairs:
            if pair["after"] not in values:
                raise Unreadable(
                    f"decision_trees/{RENAMED}.json says that “{pair['before']}” became “{pair['after']}”, which is "
                    f"no answer to “{fact}”: {did_you_mean(pair['after'], values)}"
                )
        answers[fact] = tuple((pair["before"], pair["after"]) for pair in pairs)
    return Renamed(found["facts"], found["results"], answers)


def _there(after: Edition, table: str, id: str, known: list[str]) -> Mapping[str, Any]:
    if id not in known:
        raise Unreadable(
            f"decision_trees/{RENAMED}.json names “{id}”, which is not among the {table} now: {did_you_mean(id, known)}"
        )
    found: Mapping[str, Any] = after.data[table][id]
    return found
