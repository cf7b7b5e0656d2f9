"""The pinned Pyodide: the four files that the reader's browser gets, and how to know that they are the right ones.

A new version is taken up by changing package.json, `make lock`, and this table.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

VERSION = "314.0.7"

# Each file by its SHA-256, so that a damaged copy stops the build and never reaches a reader.
FILES = {
    "pyodide.mjs": "6f1d60f7bf529beb300f0f47983c921d3982363640ba20af0e38efdddbc66109",
    "pyodide.asm.mjs": "f7cdc8ece80678ceb712f8e65ebe6d3a83203a180c399865f49612a051693635",
    "pyodide.asm.wasm": "cc36e3cab04fdfc9a63ff13eb52eae2b911bf46c025cc7b281f394bd3de1d5e6",
    "python_stdlib.zip": "fa1957e5777068fc4f7437f96d860ae2fbe9c19732ba06c84e004ec16dd7dd7a",
}


class PyodideUnusable(Exception):
    """A file of Pyodide is missing, or not the one that is pinned."""


def core_files(root: Path) -> dict[str, bytes]:
    """The four files by name, from `root`/node_modules. Raises PyodideUnusable, naming the first that will not do."""
    folder = root / "node_modules" / "pyodide"
    return {name: _checked(folder / name, digest) for name, digest in FILES.items()}


def _checked(path: Path, digest: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PyodideUnusable(f"{path} cannot be read ({error.strerror}). {_mend()}") from error
    if sha256(content).hexdigest() != digest:
        raise PyodideUnusable(f"{path} is not the file that belongs to Pyodide {VERSION}. {_mend()}")
    return content


def _mend() -> str:
    return "Remove the folder node_modules and run make again: it brings Pyodide anew."
