"""The pinned Pyodide: its four files, and how to know that they are the right ones.

Browsers get three of them as they are, and of the fourth, Python's own library, what the engine needs (`trim.py`).

A new version is taken up by changing package.json, `make lock`, and this table.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from macros.site.stopped import Stopped

VERSION = "314.0.7"

# Each file by its SHA-256, so that a damaged copy stops the build and never reaches a reader.
FILES = {
    "pyodide.mjs": "6f1d60f7bf529beb300f0f47983c921d3982363640ba20af0e38efdddbc66109",
    "pyodide.asm.mjs": "f7cdc8ece80678ceb712f8e65ebe6d3a83203a180c399865f49612a051693635",
    "pyodide.asm.wasm": "cc36e3cab04fdfc9a63ff13eb52eae2b911bf46c025cc7b281f394bd3de1d5e6",
    "python_stdlib.zip": "fa1957e5777068fc4f7437f96d860ae2fbe9c19732ba06c84e004ec16dd7dd7a",
}
LIBRARY = "python_stdlib.zip"
"""The one that is not published as it is."""
FIX = "Remove the folder node_modules and run make again: it brings Pyodide anew."


def browser_files(root: Path) -> dict[str, bytes]:
    """The three files by name, from `root`/node_modules.

    Raises Stopped, naming the first of the four that will not do.
    """
    files = {name: _checked(pyodide_folder(root) / name, digest) for name, digest in FILES.items()}
    return {name: content for name, content in files.items() if name != LIBRARY}


def worker(root: Path) -> bytes:
    """The script that starts this Pyodide in the reader's browser. Raises Stopped."""
    script = (Path(__file__).parent / "engine-worker.mjs").read_text("utf-8")
    return script.replace('"ABI_VERSION"', json.dumps(abi_version(root))).encode()


def pyodide_folder(root: Path) -> Path:
    """Where the npm package lies."""
    return root / "node_modules" / "pyodide"


def abi_version(root: Path) -> str:
    """What Pyodide compares with its own before it starts. Raises Stopped."""
    path = pyodide_folder(root) / "pyodide-lock.json"
    try:
        return str(json.loads(path.read_text("utf-8"))["info"]["abi_version"])
    except (OSError, ValueError, KeyError) as error:
        raise Stopped(f"{path} cannot be read. {FIX}") from error


def _checked(path: Path, digest: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Stopped(f"{path} cannot be read ({error.strerror}). {FIX}") from error
    if sha256(content).hexdigest() != digest:
        raise Stopped(f"{path} is not the file that belongs to Pyodide {VERSION}. {FIX}")
    return content
