"""A small library of its own for tests of the engine: of a leaking house, so that no word of the procedure is in it.

It has one of everything that a library can have (test_outcomes.py holds it to that), it never changes with what is
published, and its trees are free of gaps and overlaps. An editor's change to decision_trees/ cannot break a test of it.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from macros.engine.api import Engine
from macros.engine.model.library import Library, read_library
from macros.engine.model.tree import Tree, inline

FILE = Path(__file__).parent / "library.json"
TOOLS = ("level", "move")


@cache
def _text() -> str:
    return json.dumps(json.loads(FILE.read_text("utf-8")))


def bundle() -> dict[str, Any]:
    """The library as the build would bundle it; a new copy each time, to change."""
    data: dict[str, Any] = json.loads(_text())
    return data


@cache
def library() -> Library:
    """The library."""
    return read_library(bundle())


@cache
def tree(id: str) -> Tree:
    """One of its trees, ready to be walked."""
    return inline(library(), id)


@cache
def engine() -> Engine:
    """An engine started with it."""
    return Engine(bundle())
