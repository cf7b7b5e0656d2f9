"""Builds of the site for tests: the real command; the same in this process; and sites kept by what they are made of.

A site is built once for all that ask for it. `kept` keeps it for every process of a run, and for the next run, under a
hash of its sources: those whose change makes `make site` build anew (macros/site/sources.py, test_sources.py).
"""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from hashlib import sha256
from pathlib import Path
from shutil import copyfile, copytree, ignore_patterns, rmtree
from sqlite3 import connect
from subprocess import CompletedProcess, run
from tempfile import TemporaryDirectory

from macros.site.sources import content_of, sources_of
from tests.trees import ROOT

PARTS = ("decision_trees", "docs", "macros", "mkdocs.yml", "overrides", "schemas", "tests/journeys")
"""What the site is made from, beside the packages that the lock files name."""

SITES = ROOT / ".cache" / "tested-sites"
KEPT = 6
"""How many sites stay there."""

LONGEST = 1_200  # seconds for which a process waits for another's build; then that has ended or hangs


# ---- sources


def copy_sources(into: Path) -> Path:
    """Copy all that the site is made from into a new folder, to change and break. Gives the folder."""
    into.mkdir(parents=True)
    for part in PARTS:
        if (ROOT / part).is_dir():
            copytree(ROOT / part, into / part, ignore=ignore_patterns("__pycache__"))
        else:
            copyfile(ROOT / part, into / part)
    (into / "node_modules").symlink_to(ROOT / "node_modules")
    return into


def remembering(project: Path) -> Path:
    """Let a copy of the project remember what was proved here: the same code says the same of the same trees.

    Gives the folder.
    """
    (ROOT / ".cache").mkdir(exist_ok=True)
    (project / ".cache").symlink_to(ROOT / ".cache")
    return project


LIVE = "https://www.example.org/some/where/"
"""Where the site stands in `as_published`."""

EXIT = "https://www.example.org/weather"
"""Where its way out leads."""

HARD = (
    "Notwithstanding organisational considerations regarding multidisciplinary safeguarding responsibilities, "
    "practitioners undertaking comprehensive assessments should nevertheless demonstrate considerable professional "
    "curiosity concerning contextual vulnerabilities."
)
"""What asks for more years of schooling than a page may."""


def as_published(project: Path) -> Path:
    """Change sources to a site in use: approved, with the numbers that this needs, at an address of its own, framed by
    two sites, with a way out, a page that was reviewed, one that is hard to read for a reason, and a link and a page
    that went elsewhere. Gives the folder.
    """
    edit(project / "mkdocs.yml", '!ENV [SITE_URL, ""]', LIVE)
    edit(project / "mkdocs.yml", "status: draft", "status: approved")
    edit(project / "mkdocs.yml", 'approved_by: ""', "approved_by: A. Person")
    edit(project / "mkdocs.yml", 'approved_on: ""', "approved_on: 2026-02-03")
    edit(project / "mkdocs.yml", "may_frame: []", 'may_frame: ["https://a.example", "https://b.example:8443"]')
    reviewed = "\nreviewed: 2026-01-31\nreview_due: 2001-01-31\n"
    edit(project / "docs" / "procedure" / "missing.md", "\nreviewed:\n", reviewed)
    edit(project / "mkdocs.yml", 'exit_page: ""', f"exit_page: {EXIT}")
    too_hard(project)
    tables = project / "decision_trees"
    contacts = json.loads((tables / "contacts.json").read_text("utf-8"))
    for contact in contacts.values():
        if isinstance(contact, dict) and contact.get("needed_for_approval"):
            contact |= {"number": "020 7946 0000", "last_checked": "2026-01-31"}
    (tables / "contacts.json").write_text(json.dumps(contacts), "utf-8")
    (tables / "hard-to-read.json").write_text(json.dumps({"pages": {"about/amendments.md": "A test of the list."}}))
    lock = json.loads((tables / "links.lock.json").read_text("utf-8"))
    lock["links"] |= {"section-old": "section"}
    lock["pages"] += ["procedure/old/"]
    (tables / "links.lock.json").write_text(json.dumps(lock, indent=1), "utf-8")
    gone = json.loads((tables / "redirects.json").read_text("utf-8"))
    gone["links"] |= {"section-old": "section-level-4"}
    gone["pages"] |= {"procedure/old/": "procedure/levels/"}
    (tables / "redirects.json").write_text(json.dumps(gone), "utf-8")
    return project


