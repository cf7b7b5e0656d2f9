"""`make mutate`: a test of the tests. Spoils the published trees in every place, and asks who notices.

Knows the mutants and everything that stands guard over the trees: the schema, the checks, the proofs, the journeys,
the locks. Each mutant is given to them, cheapest first, until one notices: a journey is replayed in a moment, all that
can be reached takes longer, and proofs longest. So a mutant that several would notice is told of the cheapest of them.
A survivor must become a safety property or a journey, unless it changes nothing a reader can see: then it stands in
harmless-mutants.json with its reason.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from os import cpu_count
from pathlib import Path
from typing import Any

from macros.authoring import checks, reachable
from macros.authoring.citations.lock import Citations, check_lock
from macros.authoring.citations.uses import check_cited
from macros.authoring.compare.difference import TreeDiff
from macros.authoring.load import Project, load_project
from macros.authoring.mutation.mutants import Data, Lookups, Mutant, mutants_of
from macros.authoring.proofs.proofs import prove_tree
from macros.authoring.sources.diagnostics import Source
from macros.authoring.sources.legible import JOURNEYS, text_of
from macros.authoring.sources.places import texts
from macros.authoring.sources.schemas import Schemas
from macros.engine.api import summary
from macros.engine.model.guards import Leaf, leaves
from macros.engine.model.library import Library, read_tree
from macros.engine.model.tree import Tree, inline
from macros.engine.model.walk import walk

ROOT = Path(__file__).resolve().parents[3]
HARMLESS = "decision_trees/harmless-mutants.json"
REPORT = "build/mutation.json"
RECORD = "decision_trees/mutation.json"
CAUGHT_AT_LEAST = 0.95
HARMLESS_AT_MOST = 0.03


# ---- the bench: what stands guard -------------------------------------------------------------------------------


class Bench:
    """A sound project with all that a mutant of one of its trees is held against."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.schemas = Schemas(project.root / "schemas")
        self.waivers = json.loads(text_of(project.root / "decision_trees/waivers.json"))
        paths = sorted((project.root / JOURNEYS).glob("*.json"))
        self.journeys = [json.loads(text_of(path)) for path in paths]

    @cached_property
    def ways(self) -> list[tuple[Data, set[tuple[str, str]]]]:
        """Each journey with the nodes on its way, by their trees, as the trees stand."""
        found = []
        for one in self.journeys:
            tree = self.project.trees[one["tree"]]
            steps = [tree.steps[key] for key in walk(tree, one["answers"]).passed]
            found.append((one, {(step.tree, step.node.id) for step in steps}))
        return found

    @cached_property
    def named(self) -> dict[str, set[str]]:
        """By property the facts, quantities, results and outcomes that it names."""
        return {
            p.id: {name for guard in (p.when, p.require) for leaf in leaves(guard) for name in _names(leaf)}
            for p in self.project.properties
        }

    @cached_property
    def mutants(self) -> list[Mutant]:
        """Every mutant of every published tree."""
        tables = self.project.tables
        carried = [id for id in self.project.source_clauses if id in self.project.register.carried]
        known = Lookups(tables["facts"], tables["quantities"], carried)
        return [mutant for tree in tables["trees"].values() for mutant in mutants_of(tree, known)]

    @cached_property
    def sound(self) -> list[Mutant]:
        """For each tool a mutant that changes nothing: whoever notices one of these would notice anything."""
        found = []
        for tree in [self.project.tables["trees"][id] for id in self.project.tools]:
            at = ("nodes", [node["id"] for node in tree["nodes"]].index(tree["start"]))
            found.append(Mutant("nothing", tree["id"], tree["start"], at, "as it stands", at, tree["nodes"][at[1]]))
        return found

    def tools_with(self, tree: str) -> list[str]:
        """The tools in which a tree can be met, smallest first."""
        trees = {id: self.project.trees[id].steps for id in self.project.tools}
        met = [id for id, steps in trees.items() if tree in {step.tree for step in steps.values()}]
        return sorted(met, key=lambda id: len(trees[id]))


