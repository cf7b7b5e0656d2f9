"""Loading: the folder decision_trees/ as a checked Project, with all that is wrong found in one go.

Knows files; hands over at once to the schemas, the checks and the proofs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from macros.authoring import checks, reachable
from macros.authoring.citations.amendments import Amendment, read_amendments
from macros.authoring.citations.lock import Citations, Lock, check_lock, read_lock
from macros.authoring.citations.redirects import NO_REDIRECTS, Redirects, read_redirects
from macros.authoring.citations.uses import check_cited, with_parts
from macros.authoring.pages.clauses import Register, scan
from macros.authoring.pages.reviews import Review, read_reviews
from macros.authoring.pages.tables import read_everyday, read_hard_to_read
from macros.authoring.pairs import check_pair, passages_of_pairs, read_pairs
from macros.authoring.plausible.weights import Weights, read_weights
from macros.authoring.proofs.proofs import Property, Verdict, read_properties
from macros.authoring.remembered.answers import prove_and_replay, structures_of
from macros.authoring.scenarios import (
    Scenario,
    check_scenario,
    check_scenarios,
    passages_of_scenarios,
    read_scenario,
    read_scenarios,
)
from macros.authoring.sessions import Sessions, read_sessions
from macros.authoring.sources.diagnostics import Diagnostic, Source
from macros.authoring.sources.legible import JOURNEYS, illegible, read_source, text_of
from macros.authoring.sources.places import everywhere
from macros.authoring.sources.reading import FOLDER, SourceFile, read_authored, read_file, read_named
from macros.authoring.sources.schemas import Schemas
from macros.engine import RULES
from macros.engine.model.library import Library, read_library, read_tree
from macros.engine.model.tree import Tree

DECISIONS = ("facts", "results", "quantities", "contacts")
"""The tables that decide, beside the trees."""
WITHOUT_SCHEMA = ("mutation", "harmless-mutants")
"""Tables that only commands write and read."""
TABLES = (*DECISIONS, "sorter", "call-sheet", "safety", "waivers", "source-clauses")


@dataclass(frozen=True)
class Project:
    """Everything authored, loaded and checked. With diagnostics, only these may be relied on.

    `trees` are ready to be walked, `structures` tell what each can come to, `verdicts` what was proved.
    """

    root: Path
    library: Library
    register: Register
    source_clauses: Mapping[str, Mapping[str, Any]]
    tables: Mapping[str, Any]
    diagnostics: tuple[Diagnostic, ...] = ()
    trees: Mapping[str, Tree] = field(default_factory=dict)
    structures: Mapping[str, reachable.Structure] = field(default_factory=dict)
    properties: tuple[Property, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    lock: Lock | None = None
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)
    pairs: Mapping[str, Scenario] = field(default_factory=dict)
    amendments: tuple[Amendment, ...] = ()
    redirects: Redirects = NO_REDIRECTS
    everyday: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hard_to_read: Mapping[str, str] = field(default_factory=dict)
    reviews: Mapping[str, Review] = field(default_factory=dict)
    plausible: Weights = field(default_factory=dict)
    sessions: Sessions = field(default_factory=dict)

    @property
    def context(self) -> checks.Context:
        """What the data may refer to."""
        return checks.Context(self.library, self.register, list(self.source_clauses))

    @property
    def numbers_missing(self) -> tuple[str, ...]:
        """The contacts without a number that live use cannot do without, by name."""
        contacts = self.library.contacts.values()
        return tuple(one.name for one in contacts if one.needed_for_approval and not one.number)

    @property
    def citations(self) -> Citations:
        """The clauses and all that cites them, as they stand now: what the lock is held against."""
        stories = {**passages_of_scenarios(self.scenarios), **passages_of_pairs(self.pairs)}
        return Citations(self.register, self.library, stories, self.redirects)

    @property
    def tools(self) -> tuple[str, ...]:
        """The trees that have a page of their own."""
        return tuple(id for id in self.trees if self.library.trees[id].tool)

    def lengths(self) -> list[reachable.Length]:
        """How many screens lead to each outcome of each tool."""
        return [length for structure in self.structures.values() for length in structure.lengths]

    def bundle(self) -> dict[str, Any]:
        """All that the engine in the browser needs, as JSON can hold it."""
        return {
            **{name: self.tables[name] for name in (*DECISIONS, "trees")},
            "clauses": self.library.clauses,
            "approval": dict(self.library.approval),
            "version": self.library.version,
            "sorter": self.library.sorter,
            "call_sheet": self.library.call_sheet,
        }


def load_project(root: Path, approval: Mapping[str, str] | None = None) -> Project:
    """The project in folder `root`, checked and proved. `approval` is what mkdocs.yml says of it (none: a draft).

    All that is wrong is in `.diagnostics`; nothing is raised for what authors can get wrong.
    """
    schemas = Schemas(root / "schemas")
    if unread := [*illegible(root), *schemas.diagnostics]:  # else whatever rests on it would be told as wrong as well
        return Project(root, Library({}, {}, {}, {}, {}), Register(), {}, {}, tuple(_in_order(unread)))
    tables = {name: read_authored(root, name, schemas) for name in TABLES}
    paths = sorted((root / FOLDER / "trees").glob("*.json"))
    trees = {
        path.stem: read_named(path, f"{FOLDER}/trees/{path.name}", "decision-tree", "tree", schemas) for path in paths
    }
    found = [diagnostic for file in (*tables.values(), *trees.values()) for diagnostic in file.diagnostics]
    if not all(file.sound for file in tables.values()):
        return Project(root, Library({}, {}, {}, {}, {}), Register(), {}, {}, tuple(found))
    source_clauses = {clause["id"]: clause for clause in tables["source-clauses"].data}
    register, clause_diagnostics = scan(root / "docs", source_clauses)
    parts = _tables(tables, trees)
    library = _library(parts, register, source_clauses, approval or {})
    lock, lock_diagnostics = read_lock(root, schemas)
    redirects = read_redirects(root, schemas)
    scenarios = read_scenarios(root, schemas)
    read: dict[str, tuple[Any, list[Diagnostic]]] = {
        "redirects": redirects,
        "scenarios": scenarios,
        "sessions": read_sessions(root, schemas, scenarios[0]),
        "pairs": read_pairs(root, schemas),
        "amendments": read_amendments(root, schemas, register, redirects[0]),
        "everyday": read_everyday(root, register),
        "hard_to_read": read_hard_to_read(root),
        "reviews": read_reviews(root / "docs"),
        "plausible": read_weights(root, schemas, library),
    }
    values = {name: value for name, (value, _) in read.items()}
    project = Project(root, library, register, source_clauses, parts, lock=lock, **values)
    beside = [diagnostic for _, diagnostics in read.values() for diagnostic in diagnostics]
    beside += _unheld(root, schemas)
    return _check(project, tables, trees, [*found, *clause_diagnostics, *lock_diagnostics], beside)


def _unheld(root: Path, schemas: Schemas) -> Iterator[Diagnostic]:
    """What is wrong with files that the build reads and no part of a project is made from."""
    for path in (root / FOLDER / f"{name}.json" for name in WITHOUT_SCHEMA):
        if path.is_file():
            yield from read_source(path, f"{FOLDER}/{path.name}")[2]
    yield from read_authored(root, "renamed", schemas, needed=False).diagnostics
    for path in sorted((root / JOURNEYS).glob("*.json")):
        yield from read_file(path, f"{JOURNEYS}/{path.name}", "journey", schemas).diagnostics


def check_tree_file(project: Project, path: Path) -> list[Diagnostic]:
    """What is wrong with one tree file, taken as a tree on top of a sound project's tables and trees."""
    file = read_named(path, path.name, "decision-tree", "tree", Schemas(project.root / "schemas"))
    if not file.sound:
        return list(file.diagnostics)
    id, data, source = path.stem, file.data, file.source
    library = replace(project.library, trees={**project.library.trees, id: read_tree(data)})
    context = replace(project.context, library=library)
    files = {tree: f"{FOLDER}/trees/{tree}.json" for tree in project.library.trees}
    published = {tree: Source(file, text_of(project.root / file)) for tree, file in files.items()}
    sources = {**published, id: source}
    datas = {**project.tables["trees"], id: data}
    found = checks.check_tree(context, source, data)
    tree = _inlined(library, id, source, data, {id: found})
    if not isinstance(tree, Tree):
        return [*found, tree] if tree else found
    structure = reachable.space_of(tree)
    wrong = list(reachable.check_structure(structure, sources, datas))
    found += [diagnostic for diagnostic in wrong if diagnostic.file == source.name]  # the file's own faults
    if not found:
        found += reachable.check_dead_edges(structure.used, [library.trees[id]], sources)
    return found if wrong else [*found, *reachable.check_lengths(reachable.overruns(tree), source, data)]


