"""Checks: what JSON Schema cannot say about trees and tables as they are written. Every check gives diagnostics.

Knows the authored data and the Library read from it; refuses to know files, and what journeys can reach (reachable.py).
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from macros.authoring.pages.clauses import Register, fix_of_unknown
from macros.authoring.sources.diagnostics import Diagnostic, Source, no_day, to_come
from macros.authoring.sources.places import At, everywhere, places, reached, repeated
from macros.engine.analysis.outlook import UNSETTLED
from macros.engine.model.guards import COMBINING
from macros.engine.model.library import Fact, Library

HARM_APART = ({"harm"}, {"risk", "protective"})
OPEN_QUESTIONS = "about/open-questions.md"
NATIONAL = 3
"""The most digits of a number that is the same everywhere, as 999 is, and not an editor's to check."""


@dataclass(frozen=True)
class Context:
    """What the data may refer to: the library, the clause register, the ids of the source's facts."""

    library: Library
    register: Register
    source_ids: Sequence[str]

    def basis_exists(self, basis: str) -> bool:
        kind, _, number = basis.partition("-")
        anchor = {"SR": f"q-{number}", "DC": f"dc-{number}"}.get(kind)
        return anchor is None or anchor in self.register.anchors.get(OPEN_QUESTIONS, ())


NAMES = {
    "tree": {
        "start": "node", "nodes/*/next/*/to": "node", "nodes/*/call": "tree", "nodes/*/level": "quantity",
        "nodes/*/shows/*": "result", "nodes/*/next/*/say/*": "result", "nodes/*/ask/*": "fact",
        "nodes/*/ask/*/fact": "fact", "nodes/*/next/*/opens/*": "fact",
    },
    "facts": {"*/bears_on/*": "quantity", "*/options/*/only_in/*": "tree"},
    "results": {"*/contacts/*": "contact", "*/wordings/*/contacts/*": "contact"},
    "quantities": {"*/grades/*/say": "result"},
    "sorter": {"warning/tool": "tree"},
    "call-sheet": {"parts/*/notes/*": "fact", "parts/*/unknown/facts/*": "fact"},
    "safety": {
        "properties/*/for/*": "tree", "properties/*/pairs/facts/*": "fact",
        "properties/*/pairs/bears_on": "quantity", "properties/*/never_lower/*": "quantity",
    },
}  # fmt: skip
"""By file the places that hold the name of something, and of what."""
GUARDS = {
    "tree": ("nodes/*/ask|next/*/if",), "results": ("*/wordings|late/*/if",), "safety": ("properties/*/when|require",),
    "call-sheet": ("if", "ways|before/*/if", "parts/*/lines/*/if"),
}  # fmt: skip
"""By file the places that hold a guard."""
LISTING = {"said": "result", "ends": "outcome", "route": "route"}
"""Words of a guard that a list of names stands behind, and of what."""
WALKABLE = ("unknown-clause", "missing-clause", "unknown-question", "unreachable", "mixed-domains")
"""What may be wrong in a tree that can be followed all the same."""
Known = Mapping[str, Collection[str]]
"""What names may stand for: by kind the names that there are."""


def check_tree(context: Context, source: Source, data: Mapping[str, Any]) -> list[Diagnostic]:
    """What is wrong in a tree file that follows the schema: ids that name nothing, guards that cannot work."""
    nodes = [node["id"] for node in data["nodes"]]
    found = list(_references(context, "tree", source, data, node=nodes))
    for at, id in repeated(places(data, "nodes/*/id")):
        told = f"Another node has the id “{id}” already."
        found.append(source.diagnostic("duplicate-id", at, told, "give each node an id of its own."))
    for path, values in places(data, "budget/*/where/*"):
        fact = str(path[-1])
        if fact not in context.library.facts:
            found.append(source.unknown("fact", path, fact, context.library.facts))
        else:
            known = context.library.facts[fact].values
            found += [source.unknown("value", (*path, i), v, known) for i, v in enumerate(values) if v not in known]
    for path, at in places(data, "nodes/*/next/*/raise/*"):
        found += _grade(context.library, source, path, at)
    if "unknown-node" not in [diagnostic.kind for diagnostic in found]:  # else what it should lead to seems unreachable
        found += _unreachable(source, data)
    return [*found, *_mixed_domains(context.library, source, data)]


def check_tables(context: Context, sources: Mapping[str, Source], tables: Mapping[str, Any]) -> list[Diagnostic]:
    """What is wrong in facts, results, quantities and the words of sorter and call sheet that follow their schemas."""
    found: list[Diagnostic] = []
    for name in ("facts", "results", "quantities", "sorter", "call-sheet"):
        found += _references(context, name, sources[name], tables[name])
    for id, fact in tables["facts"].items():
        found += _fact(sources["facts"], id, fact)
    for id, contact in tables["contacts"].items():
        found += _checked(sources["contacts"], id, contact["number"], contact.get("last_checked", ""))
    for id, quantity in tables["quantities"].items():
        found += _grades(sources["quantities"], id, quantity["grades"])
    return found


