"""What changed since: since the last commit, where a check fails, and since each release, for records made with it.

Where properties no longer hold or scenarios come to something else, `why` says which edit brings that and for whom, in
place of a paragraph for each of them. Without git, without a last commit, or where that commit has the same decisions,
there is nothing to say. The editions of releases lie in decision_trees/editions/.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from macros.authoring.compare.difference import Group, TreeDiff
from macros.authoring.compare.edition import Edition, Unreadable, edition_of
from macros.authoring.compare.edits import Tables
from macros.authoring.compare.findings import compare
from macros.authoring.compare.report import DiffReport, some
from macros.authoring.compare.sentences import sentence
from macros.authoring.compare.touches import Case, contains, references_of
from macros.authoring.compare.versions import base, here, read_renamed
from macros.authoring.sources.diagnostics import Diagnostic
from macros.authoring.sources.reading import read_file
from macros.authoring.sources.schemas import Schemas

LAST = "HEAD"
EDITIONS = "decision_trees/editions"
FOR_READERS = ("level", "quantity", "result")
"""Kinds of changes that a reader of an old record is told of."""
UNSAFE, MOVED = ("unsafe", "vacuous"), ("other-result", "unanswered", "stale-answer")


def why(root: Path, diagnostics: Sequence[Diagnostic]) -> tuple[list[str], list[Diagnostic]]:
    """What the edits since the last commit bring, as lines, and the diagnostics that still have to be shown.

    `diagnostics` are what is wrong with the project in folder `root`. They come back as they are where nothing can be
    said of them.
    """
    unsafe = [one for one in diagnostics if one.kind in UNSAFE]
    moved = [one for one in diagnostics if one.kind in MOVED]
    if not unsafe and not moved:
        return [], list(diagnostics)
    try:
        before, after = base(root, LAST), here(root)
        renamed = read_renamed(root, before.edition, after.edition)
        compared = compare(before, after, renamed, references_of(root, after.edition.library))
    except Unreadable:
        return [], list(diagnostics)
    if not compared.edits or compared.same_results:
        return [], list(diagnostics)
    report = DiffReport(compared)
    lines = ["Since the last commit this changes:", *report.shown()]
    properties = list(dict.fromkeys(_named(one) for one in unsafe))
    scenarios = list(dict.fromkeys(Path(one.file).stem for one in moved))
    ways = []
    lines.append("")
    if properties:
        lines.append(f"{len(properties)} safety {'property' if len(properties) == 1 else 'properties'} "
                     f"no longer hold{'s' * (len(properties) == 1)}: {some(properties)}.")  # fmt: skip
        ways.append("change the property in decision_trees/safety.json")
    if scenarios:
        lines.append(f"{len(scenarios)} scenario{'s' * (len(scenarios) != 1)} "
                     f"come{'s' * (len(scenarios) == 1)} to something else: {some(scenarios)}.")  # fmt: skip
        named = " ".join(scenarios)
        ways.append(f'read the stories again and run make scenarios CONFIRM="{named}"')
    lines.append(f"Put the tree right. Or, if the policy has changed: {', and '.join(ways)}.")
    lines.append(f"All of it: make compare BASE={LAST}\n")
    return lines, [one for one in diagnostics if one not in (*unsafe, *moved)]


def _named(diagnostic: Diagnostic) -> str:
    """The title of the property that a diagnostic speaks of."""
    return diagnostic.message.partition("“")[2].partition("”")[0]


def releases(root: Path) -> dict[str, Edition]:
    """The editions of the releases before, by their names. Raises Unreadable for one that breaks its schema."""
    schemas, found = Schemas(root / "schemas"), {}
    for path in sorted((root / EDITIONS).glob("*.json")):
        file = read_file(path, f"{EDITIONS}/{path.name}", "edition", schemas)
        if file.diagnostics:
            raise Unreadable(str(file.diagnostics[0]))
        found[path.stem] = Edition(file.data)
    return found


def since(root: Path, now: Tables) -> dict[str, dict[str, dict[str, str]]]:
    """By the version of each release and by tool: what became of results since, in a sentence for each change.

    Only changes of a result that a sentence tells, and only of releases that come to something else. Raises Unreadable.
    """
    found: dict[str, dict[str, dict[str, str]]] = {}
    for _, edition, id, one in _releases_beside(root, now):
        told = {"/".join(map(str, group.key)): words for group, words in _sentences(one)}
        if told:
            found.setdefault(edition.version, {})[id] = told
    return found


def stories_since(root: Path, now: Tables, cases: Iterable[Case]) -> dict[Case, list[str]]:
    """What became of the results of stories since each release, in sentences. Raises Unreadable."""
    found: dict[Case, list[str]] = {}
    known = list(cases)
    for name, _, id, one in _releases_beside(root, now):
        for group, words in _sentences(one):
            for case in known:
                if case.tree == id and contains(one, group, case.answers):
                    found.setdefault(case, []).append(f"Since the {name} edition: {words}")
    return found


def _releases_beside(root: Path, now: Tables) -> Iterator[tuple[str, Edition, str, TreeDiff]]:
    """Each release with each of its tools beside today's: its name, its edition, the tool's id, what differs."""
    today = edition_of(now)
    for name, edition in releases(root).items():
        if edition.version != today.version:
            renamed = read_renamed(root, edition, today)
            for id in today.trees:
                if id in edition.trees:
                    yield name, edition, id, TreeDiff((edition.trees[id], today.trees[id]), renamed)


def _sentences(one: TreeDiff) -> Iterator[tuple[Group, str]]:
    """The changes of results that a sentence tells."""
    for group in one.groups:
        words = sentence(one, group, ()) if group.kind in FOR_READERS else "Some "
        if not words.startswith("Some "):
            yield group, words
