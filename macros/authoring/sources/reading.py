"""Reading: a file that editors write, as data that follows its schema, or what is wrong with it.

The one way in for every table, lock, tree and scenario: encoding, syntax, repeated keys, characters nobody sees, and
the schema are checked here and nowhere else. That nothing was wrong with a text is remembered.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from macros.authoring.sources.diagnostics import Diagnostic, Source
from macros.authoring.sources.legible import UNREAD, misnamed, other_case, read_source, text_of
from macros.authoring.sources.schemas import Schemas
from macros.authoring.sources.store import STORE


@dataclass(frozen=True)
class SourceFile:
    """A file as it was read. `data` follows the schema; it is None if there is no such file or anything is wrong."""

    source: Source
    data: Any = None
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether the data may be relied on."""
        return self.data is not None


def read_file(path: Path, name: str, schema: str, schemas: Schemas, *, needed: bool = True) -> SourceFile:
    """The file at `path`, which diagnostics call `name`, held to a schema.

    A file that is not there is a diagnostic if it is `needed`.
    """
    if other := other_case(path):
        return SourceFile(Source(name, ""), None, (misnamed(name, other),))
    if not path.is_file():
        told, fix = "This file is not there.", "bring it back; the project needs it."
        missing = (Diagnostic("missing-file", name, 1, 1, "", told, fix),) if needed else ()
        return SourceFile(Source(name, ""), None, missing)
    raw = path.read_bytes()
    key = STORE.key("file", json.dumps([schema, schemas.text, sha256(raw).hexdigest()]))
    if STORE.get(key):  # nothing was wrong with these very bytes
        text = text_of(path)
        return SourceFile(Source(name, text), json.loads(text))
    source, data, diagnostics = read_source(path, name)
    if data is UNREAD:
        return SourceFile(source, None, tuple(diagnostics))
    found: Sequence[Diagnostic] = [*diagnostics, *schemas.check(schema, source, data)]
    if not found:
        STORE.put(key, True)
    return SourceFile(source, None if found else data, tuple(found))


def read_named(path: Path, name: str, schema: str, what: str, schemas: Schemas) -> SourceFile:
    """A file as `read_file` gives it, of a kind (`what` it is, in words) that has its file's name as its id."""
    file = read_file(path, name, schema, schemas)
    if not file.sound or file.data["id"] == path.stem:
        return file
    told = f"This {what}'s id is “{file.data['id']}”, its file's name “{path.stem}”."
    return SourceFile(file.source, None, (file.source.diagnostic("wrong-id", ("id",), told, "let them be the same."),))


def read_authored(root: Path, name: str, schemas: Schemas, *, needed: bool = True) -> SourceFile:
    """`decision_trees/<name>.json` of the project in folder `root`, held to the schema of that name."""
    file = f"{FOLDER}/{name}.json"
    return read_file(root / file, file, name.replace(".", "-"), schemas, needed=needed)


def write_lock(path: Path, data: Mapping[str, Any]) -> None:
    """Write what was confirmed or published, a line for each text: so a review shows which words changed."""
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", "utf-8", newline="\n")


FOLDER = "decision_trees"
