"""`make trace`: a table with a row for each fact of the source: the fact beside the published words, and where.

For a reader who holds the site against the source, row by row.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from macros.authoring.citations.uses import tools_using, uses_of
from macros.authoring.load import Project, load_project

ROOT = Path(__file__).resolve().parents[3]
COLUMNS = ("id", "kind", "source fact", "published text", "duty", "where", "used in")


def rows(project: Project) -> Iterator[tuple[str, ...]]:
    """A row for each source id, in the order of the source."""
    uses = uses_of(project.library)
    waived = project.lock.waived if project.lock else {}
    for id, fact in project.source_clauses.items():
        clause = project.register.carried.get(id)
        used = ", ".join(tools_using(project.library, uses.get(id, [])))
        if clause is None:
            yield id, fact["kind"], fact["fact"], f"waived: {waived.get(id, 'no reason given')}", "", "", used
        else:
            yield id, fact["kind"], fact["fact"], clause.text, clause.duty, f"{clause.file}:{clause.line}", used


def table(project: Project) -> str:
    """The rows as a Markdown table."""
    lines = [COLUMNS, tuple("---" for _ in COLUMNS), *rows(project)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def main() -> int:
    """Write build/trace.md. Returns 0, or 1 if the project cannot be read."""
    project = load_project(ROOT)
    if not project.source_clauses:
        print("\n".join(map(str, project.diagnostics)))
        return 1
    path = ROOT / "build" / "trace.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(table(project), "utf-8")
    print(f"{len(project.source_clauses)} rows in {path.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
