"""What a group touches: clauses, safety properties, journeys and scenarios, and permanent links."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from macros.authoring.compare.answers import AFTER, BEFORE
from macros.authoring.compare.difference import LEVEL, Group, TreeDiff
from macros.authoring.compare.edits import Edit, Tables
from macros.authoring.proofs.proofs import Property, read_properties
from macros.authoring.scenarios import read_scenarios
from macros.authoring.sources.reading import read_authored
from macros.authoring.sources.schemas import Schemas
from macros.engine.model.guards import Ends, Floor, Said, leaves
from macros.engine.model.library import Library

JOURNEYS = "tests/journeys"


@dataclass(frozen=True, eq=False)
class Case:
    """Answers that somebody wrote down with what should come of them: `kind` is journey or scenario."""

    kind: str
    name: str
    tree: str
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class References:
    """All that findings name where they touch it. `links` are the ids of permanent links."""

    properties: Sequence[Property] = ()
    cases: Sequence[Case] = ()
    links: frozenset[str] = frozenset()


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
        journey = json.loads(path.read_text("utf-8"))
        cases.append(Case("journey", path.stem, journey["tree"], journey["answers"]))
    properties = read_properties(safety.data, library) if safety.sound else []
    return References(properties, cases, frozenset(links.data["links"] if links.sound else ()))


def touched(found: TreeDiff, group: Group, edits: Sequence[Edit], before: Tables, known: References) -> Touched:
    """What a group touches, given the edits that bring it and the authored tables before."""
    cases = [one for one in known.cases if one.tree == found.tree.id and contains(found, group, one.answers)]
    return Touched(
        tuple(one.title for one in known.properties if _broken(found, group, one)),
        tuple(dict.fromkeys(_clauses(found, group, edits, before))),
        tuple(one.id for one in known.properties if _speaks_of(found, group, one)),
        tuple(case.name for case in cases if case.kind == "scenario"),
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
    assert found.before is not None
    holds = found.reader(BEFORE).at_end(one.when, found.before)
    return holds is not None and found.d.meet(holds, group.where)


def _broken(found: TreeDiff, group: Group, one: Property) -> bool:
    """Whether some of a group's answers come to what a property of one run forbids."""
    if found.tree.id not in one.trees or one.require is None or one.when is None:
        return False
    assert found.after is not None
    reader = found.reader(AFTER)
    when, require = reader.at_end(one.when, found.after), reader.at_end(one.require, found.after)
    if when is None or require is None:
        return False
    return found.d.meet(group.where, found.after.answerable, when, found.d.negation(require))


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
