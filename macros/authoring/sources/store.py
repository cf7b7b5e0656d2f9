"""The store: what was worked out before, under a digest of everything that it was worked out from.

Knows files and digests; refuses to know what is kept. An entry is found again only if every byte of its key is the
same, and the key holds the sources of the checking code, the version of Python and those of the libraries that check.
Whatever is odd about an entry (cut short, edited, of another key, unreadable) makes it as if it had never been, and
what cannot be written is not kept. So the store can cost time, and can never change an answer. It lies beside the code
and not beside the project that is checked: the same text has the same answer in every copy of a project.

Whoever can write into this folder could forge an entry with its check sum; but so they could edit the checks.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import mkstemp
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / ".cache" / "checks"
CODE = (ROOT / "macros" / "engine", ROOT / "macros" / "authoring")
BELOW = f"{sys.version} {[version(library) for library in ('jsonschema', 'referencing')]}"
"""What our own code runs on."""
MOST_ENTRIES = 4_000
"""Of more, the oldest half goes. A run uses around 150."""


def code_digest(folders: Iterable[Path] = CODE) -> str:
    """A digest of all that works the answers out: our own sources as they are now, Python, the libraries that check."""
    whole = sha256(BELOW.encode())
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            whole.update(f"{path.relative_to(folder).as_posix()} {path.stat().st_size} ".encode() + path.read_bytes())
    return whole.hexdigest()


LOADED = code_digest()
"""The code that this process runs."""


class Store:
    """Entries in a folder, one file each. `code` is the digest of the code whose answers they are."""

    def __init__(self, folder: Path = FOLDER, code: str = LOADED) -> None:
        self._folder, self._code = folder, code
        self._writable = True
        self._pruned = False

    def key(self, what: str, text: str) -> str:
        """The key of the answer to a question: `what` is asked, of which `text`."""
        return sha256(json.dumps([self._code, what, text]).encode()).hexdigest()

    def get(self, key: str) -> Any | None:
        """What is kept under a key; None if there is nothing that can be relied on."""
        try:
            entry = json.loads((self._folder / key).read_text("utf-8"))
            sound = entry["sum"] == _check_sum(key, entry["value"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        return entry["value"] if sound else None

    def once(self, what: str, text: str, work: Callable[[], Any]) -> Any:
        """The answer to a question, as JSON can hold it: kept, or worked out now and kept."""
        key = self.key(what, text)
        found = self.get(key)
        if found is None:
            found = work()
            self.put(key, found)
        return found

    def put(self, key: str, value: Any) -> None:
        """Keep a value that JSON can hold, unless the code on disk is no longer that which worked it out."""
        if self._writable and not self._pruned:  # once a process
            self._pruned, self._writable = True, code_digest() == self._code
            _prune(self._folder)
        if not self._writable:
            return
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, name = mkstemp(dir=self._folder, prefix=".")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    json.dump({"sum": _check_sum(key, value), "value": value}, file)
                Path(name).replace(self._folder / key)  # whole or not at all, whoever else is writing
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise


def _check_sum(key: str, value: Any) -> str:
    return sha256(json.dumps([key, value]).encode()).hexdigest()


def _prune(folder: Path) -> None:
    """Take out the oldest half of too many entries."""
    with suppress(OSError):
        entries = list(folder.iterdir()) if folder.is_dir() else []
        if len(entries) > MOST_ENTRIES:
            for path in sorted(entries, key=lambda path: path.stat().st_mtime)[: len(entries) // 2]:
                path.unlink(missing_ok=True)


STORE = Store()
"""The one that everybody uses; tests make their own."""
