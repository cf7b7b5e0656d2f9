"""The clause register on the site: the register's page, and clauses.json.

Knows the authoring layer's register and the markup of pages; decides nothing.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from macros.authoring.citations.citations import Use, places_of, uses_of
from macros.engine.html.markup import Markup, el, join

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


def register_table(project: Project, base: str) -> Markup:
    """The register as a table, in the order of the source."""
    uses = uses_of(project.library)
    head = el("tr", [el("th", title, scope="col") for title in ("Id", "What it is about", "Label", "Used in")])
    rows = [_row(project, uses, base, id) for id in project.source_clauses]
    data = el("p", "The same list for computers: ", el("a", "clauses.json", href=f"{base}clauses.json"), ".")
    return join(data, el("table", el("thead", head), el("tbody", rows), data_search_exclude=True))


def _row(project: Project, uses: dict[str, list[Use]], base: str, id: str) -> Markup:
    clause = project.register.carried.get(id)
    tools = places_of(project.library, uses, clause.carries) if clause else []
    return el(
        "tr",
        el("th", el("a", id, href=base + clause.url) if clause else id, scope="row"),
        el("td", project.source_clauses[id]["title"]),
        el("td", clause.duty if clause else "waived"),
        el(
            "td",
            [el("span", el("a", tool, href=base + address), " ") for tool, address in tools],
        ),
    )
