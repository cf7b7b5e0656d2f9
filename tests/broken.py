"""What tests of broken files have in common: a folder of files with one defect each, and a table that says which.

The table says of each file the kind of its defect, its place, and by which one edit (`fixed`: wrong, right) the file
would be sound.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from macros.authoring.sources.diagnostics import Diagnostic


def begins_where_it_points(file: Path, diagnostic: Diagnostic) -> bool:
    """Whether line and column of a defect are where the last part of its pointer stands in the file."""
    here = file.read_text("utf-8").splitlines()[diagnostic.line - 1][diagnostic.column - 1 :]
    last = diagnostic.pointer.rsplit("/", 1)[1]
    return here.startswith(('"', "{") if last.isdigit() else f'"{last}"')


def write_mended(file: Path, expected: Mapping[str, Any], into: Path) -> Path:
    """Write a broken file, with its one edit made, into a folder. Gives the new file."""
    encoding = "latin-1" if expected["kind"] == "not-utf8" else "utf-8"
    text = file.read_bytes().decode(encoding)
    wrong, right = expected["fixed"]
    assert text.count(wrong) == 1
    fixed = into / file.name
    fixed.write_bytes(text.replace(wrong, right).encode())
    return fixed