class Trial:
    """One mutant on the bench: the library with the spoiled tree, and the tools that meet it."""

    def __init__(self, bench: Bench, mutant: Mutant) -> None:
        self.bench, self.project, self.mutant = bench, bench.project, mutant
        self.sound: Data = bench.project.tables["trees"][mutant.tree]
        self.data = mutant.applied(self.sound)
        self.source = Source(f"decision_trees/trees/{mutant.tree}.json", "")
        self.tools = bench.tools_with(mutant.tree)

    @cached_property
    def library(self) -> Library:
        library = self.project.library
        return replace(library, trees={**library.trees, self.mutant.tree: read_tree(self.data)})

    @cached_property
    def trees(self) -> dict[str, Tree]:
        return {id: inline(self.library, id) for id in self.tools}

    @property
    def only_cites(self) -> bool:
        """Whether nothing differs but which clauses are cited: no journey and no proof reads those."""
        return self.mutant.path[-2:-1] == ("cites",)


# ---- the guards, cheapest first: each says by what it noticed a mutant, if it did --------------------------------


def schema(trial: Trial) -> Iterator[str]:
    """What the JSON Schema of trees refuses."""
    yield from (diagnostic.kind for diagnostic in trial.bench.schemas.check("decision-tree", trial.source, trial.data))


def references(trial: Trial) -> Iterator[str]:
    """Ids that lead nowhere, nodes that nothing leads to, mixed screens; facts, results and parts without use."""
    project = trial.project
    context = replace(project.context, library=trial.library)
    nowhere = {name: Source(name, "") for name in ("facts", "results", *project.library.trees)}
    yield from (diagnostic.kind for diagnostic in checks.check_tree(context, trial.source, trial.data))
    yield from (diagnostic.kind for diagnostic in checks.check_unused(context, nowhere, nowhere))


def journeys(trial: Trial) -> Iterator[str]:
    """Journeys through the spoiled node that come to something else than they should."""
    place = trial.mutant.tree, trial.mutant.node
    for journey in [one for one, way in trial.bench.ways if place in way]:
        tree = trial.trees[journey["tree"]]
        gone = walk(tree, journey["answers"])
        told = {**summary(tree, gone), "open": list(gone.open)}
        expect = {**journey["expect"]}
        told["reasons"] = reasons(trial.library, told["reasons"])
        expect["reasons"] = reasons(trial.project.library, expect.get("reasons", ()))
        if any(told[key] != expect[key] for key in journey["expect"]):
            yield journey["name"]


def structure(trial: Trial) -> Iterator[str]:
    """Gaps, overlaps, reads of what was never asked, edges that nobody takes, results that are too far away."""
    used = set().union(*(one.used for id, one in trial.project.structures.items() if id not in trial.tools))
    for tree in trial.trees.values():
        found = reachable.space_of(tree)
        used |= found.used
        yield from (fault.kind for fault in found.faults)
    nowhere = {name: Source(name, "") for name in trial.library.trees}
    yield from (d.kind for d in reachable.check_dead_edges(used, trial.library.trees.values(), nowhere))
    for tree in trial.trees.values():
        yield from ("too-long" for _ in reachable.overruns(tree))


def proofs(trial: Trial) -> Iterator[str]:
    """Safety properties that no longer hold, or no longer speak of anything. What is dear to prove comes last."""
    words, named = set(texts(trial.sound["nodes"][trial.mutant.site[1]])), trial.bench.named
    nearest = sorted(trial.project.properties, key=lambda p: -len(words & named[p.id]) / (len(named[p.id]) or 1))
    for dear in (False, True):
        for id, tree in trial.trees.items():
            verdicts = prove_tree(tree, [p for p in nearest if id in p.trees and bool(p.never_lower) == dear])
            yield from (verdict.claim.id for verdict in verdicts if not verdict.proved)


