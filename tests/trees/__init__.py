"""Trees for tests: the published ones, loaded once; broken ones, unsafe ones, and ones grown at random."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from macros.authoring.load import Project, load_project
from macros.engine.analysis.outlook import Conclusion, settle
from macros.engine.model.tree import Tree
from macros.engine.model.walk import walk

ROOT = Path(__file__).resolve().parents[2]


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