def _checked(source: Source, id: str, number: str, day: str) -> Iterator[Diagnostic]:
    """What is wrong with the day on which a number was last checked. A national number of three digits needs none."""
    if len(number) > NATIONAL and not day:
        fix = "call it, and write the day into last_checked as year-month-day; or leave the number empty until then."
        yield source.diagnostic("never-checked", (id, "number"), f"Nobody has checked the number {number}.", fix)
    elif day and no_day(day):
        fix = "write year-month-day, as in 2026-01-31, or leave it empty while there is no number."
        yield source.diagnostic("no-day", (id, "last_checked"), f"“{day}” names no day.", fix)
    elif to_come(day):
        fix = "write the day on which somebody last called the number."
        yield source.diagnostic("day-to-come", (id, "last_checked"), f"{day} is still to come.", fix)


def check_safety(context: Context, source: Source, data: Mapping[str, Any]) -> list[Diagnostic]:
    """What is wrong in the safety properties: ids that name nothing, or that two properties share."""
    library = context.library
    outcomes = {node.id for tree in library.trees.values() for node in tree.nodes if node.kind == "outcome"}
    found = list(_references(context, "safety", source, data, outcome=outcomes, route=list(library.routes())))
    for at, id in repeated(places(data, "properties/*/id")):
        told = f"Another property has the id “{id}” already."
        found.append(source.diagnostic("duplicate-id", at, told, "give each an id of its own."))
    return found


def check_unused(context: Context, sources: Mapping[str, Source], trees: Mapping[str, Source]) -> list[Diagnostic]:
    """Facts never asked, results never said, parts never called: dead data misleads whoever reads it."""
    library = context.library
    nodes = [node for tree in library.trees.values() for node in tree.nodes]
    asked = {ask.fact for node in nodes for ask in node.ask}
    said = {r for node in nodes for edge in node.edges for r in edge.says} | {r for node in nodes for r in node.shows}
    said |= {grade.say for q in library.quantities.values() for grade in q.grades} | {UNSETTLED}
    called = {node.call for node in nodes}
    parts = [id for id, tree in library.trees.items() if not tree.tool]
    unused = [
        *((sources["facts"], "fact", id, "asks", "ask it somewhere") for id in library.facts if id not in asked),
        *((trees[id], "tree", id, "calls the part", "call it, make it a tool") for id in parts if id not in called),
        *((sources["results"], "result", id, "says", "say it somewhere") for id in library.results if id not in said),
    ]
    return [
        source.diagnostic(
            f"unused-{what}", ("tool",) if what == "tree" else (id,), f"No tree {does} “{id}”.", f"{fix}, or remove it."
        )
        for source, what, id, does, fix in unused
    ]