def check_scenario_file(project: Project, path: Path) -> list[Diagnostic]:
    """What is wrong with one scenario file, taken as a scenario on top of a sound project's trees."""
    scenario, diagnostics = read_scenario(path, path.name, Schemas(project.root / "schemas"))
    if scenario is None:
        return diagnostics
    return check_scenario(project.context, project.trees, scenario)


def _tables(tables: Mapping[str, SourceFile], trees: Mapping[str, SourceFile]) -> dict[str, Any]:
    """The tables by id, without what only editors' tools read."""

    def plain(file: SourceFile) -> dict[str, Any]:
        return {key: value for key, value in file.data.items() if key != "$schema"}

    return {
        **{name: plain(tables[name]) for name in (*DECISIONS, "sorter", "call-sheet")},
        "trees": {id: plain(tree) for id, tree in trees.items() if tree.sound},
        **{name: tables[name].data for name in ("safety", "waivers")},
    }


def _library(
    parts: Mapping[str, Any], register: Register, source_clauses: Mapping[str, Any], approval: Mapping[str, str]
) -> Library:
    authored = {name: parts[name] for name in (*DECISIONS, "trees")}
    cited = sorted({id for path, id in everywhere([authored, parts["sorter"]]) if path[-2:-1] == ("cites",)})
    clauses = {
        id: {
            "title": source_clauses[id]["title"],
            "url": register.carried[id].url,
            "text": register.carried[id].plain,
            "duty": register.carried[id].duty,
        }
        for id in cited
        if id in source_clauses and id in register.carried
    }
    beside = {
        "sorter": parts["sorter"],
        "call_sheet": parts["call-sheet"],
        "clauses": clauses,
        "approval": dict(approval),
    }
    return read_library({**authored, **beside, "version": version_of(authored)})


