"""The clause register on the site: the register's page, clauses.json, and what to read again when a law changes.

Knows the authoring layer's register and the markup of pages; decides nothing.
"""

from __future__ import annotations

import json

from macros.authoring.citations.uses import places_of, uses_of
from macros.authoring.load import Project
from macros.engine.html.markup import Markup
from macros.site.before.render import render


def register_json(project: Project) -> str:
    """The register as clauses.json publishes it: one object a clause, in the order of the pages."""
    uses = uses_of(project.library)
    clauses = [
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
    return json.dumps(clauses, ensure_ascii=False, indent=1) + "\n"


def register_table(project: Project, base: str) -> Markup:
    """The register as a table, in the order of the source."""
    uses, carried = uses_of(project.library), project.register.carried
    places = {id: places_of(project.library, uses, clause.carries) for id, clause in carried.items()}
    return render("register.html", base=base, source=project.source_clauses, carried=carried, places=places)


def laws_table(project: Project, base: str) -> Markup:
    """For each law that clauses rest on, in the order of the source: the clauses to read again when it changes."""
    laws: dict[str, list[str]] = {}
    for id, clause in project.source_clauses.items():
        for law in clause.get("rests_on", ()):
            laws.setdefault(law, []).append(id)
    carried, source = project.register.carried, project.source_clauses
    return render("laws.html", base=base, laws=laws, source=source, carried=carried)
