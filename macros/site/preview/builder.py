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


class Process(Popen[str]):
    """A process of worker.py, in a group of its own, together with which those end that it starts to share its work."""

    def __init__(self, root: Path, *options: str, stdin: int) -> None:
        self._errors = TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 (goes with the process)
        given: dict[str, Any] = {"process_group": 0} if GROUPS else {}
        whole = [*command(root), *options]
        super().__init__(whole, cwd=root, stdin=stdin, stdout=PIPE, stderr=self._errors, encoding="utf-8", **given)

    def end(self) -> None:
        """End it and its group, unless it was seen to have ended: then its number may be another's by now."""
        if GROUPS and self.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        self.kill()
        self.wait()

    @property
    def last_words(self) -> str:
        """What it has said of errors."""
        self._errors.seek(0)
        return self._errors.read().strip()


class Builder:
    """Builds the project in one folder. To be closed in the end, from whichever thread."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.closed = False
        self._worker: Process | None = None
        self._taken_up: object = None
        self._proof: Process | None = None
        self._proved: set[str] = set()

    def build(self, into: Path) -> str | None:
        """Build into the folder `into`. Returns None, or what is wrong; nothing of use once it is closed."""
        taken_up = _to_take_up(self.root)
        if taken_up != self._taken_up:
            self._end()
        stayed, self._taken_up = self._worker is not None, taken_up
        self._worker = worker = self._worker or Process(self.root, stdin=PIPE)
        try:
            print(json.dumps(str(into)), file=worker.stdin, flush=True)
            trouble: str | None = json.loads(next(worker.stdout or iter("")))
        except (OSError, ValueError, StopIteration):
            self._end()
            again = stayed and not self.closed
            return self.build(into) if again else worker.last_words or "The build ended without a word."
        return trouble

    def prove(self, site: Path, abandoned: Callable[[], bool]) -> str | None:
        """Prove the Python for browsers of a site that was just built, which its build left for later.

        Gives up as soon as `abandoned` says that it no longer matters. Returns None, or what is wrong.
        """
        engines = {path.name for path in site.glob("assets/engine/*")}
        if engines <= self._proved:
            return None
        with Process(self.root, "--prove", stdin=DEVNULL) as proof:
            self._proof = proof
            while proof.poll() is None and not abandoned():
                sleep(BETWEEN_SECONDS)
            proof.end()
            if abandoned():
                return None
            trouble: str | None = json.loads(proof.communicate()[0]) if proof.returncode == 0 else proof.last_words
        self._proved |= set() if trouble else engines
        return trouble

    def close(self) -> None:
        """End whatever it has started."""
        self.closed = True
        for process in filter(None, (self._worker, self._proof)):
            process.end()

    def _end(self) -> None:
        if self._worker:
            with suppress(OSError), self._worker as worker:  # which closes its pipes: what it was to hear nobody hears
                worker.end()
        self._worker = None


def command(root: Path) -> list[str]:
    """What starts a process that builds the project in folder `root`."""
    return [sys.executable, "-m", "macros.site.preview.worker", "--root", str(root)]


def _to_take_up(root: Path) -> object:
    """What a process takes up once. Installing a package changes the folder that it goes to."""
    installed = (Path(sysconfig.get_paths()["purelib"]), root / "node_modules")
    own = {name: found for name, found in own_sources(root).items() if not name.startswith(CONTENT)}
    return own, [path.stat().st_mtime_ns for path in installed if path.is_dir()]
