"""The engine bundle: the one folder from which the reader's browser runs the engine.

Its name is a hash of all that is in it, so its address never serves anything else and may be kept for ever.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

# The first moment a zip can state; a real one would change the hash at each build.
NO_TIME = (1980, 1, 1, 0, 0, 0)


ARCHIVE = "python.zip"
"""The file of the bundle that holds Python's modules and the engine."""

PROOF = "assets/proved.json"
"""Says, beside the bundle, that its archive was found to answer as the build does."""


class ProvedArchive(bytes):
    """An archive that was asked everything and answered as the build does: nobody but `trim.py` makes one."""


@dataclass(frozen=True)
class Bundle:
    """Files by name. `folder` is where they go, relative to the root of the site, with a slash at its end."""

    files: Mapping[str, bytes]

    @cached_property
    def hash(self) -> str:
        """Twenty hexadecimal digits over the names and contents of all files."""
        whole = sha256()
        for name, content in sorted(self.files.items()):
            whole.update(f"{name}\n{len(content)}\n".encode() + content)
        return whole.hexdigest()[:20]

    @property
    def folder(self) -> str:
        """The folder that the files go to."""
        return f"assets/engine/{self.hash}/"

    def write(self, site: Path) -> None:
        """Write all files into their folder under `site`, and a stamp if the archive among them was proved."""
        folder = site / self.folder
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in self.files.items():
            (folder / name).write_bytes(content)
        if isinstance(self.files.get(ARCHIVE), ProvedArchive):
            (site / PROOF).write_text(json.dumps({"proved": self.hash}), "utf-8")


DATA = "engine/bundle.json"
"""Where the trees stand in an archive with the engine."""


def engine_archive(engine: Path, data: Mapping[str, Any], beside: Iterable[Path] = ()) -> bytes:
    """A zip of the package `engine` as source: every module of the folder `engine`, and `data` as engine/bundle.json.

    The modules `beside` stand beside the package. Equal input gives equal bytes, whatever ends its lines.
    """
    modules = {f"engine/{path.relative_to(engine).as_posix()}": module_text(path) for path in engine.rglob("*.py")}
    others = {path.name: module_text(path) for path in beside}
    return stored_zip({**modules, **others, DATA: data_text(data)})


def module_text(path: Path) -> bytes:
    """A module's text as version control keeps it: a checkout on Windows may end its lines otherwise."""
    return path.read_bytes().replace(b"\r\n", b"\n")


def data_text(data: Mapping[str, Any]) -> bytes:
    """The data of the engine as JSON text."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def stored_zip(files: Mapping[str, bytes]) -> bytes:
    """A zip, stored and not deflated: Python imports from it as it is, and servers compress better."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, NO_TIME)
            entry.create_system = 3  # or the zip tells Windows from the rest
            archive.writestr(entry, content)
    return target.getvalue()