def version_of(authored: Mapping[str, Any], rules: int = RULES) -> str:
    """Twelve hexadecimal digits over the decision data and the number of the engine's rules: what a record names.

    Over what they mean, not how they are written down: nothing of a comment, a line ending or the spaces of a file is
    in it. The order of the data is, for results are told and questions asked in it.
    """
    return sha256(json.dumps([rules, authored]).encode()).hexdigest()[:12]


def _check(
    project: Project,
    tables: Mapping[str, SourceFile],
    trees: Mapping[str, SourceFile],
    found: list[Diagnostic],
    beside: Sequence[Diagnostic],
) -> Project:
    """The project with what is wrong. `beside` is what is wrong in files that no proof rests on."""
    context = project.context
    if not all(tree.sound for tree in trees.values()):  # what a broken tree gives is not reported as unknown as well
        return replace(project, diagnostics=tuple(_in_order([*found, *beside])))
    told_in = {name: file.source for name, file in tables.items()}
    sources = {id: tree.source for id, tree in trees.items()}
    data = {id: tree.data for id, tree in trees.items()}
    found += check_cited(project.library, project.source_clauses, project.tables["waivers"], told_in["waivers"])
    faults = checks.check_tables(context, told_in, project.tables)
    found += [*faults, *checks.check_safety(context, told_in["safety"], project.tables["safety"])]
    ready: dict[str, Tree] = {}
    written = {id: checks.check_tree(context, sources[id], data[id]) for id in project.library.trees}
    for id, wrong in written.items():
        found += wrong
        if project.library.trees[id].tool and not faults:  # a part is followed in place, in each tool that calls it
            tree = _inlined(context.library, id, sources[id], data[id], written)
            found += [tree] if isinstance(tree, Diagnostic) else []
            ready |= {id: tree} if isinstance(tree, Tree) else {}
    structures = structures_of(project.tables, ready)
    for id, structure in structures.items():
        if structure.faulty:
            found += reachable.check_structure(reachable.space_of(ready[id]), sources, data)
        else:
            found += reachable.check_lengths(structure.overruns, sources[id], data[id])
    if not found:
        found += checks.check_unused(context, told_in, sources)
        used = {edge for structure in structures.values() for edge in structure.used}
        found += reachable.check_dead_edges(used, project.library.trees.values(), sources)
    found += beside
    sound = len(found) == len(beside)
    properties = tuple(read_properties(project.tables["safety"], project.library)) if sound else ()
    verdicts: list[Verdict] = []
    if sound:
        verdicts, true = prove_and_replay(project.tables, list(ready), properties, project.scenarios)
        found += check_scenarios(context, ready, project.scenarios, true)
        found += [wrong for pair in project.pairs.values() for wrong in check_pair(context, ready, pair)]
        found += [_unproved(project, told_in["safety"], verdict) for verdict in verdicts if not verdict.proved]
    if project.lock:  # what waits to be confirmed keeps nobody from seeing what the proofs say
        found += check_lock(project.lock, project.citations, project.source_clauses)
    return replace(
        project,
        diagnostics=tuple(_in_order(found)),
        trees=ready,
        structures=structures,
        properties=properties,
        verdicts=tuple(verdicts),
    )


