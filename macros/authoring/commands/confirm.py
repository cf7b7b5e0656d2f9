"""`make looked-at CLAUSES="s9-11 level/harm"`: record that citations were looked at again, by clause or by place.

A clause that changed waits for an amendment from then on, so that readers are told; `--spelling` says that there is
nothing to tell. Without names it lists what waits to be looked at: each changed clause with its words and what cites
it, and each place (a node of a tree, a fact, a result, a scenario) whose words or citations changed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from macros.authoring.citations.amendments import naming, reminder, untold
from macros.authoring.citations.citations import citing_places, confirm, read_lock, uses_of
from macros.authoring.load import Project, load_project
from macros.authoring.scenarios import scenes_of

ROOT = Path(__file__).resolve().parents[3]
SPELLING = "--spelling"


def main(arguments: list[str], root: Path = ROOT) -> int:
    """List what waits, or record what is named ("all": everything). Returns 0, or 1 if a name is not known."""
    project = load_project(root)
    if project.lock is None:
        print("\n".join(map(str, project.diagnostics)))
        return 1
    names = [name for name in arguments if name != SPELLING]
    if not names:
        _list(project)
        return 0
    try:
        scenes = scenes_of(project.scenarios)
        named = None if SPELLING in arguments else naming(project.amendments)
        recorded = confirm(root, project.lock, project.register, project.library, names, scenes, named)
    except KeyError as error:
        print(f"{error.args[0]}: no clause and no place that cites has this name. `make looked-at` lists what waits.")
        return 1
    print(f"Recorded: {', '.join(recorded) or 'nothing had changed'}.")
    _remind(root, project)
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
    _remind(project.root, project)


def _remind(root: Path, project: Project) -> None:
    """Tell of the clauses that changed and that no amendment names, as the lock has it by now."""
    lock, _ = read_lock(root)
    if waits := reminder(untold(lock, project.register, project.amendments)):
        print(f"\n{waits}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
