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

    def close(self) -> None:
        """End it, whatever it does."""
        _end(self._process)
        for pipe in filter(None, (self._process.stdin, self._process.stdout, self._errors)):
            with suppress(OSError):  # what was to be said is said to nobody
                pipe.close()


class Builder:
    """Builds the project in one folder. To be closed in the end."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._worker: Worker | None = None
        self._taken_up: object = None
        self._proved: set[str] = set()

    def build(self, into: Path) -> str | None:
        """Build into the folder `into`. Returns None, or what is wrong."""
        taken_up = _to_take_up(self.root)
        if taken_up != self._taken_up:
            self.close()
        stayed, self._taken_up = self._worker is not None, taken_up
        self._worker = self._worker or Worker(self.root)
        try:
            return self._worker.build(into)
        except Ended as ended:
            self.close()
            return self.build(into) if stayed else str(ended) or "The build ended without a word."

    def prove(self, site: Path, abandoned: Callable[[], bool]) -> str | None:
        """Prove the Python for browsers of a site that was just built, which its build left for later.

        Gives up as soon as `abandoned` says that it no longer matters. Returns None, or what is wrong.
        """
        engines = {path.name for path in (site / "assets" / "engine").iterdir()}
        if engines <= self._proved:
            return None
        process = _started([*command(self.root), "--prove"], self.root, stdin=DEVNULL, stderr=PIPE)
        try:
            while process.poll() is None and not abandoned():
                sleep(BETWEEN_SECONDS)
        finally:
            _end(process)
        said, errors = process.communicate()
        if abandoned():
            return None
        trouble: str | None = json.loads(said) if process.returncode == 0 else errors.strip()
        self._proved |= set() if trouble else engines
        return trouble

    def close(self) -> None:
        """End the process that builds."""
        if self._worker:
            self._worker.close()
        self._worker = None


def _started(command: list[str], root: Path, **streams: Any) -> Popen[str]:
    """A process in a group of its own, together with which those end that it starts to share its work with."""
    group = 0 if GROUPS else None
    return Popen(command, cwd=root, stdout=PIPE, encoding="utf-8", process_group=group, **streams)


def _end(process: Popen[str]) -> None:
    if GROUPS:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
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
