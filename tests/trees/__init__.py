"""Trees for tests: the published ones, loaded once; broken ones, unsafe ones, and ones grown at random."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from macros.authoring.load import Project, load_project

ROOT = Path(__file__).resolve().parents[2]


@cache
def published() -> Project:
    """The project itself. A test that needs it fails while it has a defect."""
    project = load_project(ROOT)
    assert project.diagnostics == (), "the published trees come first: fix them"
    return project
