"""`make check`: check the trees and clauses alone, for editors. `python -m macros.authoring.commands.check [FOLDER]`.

Without a folder the project itself is checked and proved. With one, every .json file in it is checked as a tree
on top of the project's tables.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from macros.authoring.links.lock import COMMAND, directory_of, new_links
from macros.authoring.load import Project, check_tree_file, load_project

ROOT = Path(__file__).resolve().parents[3]


def main(arguments: list[str]) -> int:
    """Print every defect, or what was checked. Returns 0 if there is none, else 1."""
    began = time.perf_counter()
    project = load_project(ROOT)
    if arguments:
        return _folder(project, Path(arguments[0]))
    directory, wrong = directory_of(project) if not project.diagnostics else (None, list(project.diagnostics))
    for diagnostic in wrong:
        print(diagnostic)
    if directory is None or wrong:
        print(f"\n{len(wrong)} to fix.")
        return 1
    _report(project)
    if new := new_links(ROOT, directory):
        print(f"{len(new)} new permanent links. Before the site is built, read and record their ids: {COMMAND}.\n")
    print(f"Nothing to fix. Checked in {time.perf_counter() - began:.1f} s.")
    return 0


def _folder(project: Project, folder: Path) -> int:
    files = sorted(folder.glob("*.json")) if folder.is_dir() else []
    if not files:
        print(f"{folder}: no .json files here. Name a folder that holds trees.")
        return 1
    found = [diagnostic for file in files for diagnostic in check_tree_file(project, file)]
    for diagnostic in found:
        print(diagnostic)
    print(f"\n{len(files)} trees, {len(found)} to fix.")
    return 1 if found else 0


def _report(project: Project) -> None:
    states = sum(structure.states for structure in project.structures.values()) + sum(
        v.states for v in project.verdicts
    )
    print(f"{len(project.trees)} trees, {len(project.library.facts)} facts, {len(project.register.carried)} clauses.")
    print(
        f"{len(project.verdicts)} proofs of {len(project.properties)} safety properties hold over every set of answers "
        f"({states:,} states)."
    )
    replays = sum(len(scenario.replays) for scenario in project.scenarios.values())
    print(f"{len(project.scenarios)} scenarios come to what they say, in {replays} replays.")
    print("\nScreens to each result (fewest to most; budget):")
    for length in project.lengths():
        print(f"  {length.tree:10} {length.outcome:34} {length.fewest:2} to {length.most:2}  ({length.budget})")
    print()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