def _fact(source: Source, id: str, fact: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """Faults of a fact: answers that stand twice, an order or a default that names none."""
    values = [option["value"] for option in fact.get("options", ())]
    for at, value in places(fact, "order/*/*", "default"):
        if value not in values and not (value == "*" and at[-1] == 1 and fact["kind"] == "any_of"):
            yield source.unknown("value", (id, *at), value, values, f"“{value}” is not one of the answers.")
    for at, value in repeated(places(fact, "options/*/value")):
        told = f"Another answer is “{value}” already."
        yield source.diagnostic("duplicate-id", (id, *at), told, "give each its own.")


def _grades(source: Source, id: str, grades: Sequence[Mapping[str, Any]]) -> Iterator[Diagnostic]:
    """Grades that do not rise."""
    for i, (before, grade) in enumerate(itertools.pairwise(grades), 1):
        if grade["at"] <= before["at"]:
            message = f"The grades of “{id}” do not rise: {grade['at']} stands after {before['at']}."
            at = (id, "grades", i, "at")
            yield source.diagnostic("grades-out-of-order", at, message, "list them from the lowest up.")


def _references(
    context: Context, file: str, source: Source, data: Mapping[str, Any], **more: Collection[str]
) -> Iterator[Diagnostic]:
    """What is named in a file and is not there: as a name, in a guard, as a clause or a basis. `more` is what is known
    beside the library, by kind.
    """
    library = context.library
    known: Known = {
        "tree": library.trees, "fact": library.facts, "result": library.results, "quantity": library.quantities,
        "contact": library.contacts, "outcome": (), "route": (), **more,
    }  # fmt: skip
    for pattern, what in NAMES[file].items():
        for path, id in places(data, pattern):
            if isinstance(id, str) and id not in known[what]:
                yield source.unknown(what, path, id, known[what])
    for path, guard in places(data, *GUARDS.get(file, ())):
        yield from _guard(library, known, source, path, guard)
    yield from check_cites(context, source, data)


def _grade(library: Library, source: Source, path: At, at: int) -> Iterator[Diagnostic]:
    """Faults of a place that gives a quantity, by its last part, a grade."""
    quantity = str(path[-1])
    if quantity not in library.quantities:
        yield source.unknown("quantity", path, quantity, library.quantities)
    elif at not in (grades := [grade.at for grade in library.quantities[quantity].grades]):
        fix = f"use one of: {', '.join(map(str, grades))}."
        yield source.diagnostic("level-out-of-range", path, f"“{quantity}” has no grade {at}.", fix)


def _guard(library: Library, known: Known, source: Source, path: At, guard: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """Faults of a guard, or of a property's predicate where outcomes and routes are known."""
    ((word, body),) = guard.items()
    here = (*path, word)
    if word == "not":
        yield from _guard(library, known, source, here, body)
    elif word in COMBINING:
        for i, part in enumerate(body):
            yield from _guard(library, known, source, (*here, i), part)
    elif word in ("floor", "exactly"):
        for quantity, at in body.items():
            yield from _grade(library, source, (*here, quantity), at)
    elif word in LISTING:
        for i, id in enumerate(body):
            if id not in known[LISTING[word]]:
                yield source.unknown(LISTING[word], (*here, i), id, known[LISTING[word]])
    elif (fact := body if word == "asked" else word) not in library.facts:
        yield source.unknown("fact", here, fact, library.facts)
    elif word != "asked":
        yield from _atom(library.facts[word], source, here, body)


def _atom(fact: Fact, source: Source, path: At, body: Any) -> Iterator[Diagnostic]:
    if fact.kind == "text":
        told = f"“{fact.id}” is written in free words, and a guard cannot read those."
        yield source.diagnostic("text-in-guard", path, told, "ask a question with options for what this edge needs.")
    elif isinstance(body, Mapping) and fact.kind != "any_of":
        told = f"“{fact.id}” takes one answer, so “any” and “all” cannot be asked of it."
        yield source.diagnostic("wrong-atom", path, told, 'write the values as a list: {"fact": ["value"]}.')
    else:
        inside = isinstance(body, Mapping)
        for at, value in places(body, "*/*" if inside else "*"):
            if value not in fact.values:
                told = f"“{value}” is not an answer to “{fact.id}”."
                yield source.unknown("value", (*path, *at), value, fact.values, told)
            elif fact.kind == "any_of" and (value in fact.exclusive) == inside:
                told = f"“{value}” of the checklist “{fact.id}” cannot be read like this."
                right = f'["{value}"]' if value in fact.exclusive else f'{{"any": ["{value}"]}}'
                yield source.diagnostic("wrong-atom", (*path, *at), told, f'write {{"{fact.id}": {right}}}.')


def check_cites(context: Context, source: Source, data: Any) -> Iterator[Diagnostic]:
    """Unknown clauses and open questions, wherever `cites` and `basis` stand."""
    for path, value in everywhere(data):
        if path[-1:] == ("basis",) and isinstance(value, str) and not context.basis_exists(value):
            told = f"No open question or design choice stands behind “{value}”."
            fix = f"use a basis that docs/{OPEN_QUESTIONS} explains, or add it there."
            yield source.diagnostic("unknown-question", path, told, fix)
        elif path[-2:-1] != ("cites",):
            continue
        elif value not in context.source_ids:
            fix = fix_of_unknown(value, context.source_ids)
            yield source.diagnostic("unknown-clause", path, f"No clause has the id “{value}”.", fix)
        elif value not in context.register.carried:
            fix = "add the clause to a page in docs/procedure, or cite one that is published."
            yield source.diagnostic("missing-clause", path, f"No page carries the clause “{value}”.", fix)


def _unreachable(source: Source, data: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """Nodes that no chain of edges leads to."""
    after = {node["id"]: [edge["to"] for edge in node.get("next", ())] for node in data["nodes"]}
    led_to = reached(data["start"], after.__getitem__)
    for at, id in places(data, "nodes/*/id"):
        if id not in led_to:
            fix = "lead an edge to it, or remove it."
            yield source.diagnostic("unreachable", at[:-1], f"Nothing leads to “{id}”.", fix)


def _mixed_domains(library: Library, source: Source, data: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """Signs of harm never share a screen with risk or protective factors (s4-12, s4-13)."""
    for at, asks in places(data, "nodes/*/ask"):
        names = [ask if isinstance(ask, str) else ask["fact"] for ask in asks]
        domains = {library.facts[name].domain for name in names if name in library.facts}
        if domains & HARM_APART[0] and domains & HARM_APART[1]:
            told = "This screen mixes signs of harm with risk or protective factors, which section 4 keeps apart."
            yield source.diagnostic("mixed-domains", at, told, "ask them on screens of their own.")
