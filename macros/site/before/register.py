"""The clause register on the site: the register's page, and clauses.json.

Knows the authoring layer's register and the markup of pages; decides nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from macros.authoring.citations.uses import Use, places_of, uses_of
from macros.engine.html.markup import Markup
from macros.site.before.render import render

if TYPE_CHECKING:
    from macros.authoring.load import Project


def register_data(project: Project) -> list[dict[str, Any]]:
    """The register as clauses.json publishes it: one object a clause, in the order of the pages."""
    uses = uses_of(project.library)
    return [
        {
            "id": clause.id,
            "carries": list(clause.carries),
            "url": clause.url,
            "text": clause.text,
            "duty": clause.duty or None,
            "digest": clause.digest,
            "used_in": [
                {"tool": tool, "url": address} for tool, address in places_of(project.library, uses, clause.carries)
            ],
        }
        for clause in project.register.clauses.values()
    ]


def register_json(project: Project) -> str:
    """clauses.json as text."""
    return json.dumps(register_data(project), ensure_ascii=False, indent=1) + "\n"


@dataclass(frozen=True)
class Row:
    """A clause of the source in the table: where it stands, its label, and its place in each tool that uses it."""

    id: str
    title: str
    url: str
    label: str
    tools: Sequence[tuple[str, str]]


def register_table(project: Project, base: str) -> Markup:
    """The register as a table, in the order of the source."""
    uses = uses_of(project.library)
    return render("register.html", base=base, rows=[_row(project, uses, id) for id in project.source_clauses])


def _row(project: Project, uses: dict[str, list[Use]], id: str) -> Row:
    title = project.source_clauses[id]["title"]
    clause = project.register.carried.get(id)
    if clause is None:
        return Row(id, title, "", "waived", ())
    return Row(id, title, clause.url, clause.duty, places_of(project.library, uses, clause.carries))
