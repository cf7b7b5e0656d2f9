"""Redirects: where published links and pages went that are gone.

`decision_trees/redirects.json` is the one place that says so, for clauses as for everything else: a clause's id is
the id of its permanent link.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from macros.authoring.sources.diagnostics import Diagnostic, Source
from macros.authoring.sources.reading import read_authored
from macros.authoring.sources.schemas import Schemas

REDIRECTS = "decision_trees/redirects.json"


@dataclass(frozen=True)
class Redirects:
    """What editors declared: the id that took another's place, and the address that took a page's."""

    links: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)
    source: Source = field(default_factory=lambda: Source(REDIRECTS, "{}"))

    def target(self, id: str) -> str:
        """The id that an id leads to today: itself where nothing is declared of it, or where the way is a circle."""
        return followed(self.links, id)


NO_REDIRECTS = Redirects()


def followed(steps: Mapping[str, str], start: str) -> str:
    """Where a chain of redirects ends; `start` itself where there is none, or where it goes in a circle."""
    seen, at = {start}, start
    while at in steps:
        at = steps[at]
        if at in seen:
            return start
        seen.add(at)
    return at


def read_redirects(root: Path, schemas: Schemas) -> tuple[Redirects, list[Diagnostic]]:
    """What the project in folder `root` declares, and what is wrong with the file. Without a file nothing is gone."""
    file = read_authored(root, "redirects", schemas, needed=False)
    if not file.sound:
        return NO_REDIRECTS, list(file.diagnostics)
    return Redirects(file.data["links"], file.data["pages"], file.source), []