def too_hard(project: Path) -> None:
    """Let one page ask for more years of schooling than pages may."""
    page = project / "docs" / "about" / "amendments.md"
    front, _, _ = page.read_text("utf-8").partition("\n# ")
    hard = "\n\n".join([HARD] * 60)  # many: the amendments stay, or the feed would lead nowhere
    page.write_text(f"{front}\n# Amendments\n\n{{{{ amendments() }}}}\n\n{hard}\n", "utf-8")


def edit(file: Path, old: str, new: str) -> None:
    """Replace in a file what stands there at least once: the first time that it does."""
    text = file.read_text("utf-8")
    assert old in text, f"{old!r} is not in {file}"
    file.write_text(text.replace(old, new, 1), "utf-8")


# ---- builds


def build(project: Path, into: Path) -> CompletedProcess[str]:
    """Build a project as `make site` does, with its own Python. Gives the ended process."""
    command = [sys.executable, "-m", "macros.site.build", "--root", str(project), "--into", str(into)]
    return run(command, cwd=project, capture_output=True, text=True)


def build_here(project: Path, into: Path) -> CompletedProcess[str]:
    """The same command on a project whose Python is this one's, in a fork of this process. Gives what `build` gives.

    For changed pages, tables and settings: a changed module of the project is not taken up. What was imported is not
    imported again, what was proved of the same trees is remembered, and nothing that the build caches outlives it.
    """
    assert content_of([project / "macros"]) == content_of([ROOT / "macros"]), "other Python: that is one for `build`"
    with TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of forks beside threads: the child starts its own
            child = os.fork()
        if not child:
            os._exit(_in_child(project, into, out, err))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return CompletedProcess(["build"], code, out.read_text("utf-8"), err.read_text("utf-8"))


def _in_child(project: Path, into: Path, out: Path, err: Path) -> int:
    """Run the command with its output in two files. Gives its exit code, whatever happens."""
    from macros.site.build import main

    os.chdir(project)
    with out.open("w") as said, err.open("w") as told, redirect_stdout(said), redirect_stderr(told):
        logging.getLogger().handlers.clear()  # pytest's, or the command would not set its own
        try:
            return main(["--root", str(project), "--into", str(into)])
        except BaseException:
            traceback.print_exc()
            return 70


# ---- sites that are kept


def kept(project: Path, builder: Callable[[Path, Path], CompletedProcess[str]] = build) -> Path:
    """The folder of the site that a project's sources give, built unless it is kept. Not to be written to.

    Beside it lies what its build said, `said.txt`. A site that cannot be built fails the test that asks for it.
    """
    folder = SITES / sha256(json.dumps(sources_of(project)).encode()).hexdigest()[:32]
    with alone(folder.with_suffix(".lock")):
        said = folder / "said.txt"
        if not said.exists():  # it is written last: where it is, the site is whole
            built = builder(project, folder / "site")
            assert built.returncode == 0, f"The site cannot be built:\n{built.stderr}"
            said.write_text(built.stdout, "utf-8")
        os.utime(folder)
    _forget_old_ones()
    return folder / "site"


def _forget_old_ones() -> None:
    by_age = sorted((path for path in SITES.iterdir() if path.is_dir()), key=lambda path: -path.stat().st_mtime)
    for old in by_age[KEPT:]:
        rmtree(old, ignore_errors=True)  # another process may be at it, too
        old.with_suffix(".lock").unlink(missing_ok=True)


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """While this lasts no other process is in here with the same file. One that dies is not in here any more."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(connect(file, timeout=LONGEST, isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        yield