def _names(leaf: Leaf) -> Iterator[str]:
    """The facts, quantities, results and outcomes that a leaf of a guard names."""
    for value in vars(leaf).values():
        yield from (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()


def reasons(library: Library, names: Iterable[str]) -> list[tuple[str, str, str]]:
    """Reasons by the words of their edges: an edge must not be missed for another number alone."""
    split = [name.split("/") for name in names]
    return [(tree, node, library.trees[tree].node(node).edges[int(i) - 1].because) for tree, node, i in split]


def citations(trial: Trial) -> Iterator[str]:
    """Clauses that a tool must cite and does not any more, and citations that nobody has confirmed."""
    project, nowhere = trial.project, Source("waivers", "")
    yield from (d.kind for d in check_cited(trial.library, project.source_clauses, trial.bench.waivers, nowhere))
    if project.lock:
        citations = Citations(project.register, trial.library, redirects=project.redirects)
        yield from (d.kind for d in check_lock(project.lock, citations, project.source_clauses))


Watch = Callable[[Trial], Iterator[str]]
WATCHES: dict[str, Watch] = {
    "schema": schema,
    "references": references,
    "journeys": journeys,
    "structure": structure,
    "proofs": proofs,
    "citations": citations,
}
BLIND_TO_CITES = ("journeys", "structure", "proofs")


@dataclass(frozen=True)
class Catch:
    """Who noticed a mutant, and by what; both empty if nobody did. Then `seen` is what a reader could see of it."""

    watch: str = ""
    by: str = ""
    seen: str = ""


def caught(trial: Trial) -> Catch:
    """The first that notices the mutant."""
    blind = BLIND_TO_CITES if trial.only_cites else ()
    for name, watch in WATCHES.items():
        by = next(watch(trial), None) if name not in blind else None
        if by is not None:
            return Catch(name, by)
    return Catch(seen=seen(trial))


def seen(trial: Trial) -> str:
    """What a reader could see of a mutant: the first thing that a comparison tells of it, or nothing."""
    for id, tree in trial.trees.items():
        for group in TreeDiff((trial.project.trees[id], tree)).groups:
            return f"{id}: {group.kind} {group.about}".rstrip()
    return ""


# ---- the run ----------------------------------------------------------------------------------------------------

_bench: Bench | None = None


def _sit(root: Path) -> None:
    """Set up a bench in a process of the run."""
    global _bench
    _bench = Bench(load_project(root))


def _try(mutant: Mutant) -> Catch:
    assert _bench is not None
    return caught(Trial(_bench, mutant))


def run(root: Path, mutants: list[Mutant]) -> list[Catch]:
    """Who caught each mutant, on every core, with its progress shown."""
    found: list[Catch] = []
    with ProcessPoolExecutor(cpu_count(), initializer=_sit, initargs=(root,)) as pool:
        for catch in pool.map(_try, mutants):
            found.append(catch)
            _progress(len(found), len(mutants))
    return found


def _progress(done: int, total: int) -> None:
    """One line that counts on a terminal; elsewhere a line for each tenth."""
    if sys.stderr.isatty():
        print(f"\r{done:,} of {total:,}", end="\n" if done == total else "", file=sys.stderr, flush=True)
    elif done * 10 // total > (done - 1) * 10 // total:
        print(f"{done:,} of {total:,}", file=sys.stderr, flush=True)


# ---- the report -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Score:
    """How an operator's mutants fared: how many there are, who caught how many, how many are listed as harmless."""

    operator: str
    mutants: int
    caught: int
    harmless: int
    by: Mapping[str, int]


def key(mutant: Mutant) -> tuple[str, str, str]:
    """What names a mutant, to look it up."""
    return mutant.operator, mutant.place, mutant.what


def read_harmless(root: Path) -> dict[tuple[str, str, str], str]:
    """The listed harmless mutants with their reasons."""
    path = root / HARMLESS
    entries = json.loads(text_of(path))["harmless"] if path.is_file() else []
    return {(entry["operator"], entry["place"], entry["what"]): entry["reason"] for entry in entries}


def scores(mutants: list[Mutant], catches: list[Catch], harmless: Mapping[tuple[str, str, str], str]) -> list[Score]:
    """The score of each operator, in the order in which they were applied."""
    found = []
    for operator in dict.fromkeys(mutant.operator for mutant in mutants):
        mine = [(m, c) for m, c in zip(mutants, catches, strict=True) if m.operator == operator]
        by = Counter(c.watch for _, c in mine if c.watch)
        listed = sum(not c.watch and key(m) in harmless for m, c in mine)
        found.append(Score(operator, len(mine), by.total(), listed, {name: by[name] for name in WATCHES if by[name]}))
    return found


@dataclass(frozen=True)
class MutationReport:
    """What a run came to."""

    version: str
    seconds: float
    scores: list[Score]
    survivors: list[dict[str, str]]
    stale: list[tuple[str, str, str]]

    @property
    def totals(self) -> dict[str, int]:
        """How many mutants there are, how many were caught and how many are listed as harmless."""
        return {part: sum(getattr(s, part) for s in self.scores) for part in ("mutants", "caught", "harmless")}

    @property
    def passed(self) -> bool:
        """Whether enough is caught and little enough is listed, and what is listed is there and survives."""
        mutants, caught, harmless = self.totals.values()
        return caught >= CAUGHT_AT_LEAST * mutants and harmless <= HARMLESS_AT_MOST * mutants and not self.stale

    def record(self) -> dict[str, Any]:
        """The figures, as JSON can hold them."""
        return {"version": self.version, **self.totals, "operators": [asdict(score) for score in self.scores]}


def report(project: Project, mutants: list[Mutant], catches: list[Catch], seconds: float) -> MutationReport:
    """What a run came to. A listed mutant is stale if it is caught, to be seen by a reader, or none any more."""
    harmless = read_harmless(project.root)
    alive = [(mutant, catch.seen) for mutant, catch in zip(mutants, catches, strict=True) if not catch.watch]
    names = ("operator", "place", "what", "pointer", "harmless", "seen")
    survivors = [dict(zip(names, (*key(m), m.pointer, harmless.get(key(m), ""), by), strict=True)) for m, by in alive]
    unseen = {key(mutant) for mutant, by in alive if not by}
    stale = [entry for entry in harmless if entry not in unseen]
    return MutationReport(project.library.version, seconds, scores(mutants, catches, harmless), survivors, stale)


def write(root: Path, report: MutationReport) -> None:
    """The whole report in build/, and its figures where the assurance page finds them."""
    (root / REPORT).parent.mkdir(exist_ok=True)
    whole = {**report.record(), "seconds": round(report.seconds), "survivors": report.survivors}
    for name, data in ((REPORT, whole), (RECORD, report.record())):
        (root / name).write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", "utf-8")


def show(report: MutationReport) -> None:
    """Print the scores, every survivor that is not listed, and what decides."""
    print(f"{'operator':44} {'mutants':>7} {'caught':>7} {'harmless':>8}  by")
    for score in report.scores:
        by = ", ".join(f"{name} {count}" for name, count in score.by.items())
        print(f"{score.operator:44} {score.mutants:7} {score.caught:7} {score.harmless:8}  {by}")
    for survivor in report.survivors:
        if not survivor["harmless"]:
            seen = f"a reader could see it ({survivor['seen']})" if survivor["seen"] else "no reader could see it"
            print(f"alive: {survivor['operator']}: {survivor['place']}: {survivor['what']}: {seen}")
    for entry in report.stale:
        print(f"listed as harmless, but caught, to be seen, or no mutant any more: {': '.join(entry)}")
    mutants, caught, harmless = report.totals.values()
    share = f"{caught / mutants:.1%} caught, {harmless / mutants:.1%} harmless"
    print(f"{mutants:,} mutants: {share}, in {report.seconds / 60:.1f} minutes.")


def main(root: Path = ROOT) -> int:
    """Run, report, write. Returns 0, or 1 if too few are caught, too many are listed, or the trees are not sound."""
    began = time.perf_counter()
    project = load_project(root)
    bench = Bench(project) if not project.diagnostics else None
    if bench is None or any(catch.watch for catch in run(root, bench.sound)):
        print("The trees as they stand are not sound: make check and make test say why. Fix that first.")
        return 1
    told = report(project, bench.mutants, run(root, bench.mutants), time.perf_counter() - began)
    write(root, told)
    show(told)
    return 0 if told.passed else 1


if __name__ == "__main__":
    sys.exit(main())
