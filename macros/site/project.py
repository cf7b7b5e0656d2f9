"""The checked project of a build: loaded and proved once, then shared by every page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from macros.authoring.load import Project, load_project
from macros.site.approval import Approval, refuse_without
from macros.site.stopped import Stopped


def report(diagnostics: Sequence[object], where: str = "decision trees, clauses or scenarios") -> str:
    """Every defect, one a paragraph, and how many there are."""
    count = "1 defect" if len(diagnostics) == 1 else f"{len(diagnostics)} defects"
    return "\n\n".join([f"The {where} hold {count}.", *map(str, diagnostics)])


@cache
def checked_project(root: Path, approval: Approval) -> Project:
    """The project in folder `root`, loaded and proved once a process. Raises Stopped if it holds any defect, or is
    approved without a number that this needs.
    """
    project = load_project(root, approval.as_said)
    if project.diagnostics:
        raise Stopped(report(project.diagnostics))
    refuse_without(project.numbers_missing, approval)
    return project