def _in_order(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    return sorted(dict.fromkeys(diagnostics), key=lambda d: (d.file, d.line, d.column))


def _inlined(
    library: Library, id: str, source: Source, data: Mapping[str, Any], written: Mapping[str, Sequence[Diagnostic]]
) -> Tree | Diagnostic | None:
    """The tree with its calls in place; the circle that prevents it; None if it or what it calls cannot be followed.

    `written` is what is wrong with each tree as it is written.
    """
    wrong = [diagnostic for one in with_parts(library, id) for diagnostic in written.get(one, ())]
    if any(diagnostic.kind not in checks.WALKABLE for diagnostic in wrong):
        return None
    return reachable.set_in_place(library, id, source, data)


def _unproved(project: Project, source: Source, verdict: Verdict) -> Diagnostic:
    index = next(i for i, p in enumerate(project.tables["safety"]["properties"]) if p["id"] == verdict.claim.id)
    path = ("properties", index)
    name = f"“{verdict.claim.title}” in the tree “{verdict.tree}”"
    if verdict.vacuous:
        told = f"{name}: no journey is ever in the case that this property speaks of."
        return source.diagnostic("vacuous", path, told, "correct its condition, or the tree.")
    told = reachable.said(project.library, verdict.counterexample)
    if verdict.compared:
        changed = {k: v for k, v in verdict.compared.items() if verdict.counterexample.get(k) != v}
        told += f" — and ends lower when instead {reachable.said(project.library, changed)}"
    fix = "correct the tree; the property stands for a clause."
    return source.diagnostic("unsafe", path, f"{name} does not hold: {told}.", fix)
