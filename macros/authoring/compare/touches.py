"""What brings a group, and what it touches: edits; clauses, safety properties, cases and permanent links.

Each edit is applied alone, and brings a group if it brings some of the same change by itself. What no edit brings alone
is brought by several together. Following the answers through the trees would name too many, and too few: what the
level could turn out to be changes for answers that never meet the edited place.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from macros.authoring.compare.answers import AFTER, BEFORE
from macros.authoring.compare.difference import LEVEL, Group, TreeDiff
from macros.authoring.compare.edition import Unreadable, trees_of
from macros.authoring.compare.edits import Edit, Tables
from macros.authoring.proofs.proofs import Property, read_properties
from macros.authoring.scenarios import read_scenarios
from macros.authoring.sources.legible import JOURNEYS, text_of
from macros.authoring.sources.places import reached
from macros.authoring.sources.reading import read_authored
from macros.authoring.sources.schemas import Schemas
from macros.engine.model.guards import Asked, Ends, Floor, Said, leaves
from macros.engine.model.library import Library

WORDS = {"reasons", "screens"}
BY_PLACE = ("changed-result", "answers")
"""Kinds whose edits are known by where they stand."""


@dataclass(frozen=True, eq=False)
class Case:
    """Answers that somebody wrote down with what should come of them: `kind` is journey or scenario."""

    kind: str
    name: str
    tree: str
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class References:
    """All that findings name where they touch it. `links` are the ids of permanent links, `clauses` the titles of the
    clauses by their ids."""

    properties: Sequence[Property] = ()
    cases: Sequence[Case] = ()
    links: frozenset[str] = frozenset()
    clauses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Touched:
    """What one group touches, by ids and names. `breaks` are the titles of the safety properties that it breaks."""

    breaks: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    journeys: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


def references_of(root: Path, library: Library) -> References:
    """The properties, journeys, scenarios and permanent links of the project in folder `root`."""
    schemas = Schemas(root / "schemas")
    safety = read_authored(root, "safety", schemas)
    links = read_authored(root, "links.lock", schemas, needed=False)
    scenarios, _ = read_scenarios(root, schemas)
    cases = [
        Case("scenario", scenario.id, replay.tree, replay.answers)
        for scenario in scenarios.values()
        for replay in scenario.replays
        if not replay.changed
    ]
    for path in sorted((root / JOURNEYS).glob("*.json")):
        journey = json.loads(text_of(path))
        cases.append(Case("journey", path.stem, journey["tree"], journey["answers"]))
    properties = read_properties(safety.data, library) if safety.sound else []
    clauses = read_authored(root, "source-clauses", schemas, needed=False)
    titles = {clause["id"]: clause["title"] for clause in clauses.data} if clauses.data and clauses.sound else {}
    return References(properties, cases, frozenset(links.data["links"] if links.sound else ()), titles)


def touched(found: TreeDiff, group: Group, edits: Sequence[Edit], before: Tables, known: References) -> Touched:
    """What a group touches, given the edits that bring it and the authored tables before."""
    cases = [one for one in known.cases if one.tree == found.tree.id and contains(found, group, one.answers)]
    return Touched(
        tuple(one.title for one in known.properties if _broken(found, group, one)),
        tuple(dict.fromkeys(_clauses(found, group, edits, before))),
        tuple(one.id for one in known.properties if _speaks_of(found, group, one)),
        tuple(dict.fromkeys(case.name for case in cases if case.kind == "scenario")),
        tuple(case.name for case in cases if case.kind == "journey"),
        tuple(dict.fromkeys(_links(found, group, edits, known.links))),
    )


def _clauses(found: TreeDiff, group: Group, edits: Iterable[Edit], before: Tables) -> Iterator[str]:
    """The clauses cited in an edit and around it, and by a result that changes."""
    for edit in edits:
        yield from edit.cites
        data: Any = before
        for part in edit.address[:-1]:
            data = data[part]
            if isinstance(data, Mapping) and ("because" in data or "action" in data):
                yield from data.get("cites", ())
    if group.kind in ("result", "changed-result", "shown"):
        for side in (BEFORE, AFTER):
            result = found.result(side, group.about)
            yield from result.cites if result else ()


def _speaks_of(found: TreeDiff, group: Group, one: Property) -> bool:
    """Whether a property requires something of what changes, for answers of the group."""
    if found.tree.id not in one.trees:
        return False
    quantity = group.about if group.kind in (LEVEL, "quantity") else ""
    about = any(
        (isinstance(leaf, Floor) and leaf.quantity == quantity)
        or (isinstance(leaf, Said) and group.kind == "result" and group.about in leaf.results)
        or (isinstance(leaf, Ends) and group.kind == "end" and {group.before, group.after} & set(leaf.outcomes))
        for leaf in leaves(one.require)
    )
    if not about and quantity not in one.never_lower:
        return False
    if one.when is None:
        return True
    holds = found.before.at_end(one.when)
    return holds is not None and found.d.meet(holds, group.where)


def _broken(found: TreeDiff, group: Group, one: Property) -> bool:
    """Whether some of a group's answers come to what a property of one run forbids."""
    if found.tree.id not in one.trees or one.require is None or one.when is None:
        return False
    when, require = found.after.at_end(one.when), found.after.at_end(one.require)
    if when is None or require is None:
        return False
    return found.d.meet(group.where, found.after.answerable, when, found.d.negation(require))


