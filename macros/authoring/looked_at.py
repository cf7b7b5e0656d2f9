"""`make looked-at CLAUSES="s9-11 s9-12"`: record that the citations of clauses were looked at again.

Without clauses it lists what waits to be looked at: each changed clause with its words and what cites it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from .citations import look_at, uses_of
from .load import Project, load_project

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str], root: Path = ROOT) -> int:
    """List what waits, or record the clauses named ("all": every one). Returns 0, or 1 if an id is no clause."""
    project = load_project(root)
    if project.lock is None:
        print("\n".join(map(str, project.defects)))
        return 1
    if not arguments:
        _list(project)
        return 0
    try:
        recorded = look_at(root, project.lock, project.register, arguments)
    except KeyError as error:
        print(f"{error.args[0]}: no page has a clause with this id. `make looked-at` lists what waits.")
        return 1
    print(f"Recorded: {', '.join(recorded) or 'nothing had changed'}.")
    return 0


def _list(project: Project) -> None:
    assert project.lock is not None
    uses = uses_of(project.library)
    waiting = [c for c in project.register.clauses.values() if project.lock.clauses.get(c.id) != c.digest]
    for clause in waiting:
        print(f"{clause.id} ({clause.file}:{clause.line})\n  {clause.text}")
        for use in [use for id in clause.carries for use in uses.get(id, ())]:
            print(f"  cited by {use.tree}/{use.node}: {use.what}")
    print(f"{len(waiting)} to look at." if waiting else "Nothing waits to be looked at.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
