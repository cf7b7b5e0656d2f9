"""Trees for tests: the published ones, loaded once; broken ones, unsafe ones, and ones grown at random.

What tests are named after (TOOLS, SCENARIOS, TEXTS) is read from the files as they stand: loading and proving the
project takes seconds, and a run of one file does not wait for it before its first test.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from macros.authoring.load import Project, load_project
from macros.engine.analysis.outlook import Conclusion, settle
from macros.engine.model.tree import Tree
from macros.engine.model.walk import walk

ROOT = Path(__file__).resolve().parents[2]
_FOLDER = ROOT / "decision_trees"
_TREES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((_FOLDER / "trees").glob("*.json"))}
_FACTS = json.loads((_FOLDER / "facts.json").read_text("utf-8"))

TOOLS = tuple(id for id, tree in _TREES.items() if tree.get("tool", True))
"""The trees that have a page of their own."""

SCENARIOS = tuple(sorted(path.stem for path in (_FOLDER / "scenarios").glob("*.json")))

TEXTS = tuple(id for id, fact in _FACTS.items() if id != "$schema" and fact["kind"] == "text")
"""The facts that are written down in words."""


@cache
def published() -> Project:
    """The project itself. A test that needs it fails while it has a defect."""
    project = load_project(ROOT)
    assert project.diagnostics == (), "the published trees come first: fix them"
    return project


def concluded(tree: Tree, answers: Mapping[str, object]) -> Conclusion:
    """What these answers come to. They must lead to an outcome."""
    ended = settle(tree, walk(tree, answers))
    assert ended is not None, "these answers lead to no outcome"
    return ended