def placed(found: Sequence[tuple[Group, Touched]], known: References) -> list[Touched]:
    """What groups touch, with each property that breaks where it breaks by what the group is about, if there is such.

    Elsewhere its answers only happen to be among those of the group: then the first such group names it.
    """
    named: dict[str, list[int]] = {}
    about = {one.title: one for one in known.properties}
    for n, (_, touched) in enumerate(found):
        for title in touched.breaks:
            named.setdefault(title, []).append(n)
    kept = {
        title: [n for n in numbers if _is_about(found[n][0], about[title])] or numbers[:1]
        for title, numbers in named.items()
    }
    return [
        replace(touched, breaks=tuple(title for title in touched.breaks if n in kept[title]))
        for n, (_, touched) in enumerate(found)
    ]


def _is_about(group: Group, one: Property) -> bool:
    """Whether a property requires something of what a group is about."""
    if group.kind == "answers":
        return True
    return any(
        (isinstance(leaf, Floor) and group.kind in (LEVEL, "quantity") and leaf.quantity == group.about)
        or (isinstance(leaf, Said) and group.kind == "result" and group.about in leaf.results)
        or (isinstance(leaf, Ends) and group.kind == "end" and group.after in leaf.outcomes)
        or (isinstance(leaf, Asked) and group.kind == "asked" and group.about == leaf.fact)
        for guard in (one.require, one.when)
        if guard is not None
        for leaf in leaves(guard)
    )


def contains(found: TreeDiff, group: Group, answers: Mapping[str, Any]) -> bool:
    """Whether some answers, by their facts as they are now, are in a group."""
    place = []
    for question in found.questions.values():
        side = AFTER if question.facts[AFTER] else BEFORE
        raw = answers.get(question.fact.id)
        place.append(question.index(side, tuple(raw) if isinstance(raw, list) else raw))
    return bool(found.d.at_place(group.where, place))


def _links(found: TreeDiff, group: Group, edits: Iterable[Edit], known: frozenset[str]) -> Iterator[str]:
    """The permanent links to the questions and outcomes that an edit stands in, or that a group comes to."""
    steps = found.tree.steps
    keys = [str(id) for id in (group.before, group.after) if group.kind == "end"]
    for edit in edits:
        keys += [
            key for key, step in steps.items() if edit.path[:2] == ("trees", step.tree) and step.node.id == edit.node
        ]
    for key in keys:
        id = f"{found.tree.id}-{key.replace('.', '-')}"
        if id in known:
            yield id


# ---- which edit brings it


class Blame:
    """The edits of one tool, each tried alone. `before` are the authored tables before."""

    def __init__(
        self, found: TreeDiff, before: Tables, after: Tables, changed: Sequence[Edit], progress: Callable[[str], None]
    ) -> None:
        self.found = found
        parts = {part for tables in (before, after) for part in _trees_in(tables["trees"], found.tree.id)}
        self.edits = [edit for edit in changed if edit.path[0] != "trees" or edit.path[1] in parts]
        self._groups: dict[Edit, list[Group]] = {}
        self._before, self._progress = before, progress

    def try_alone(self) -> None:
        """Find the groups that each edit brings alone: none where it means nothing alone."""
        tree = self.found.tree.id
        for n, edit in enumerate(self.edits, 1):
            self._progress(f"{tree}: edit {n} of {len(self.edits)}")
            try:
                trees = self.found.trees[BEFORE], trees_of(edit.alone(self._before))[tree]
                alone = TreeDiff(trees, self.found.renamed, self.found)
            except (Unreadable, KeyError, TypeError, ValueError):  # it names what is not there without the others
                continue
            if alone.after.sound:
                self._groups[edit] = alone.groups

    def of(self, group: Group) -> list[Edit]:
        """The edits that bring a group, or some of it, alone."""
        if group.kind == "changed-result":
            results = [self.found.result(side, group.about) for side in (BEFORE, AFTER)]
            contacts = {contact for result in results if result for contact in result.contacts}
            places = {("results", group.about), *(("contacts", contact) for contact in contacts)}
            return [edit for edit in self.edits if edit.path[:2] in places]
        if group.kind == "answers":
            facts = [edit for edit in self.edits if edit.path[0] == "facts" and {"options", "kind"} & set(edit.path)]
            about = {str(edit.path[1]) for edit in facts}
            read = [edit for edit in self.edits if edit.path[0] == "trees" and not edit.of_words and about & edit.names]
            return [*facts, *read]
        return [edit for edit, groups in self._groups.items() if any(self._same(one, group) for one in groups)]

    def all_of(self, group: Group, edits: Sequence[Edit]) -> bool:
        """Whether some edits, each alone, bring all of a group: what they leave takes several together."""
        alone = [one.where for edit in edits for one in self._groups.get(edit, ()) if self._same(one, group)]
        left = self.found.d.without(group.where, self.found.d.either(*alone))
        return left == self.found.d.no or group.kind in BY_PLACE

    def _same(self, one: Group, other: Group) -> bool:
        alike = one.key == other.key or (one.kind in WORDS and other.kind in WORDS)
        return alike and self.found.d.meet(one.where, other.where)


def _trees_in(trees: Mapping[str, Any], tool: str) -> list[str]:
    """A tool and every tree that it goes through."""
    return reached(tool, lambda id: [node["call"] for node in trees.get(id, {"nodes": ()})["nodes"] if "call" in node])
