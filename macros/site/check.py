"""`make check`: all that would keep the site from being published and can be known before a page is rendered.

That is whatever editors write (decisions, clauses, scenarios, reviews, redirects and the other tables), what was proved
of it, and the settings of the site. `make check FOLDER=…` takes every .json file of a folder as a tree on top of the
project's tables.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path

from mkdocs.exceptions import ConfigurationError
from mkdocs.utils.yaml import get_yaml_loader, yaml_load

from macros.authoring.compare.edition import Unreadable
from macros.authoring.compare.since import check_releases, why
from macros.authoring.links.lock import COMMAND, directory_of, new_links
from macros.authoring.load import Project, check_tree_file, load_project
from macros.authoring.sources.legible import SETTINGS, text_of
from macros.site.approval import numbers_waited_for, read_approval, refuse_without
from macros.site.hosting.policy import read_exit, read_hosting
from macros.site.links.permanent import checked_address
from macros.site.stopped import Stopped

ROOT = Path(__file__).resolve().parents[2]
NOT_CHECKED = (
    "Only `make site` can check the rest: links and pictures between pages, the navigation, how hard each page is to "
    "read, scripts and styles among the words of a page, and the drawing of flowcharts."
)


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Print all that is wrong, or what was checked. Returns 0 if nothing is wrong, else 1."""
    began = time.perf_counter()
    project = load_project(root)
    if arguments:
        return _folder(project, Path(arguments[0]))
    directory, links_wrong = directory_of(project) if not project.diagnostics else (None, [])
    settings = [
        *wrong_settings(root, project.numbers_missing),
        *(_wrong_editions(project) if not project.diagnostics else ()),
    ]
    if project.diagnostics or links_wrong or settings or directory is None:
        lines, shown = why(root, project.diagnostics)
        wrong = [*map(str, shown), *map(str, links_wrong), *settings]
        count = len(project.diagnostics) + len(links_wrong) + len(settings)
        print("\n".join([*lines, *wrong, f"\n{count} to fix."]))
        return 1
    _report(project)
    if waits := numbers_waited_for(project.numbers_missing):
        print(f"{waits}\n")
    if new := new_links(root, directory):
        print(f"{len(new)} new permanent links. Before the site is built, read and record their ids: {COMMAND}.\n")
    print(f"Nothing to fix. Checked in {time.perf_counter() - began:.1f} s.\n{NOT_CHECKED}")
    return 0


def wrong_settings(root: Path, numbers_missing: Sequence[str] = ()) -> Iterator[str]:
    """What is wrong in mkdocs.yml, by what the build reads from it: the address, the approval, for which no number may
    be missing, and the hosting.
    """
    try:
        loader = get_yaml_loader()
        loader.add_constructor("!relative", lambda *_: None)  # a folder of MkDocs' own, which nothing here asks for
        settings = yaml_load(StringIO(text_of(root / SETTINGS)), loader)
    except (ConfigurationError, OSError) as error:
        yield f"mkdocs.yml: {' '.join(str(error).split())}"
        return
    extra, address = settings.get("extra") or {}, settings.get("site_url")
    for check in (
        lambda: checked_address(address),
        lambda: refuse_without(numbers_missing, read_approval(extra)),
        lambda: read_exit(extra),
        lambda: read_hosting(extra, ""),
    ):
        try:
            check()
        except Stopped as error:
            yield str(error)


def _wrong_editions(project: Project) -> Iterator[str]:
    """What keeps today's decisions from being compared with the releases before."""
    try:
        check_releases(project.root, project.tables)
    except Unreadable as wrong:
        yield str(wrong)


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
    states = sum(one.states for one in project.structures.values()) + sum(v.states for v in project.verdicts)
    print(f"{len(project.trees)} trees, {len(project.library.facts)} facts, {len(project.register.carried)} clauses.")
    print(
        f"{len(project.verdicts)} proofs of {len(project.properties)} safety properties hold over every set of answers "
        f"({states:,} states)."
    )
    replays = sum(len(scenario.replays) for scenario in project.scenarios.values())
    print(f"{len(project.scenarios)} scenarios come to what they say, in {replays} replays.")
    print(f"{len(project.pairs)} matched pairs come to the same in both versions.")
    print("\nScreens to each result (fewest to most; budget):")
    for length in project.lengths():
        print(
            f"  {length.tree:10} {length.outcome:34} {length.fewest:2} to {length.most:2}  ({length.answers} answers)"
        )
    print()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
