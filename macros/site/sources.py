"""What a site is made from, and the stamp that says what the site in a folder was made from.

Knows every input of a build: the project's own files by their content, the installed packages by the size and the time
of each file, Python, and the environment variables that a build reads. Two builds with equal sources give equal bytes,
so a site whose stamp names the sources of today need not be built again. The day is no source: what hangs on it is
the printed report, which the stamp therefore holds in a form that can be told on any day.
"""

from __future__ import annotations

import json
import os
import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from macros.authoring.sources.legible import text_of
from macros.site.after.report import Report

OWN = (
    "docs", "decision_trees", "tests/journeys", "macros", "overrides", "schemas",
    "mkdocs.yml", "requirements.txt", "package-lock.json",
)  # fmt: skip
"""The files and folders of a project that a build reads, or that say which packages it reads."""

CONTENT = ("docs/", "decision_trees/")
"""Of these, what authors write. A process that has built before may take it up; for all else it must start anew."""

NOT_SOURCES = ("__pycache__", ".cache", ".git")
ENVIRONMENT = {"SOURCE_DATE_EPOCH": "315532800"}
"""Variables that a build reads besides those that mkdocs.yml names, with what it takes where they are not set.

MkDocs stamps what it writes with the time; a fixed one makes equal sources give equal bytes.
"""

FORMAT = 2


def sources_of(root: Path) -> dict[str, str]:
    """All that a build of the project in folder `root` is made from: by its name what changes whenever it does."""
    packages = {
        "the Python packages": _look_of(Path(sysconfig.get_paths()["purelib"])),
        "the packages in node_modules": _look_of(root / "node_modules"),
    }
    return {**own_sources(root), **packages}


def own_sources(root: Path) -> dict[str, str]:
    """The same without the packages: files by their place below `root`, Python and variables as people call them."""
    files = {path.relative_to(root).as_posix(): _content(path) for name in OWN for path in _files(root / name)}
    return {**files, "Python itself": sys.version, **_variables(root / "mkdocs.yml")}


def content_of(folders: Iterable[Path]) -> str:
    """A hash over the names and the contents of all files in these folders."""
    whole = sha256()
    for folder in folders:
        for path in _files(folder):
            whole.update(f"{path.relative_to(folder).as_posix()}\n{_content(path)}\n".encode())
    return whole.hexdigest()


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """The names of all that came, went or changed between two answers of `sources_of`."""
    return sorted(name for name in {**before, **now} if before.get(name) != now.get(name))


def _files(place: Path) -> Iterator[Path]:
    """All files at a place, which may be one itself or nothing at all, in a fixed order."""
    if place.is_file():
        yield place
    yield from (Path(entry.path) for _, entry in _entries(place, ""))


def _content(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _look_of(folder: Path) -> str:
    """A hash over the names, sizes and times of all files in a folder: installed packages are many and large."""
    whole = sha256()
    for place, entry in _entries(folder, ""):
        found = entry.stat()
        whole.update(f"{place}\n{found.st_size} {found.st_mtime_ns}\n".encode())
    return whole.hexdigest()


def _entries(folder: Path | str, place: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """All files in a folder, by their places below it, in a fixed order. None if there is no such folder.

    Left out is what is gone again, such as the links by which editors mark a file that is open.
    """
    try:
        with os.scandir(folder) as found:
            entries = sorted((one for one in found if one.name not in NOT_SOURCES), key=lambda one: one.name)
    except OSError:
        return
    for entry in entries:
        if entry.is_dir():
            yield from _entries(entry.path, f"{place}{entry.name}/")
        elif entry.is_file():
            yield place + entry.name, entry


def _variables(config: Path) -> dict[str, str]:
    """The values of the environment variables that a build reads, by their names."""
    words = set(re.findall(r"\w+", text_of(config))) if config.is_file() else set()
    read = {**ENVIRONMENT, **{name: value for name, value in os.environ.items() if name in words | set(ENVIRONMENT)}}
    return {f"${name}": value for name, value in read.items()}


@dataclass(frozen=True)
class Stamp:
    """What a built site was made from (`sources_of`), what it is (`content_of`), and what was reported of it."""

    sources: Mapping[str, str]
    site: str
    report: Report

    def write(self, target: Path) -> None:
        """Put the stamp beside the site in folder `target`, in one step."""
        path = stamp_of(target)
        fresh = path.with_name(f"{path.name}-{os.getpid()}")
        fresh.write_text(json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, default=str), "utf-8")
        fresh.replace(path)


def stamp_of(target: Path) -> Path:
    """Where the stamp of the site in folder `target` lies: beside it, for the site itself names no source."""
    return target.with_name(f".{target.name}.stamp")


def read_stamp(target: Path) -> Stamp | None:
    """The stamp of the site in folder `target`; None where there is none that can be read."""
    try:
        found = json.loads(stamp_of(target).read_text("utf-8"))
        known = found["format"] == FORMAT
        return Stamp(found["sources"], found["site"], Report.of(found["report"])) if known else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
