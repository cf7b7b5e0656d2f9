"""`make looked-at CLAUSES="s9-11 level/harm"`: record that citations were looked at again, by clause or by place.

Without names it lists what waits to be looked at: each changed clause with its words and what cites it, and each place
(a node of a tree, a fact, a result, a scenario) whose words or citations changed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from .citations import citing_places, look_at, uses_of
from .load import Project, load_project
from .scenarios import scenes_of

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str], root: Path = ROOT) -> int:
    """List what waits, or record what is named ("all": everything). Returns 0, or 1 if a name is not known."""
    project = load_project(root)
    if project.lock is None:
        print("\n".join(map(str, project.defects)))
        return 1
    if not arguments:
        _list(project)
        return 0
    try:
        scenes = scenes_of(project.scenarios)
        recorded = look_at(root, project.lock, project.register, project.library, arguments, scenes)
    except KeyError as error:
        print(f"{error.args[0]}: no clause and no place that cites has this name. `make looked-at` lists what waits.")
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
    cited = {**citing_places(project.library), **{id: s.digest for id, s in scenes_of(project.scenarios).items()}}
    places = [id for id, digest in cited.items() if project.lock.cited.get(id) != digest]
    for id in places:
        print(f"{id}: its words, or the clauses it cites for them, changed")
    told = len(waiting) + len(places)
    print(f"{told} to look at." if told else "Nothing waits to be looked at.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
