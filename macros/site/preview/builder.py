"""Builds for `make serve`: by a process that stays for as long as all that it has taken up is as it was.

Our Python, the theme, mkdocs.yml, the schemas, packages and settings are taken up once. When one of them changes, or
the process has come to its end, another takes its place.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import sysconfig
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from tempfile import TemporaryFile
from time import sleep
from typing import Any

from macros.site.sources import CONTENT, own_sources

BETWEEN_SECONDS = 0.1
GROUPS = hasattr(os, "killpg")
"""Whether this system has groups of processes. Windows has not."""


class Ended(Exception):
    """The process ended without an answer. As text: its last words."""


class Worker:
    """A process that builds the project in one folder (worker.py)."""

    def __init__(self, root: Path) -> None:
        self._errors = TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 (closed by `close`)
        self._process = _started(command(root), root, stdin=PIPE, stderr=self._errors)

    def build(self, into: Path) -> str | None:
        """Build into the folder `into`. Returns None, or what is wrong. Raises Ended."""
        requests, answers = self._process.stdin, self._process.stdout
        assert requests is not None
        assert answers is not None
        try:
            print(json.dumps(str(into)), file=requests, flush=True)
            trouble: str | None = json.loads(answers.readline())
        except (OSError, ValueError) as error:
            _end(self._process)
            self._errors.seek(0)
            raise Ended(self._errors.read().strip()) from error
        return trouble

    def end(self) -> None:
        """End it, whatever it does: then `build`, in another thread perhaps, raises Ended."""
        _end(self._process)

    def close(self) -> None:
        """End it, and let go of all that it spoke by."""
        self.end()
        for pipe in filter(None, (self._process.stdin, self._process.stdout, self._errors)):
            with suppress(OSError):  # what was to be said is said to nobody
                pipe.close()


class Builder:
    """Builds the project in one folder. To be closed in the end, from whichever thread."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.closed = False
        self._worker: Worker | None = None
        self._taken_up: object = None
        self._proof: Popen[str] | None = None
        self._proved: set[str] = set()

    def build(self, into: Path) -> str | None:
        """Build into the folder `into`. Returns None, or what is wrong; nothing of use once it is closed."""
        taken_up = _to_take_up(self.root)
        if taken_up != self._taken_up:
            self._end()
        stayed, self._taken_up = self._worker is not None, taken_up
        self._worker = self._worker or Worker(self.root)
        try:
            return self._worker.build(into)
        except Ended as ended:
            self._end()
            again = stayed and not self.closed
            return self.build(into) if again else str(ended) or "The build ended without a word."

    def prove(self, site: Path, abandoned: Callable[[], bool]) -> str | None:
        """Prove the Python for browsers of a site that was just built, which its build left for later.

        Gives up as soon as `abandoned` says that it no longer matters. Returns None, or what is wrong.
        """
        engines = {path.name for path in site.glob("assets/engine/*")}
        if engines <= self._proved:
            return None
        self._proof = _started([*command(self.root), "--prove"], self.root, stdin=DEVNULL, stderr=PIPE)
        while self._proof.poll() is None and not abandoned():
            sleep(BETWEEN_SECONDS)
        _end(self._proof)
        said, errors = self._proof.communicate()
        if abandoned():
            return None
        trouble: str | None = json.loads(said) if self._proof.returncode == 0 else errors.strip()
        self._proved |= set() if trouble else engines
        return trouble

    def close(self) -> None:
        """End whatever it has started."""
        self.closed = True
        if self._worker:
            self._worker.end()
        if self._proof:
            _end(self._proof)

    def _end(self) -> None:
        if self._worker:
            self._worker.close()
        self._worker = None


def _started(command: list[str], root: Path, **streams: Any) -> Popen[str]:
    """A process in a group of its own, together with which those end that it starts to share its work with."""
    group = 0 if GROUPS else None
    return Popen(command, cwd=root, stdout=PIPE, encoding="utf-8", process_group=group, **streams)


def _end(process: Popen[str]) -> None:
    """End a process and its group, unless it was seen to have ended: then its number may be another's by now."""
    if GROUPS and process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def command(root: Path) -> list[str]:
    """What starts a process that builds the project in folder `root`."""
    return [sys.executable, "-m", "macros.site.preview.worker", "--root", str(root)]


def _to_take_up(root: Path) -> object:
    """What a process takes up once. Installing a package changes the folder that it goes to."""
    installed = (Path(sysconfig.get_paths()["purelib"]), root / "node_modules")
    own = {name: found for name, found in own_sources(root).items() if not name.startswith(CONTENT)}
    return own, [path.stat().st_mtime_ns for path in installed if path.is_dir()]
