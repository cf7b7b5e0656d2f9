"""What changed since: since the last commit, where a check fails, and since each release, for records made with it.

Where properties no longer hold or scenarios come to something else, `why` says which edit brings that and for whom, in
place of a paragraph for each of them. Without git, without a last commit, or where that commit has the same decisions,
there is nothing to say. The editions of releases lie in decision_trees/editions/.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from macros.authoring.compare.answers import Renamed
from macros.authoring.compare.difference import Group, TreeDiff
from macros.authoring.compare.edition import TABLES, Edition, Unreadable, edition_of
from macros.authoring.compare.edits import Tables
from macros.authoring.compare.findings import compare
from macros.authoring.compare.report import DiffReport, some
from macros.authoring.compare.sentences import sentence
from macros.authoring.compare.touches import Case, contains, references_of
from macros.authoring.compare.versions import base, here, read_renamed
from macros.authoring.sources.diagnostics import Diagnostic
from macros.authoring.sources.reading import read_file
from macros.authoring.sources.schemas import Schemas
from macros.authoring.sources.store import STORE

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


def check_releases(root: Path, now: Tables) -> None:
    """See that today's decisions can be set beside each release. Raises Unreadable."""
    for _ in _releases_beside(root, now):
        pass


def since(root: Path, now: Tables) -> dict[str, dict[str, dict[str, str]]]:
    """By the version of each release and by tool: what became of results since, in a sentence for each change.

    Only changes of a result that a sentence tells, and only of releases that come to something else. Raises Unreadable.
    """
    found: dict[str, dict[str, dict[str, str]]] = {}
    for _, version, tool, text in _releases_beside(root, now):
        if told := STORE.once("since", text, partial(_by_key, text)):
            found.setdefault(version, {})[tool] = told
    return found


def stories_since(root: Path, now: Tables, cases: Iterable[Case]) -> dict[Case, list[str]]:
    """What became of the results of stories since each release, in sentences. Raises Unreadable."""
    found: dict[Case, list[str]] = {}
    known = list(cases)
    for name, _, tool, text in _releases_beside(root, now):
        stories = [case for case in known if case.tree == tool]
        asked = json.dumps([text, [case.answers for case in stories]])
        told = STORE.once("stories since", asked, partial(_of_each, text, stories))
        for case, sentences in zip(stories, told, strict=True):
            if sentences:
                found.setdefault(case, []).extend(f"Since the {name} edition: {words}" for words in sentences)
    return found


def _releases_beside(root: Path, now: Tables) -> Iterator[tuple[str, str, str, str]]:
    """Each tool of a release that there still is: the release's name and version, the tool's id, and one text of both
    versions of it, from which all that differs follows: working that out takes seconds.
    """
    today = edition_of(now)
    for name, edition in releases(root).items():
        if edition.version != today.version:
            renamed = read_renamed(root, edition, today)
            for tool in today.data["trees"]:
                if tool in edition.data["trees"]:
                    versions = [_tool_alone(edition, tool), _tool_alone(today, tool)]
                    yield name, edition.version, tool, json.dumps([tool, versions, asdict(renamed)])


def _tool_alone(edition: Edition, tool: str) -> dict[str, Any]:
    """All that an edition says of one tool."""
    return {**{name: edition.data[name] for name in TABLES}, "trees": {tool: edition.data["trees"][tool]}}


@lru_cache(maxsize=8)
def _differs(text: str) -> tuple[TreeDiff, list[tuple[Group, str]]]:
    """What differs between the two versions of a tool in a text, and the changes of results that a sentence tells."""
    tool, versions, renamed = json.loads(text)
    before, after = (Edition(data).trees[tool] for data in versions)
    diff = TreeDiff((before, after), Renamed(**renamed))
    told = [(group, sentence(diff, group, ())) for group in diff.groups if group.kind in FOR_READERS]
    return diff, [(group, words) for group, words in told if not words.startswith("Some ")]


def _by_key(text: str) -> dict[str, str]:
    return {"/".join(map(str, group.key)): words for group, words in _differs(text)[1]}


def _of_each(text: str, cases: Iterable[Case]) -> list[list[str]]:
    diff, told = _differs(text)
    return [[words for group, words in told if contains(diff, group, case.answers)] for case in cases]
