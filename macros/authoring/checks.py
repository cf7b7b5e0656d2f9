"""Checks: what JSON Schema cannot say about trees and tables as they are written. Every check gives diagnostics.

Knows the authored data and the Library read from it; refuses to know files, and what journeys can reach (reachable.py).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from macros.authoring.pages.clauses import Register, fix_of_unknown
from macros.authoring.sources.diagnostics import Diagnostic, Part, Source, did_you_mean
from macros.engine.analysis.outlook import UNSETTLED
from macros.engine.model.guards import COMBINING, RESERVED
from macros.engine.model.library import Fact, Library

HARM_APART = ({"harm"}, {"risk", "protective"})
OPEN_QUESTIONS = "about/open-questions.md"
Path = tuple[Part, ...]


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


def check_tree(context: Context, source: Source, data: Mapping[str, Any]) -> list[Diagnostic]:
    """What is wrong in a tree file that follows the schema: ids that name nothing, guards that cannot work."""
    references = list(_references(context, source, data))
    astray = any(
        diagnostic.kind == "unknown-node" for diagnostic in references
    )  # then what it should lead to seems unreachable
    return [
        *_repeated_ids(source, data),
        *references,
        *(() if astray else _unreachable(source, data)),
        *_mixed_domains(context.library, source, data),
    ]


def check_tables(context: Context, sources: Mapping[str, Source], tables: Mapping[str, Any]) -> list[Diagnostic]:
    """What is wrong in facts, results, quantities and the sorter's words that follow their schemas."""
    found: list[Diagnostic] = []
    for name in ("facts", "results", "quantities", "sorter"):
        found += check_cites(context, sources[name], tables[name], ())
    for id, fact in tables["facts"].items():
        if id in RESERVED:
            found.append(
                sources["facts"].diagnostic(
                    "reserved-word", (id,), f"“{id}” is a word of the guards.", "give the fact another id."
                )
            )
        found += _fact(context.library, sources["facts"], (id,), fact)
    for id, result in tables["results"].items():
        for i, contact in enumerate(result.get("contacts", ())):
            if contact not in context.library.contacts:
                known = did_you_mean(contact, list(context.library.contacts))
                found.append(
                    sources["results"].diagnostic(
                        "unknown-contact", (id, "contacts", i), f"There is no contact “{contact}”.", known
                    )
                )
        for i, wording in enumerate(result.get("wordings", ())):
            found += _guard(context.library, sources["results"], (id, "wordings", i, "if"), wording["if"])
    if (tool := tables["sorter"]["warning"]["tool"]) not in context.library.trees:
        found.append(_unknown(sources["sorter"], "tree", ("warning", "tool"), tool, context.library.trees))
    for id, contact in tables["contacts"].items():
        found += _last_checked(sources["contacts"], id, contact.get("last_checked", ""))
    for id, quantity in tables["quantities"].items():
        found += _grades(sources["quantities"], id, quantity["grades"])
        for i, grade in enumerate(quantity["grades"]):
            if grade.get("say"):
                found += _result(context.library, sources["quantities"], (id, "grades", i, "say"), grade["say"])
    return found


def check_safety(context: Context, source: Source, data: Mapping[str, Any]) -> list[Diagnostic]:
    """What is wrong in the safety properties: ids that name nothing, or that two properties share."""
    found = check_cites(context, source, data, ())
    library = context.library
    outcomes = {node.id for tree in library.trees.values() for node in tree.nodes if node.kind == "outcome"}
    routes = library.routes()
    seen: set[str] = set()
    for i, claim in enumerate(data["properties"]):
        if claim["id"] in seen:
            message = f"Another property has the id “{claim['id']}” already."
            found.append(
                source.diagnostic("duplicate-id", ("properties", i, "id"), message, "give each an id of its own.")
            )
        seen.add(claim["id"])
        for key in ("when", "require"):
            if key in claim:
                found += _guard(library, source, ("properties", i, key), claim[key], outcomes, routes)
        found += _named(library, source, ("properties", i), claim)
    return found


def _named(library: Library, source: Source, path: Path, claim: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """Trees, facts and quantities that a property names and that aren't there."""
    pairs = claim.get("pairs", {})
    named: list[tuple[str, Path, str, Iterable[str]]] = [
        *(("tree", ("for", j), id, library.trees) for j, id in enumerate(claim["for"])),
        *(("fact", ("pairs", "facts", j), id, library.facts) for j, id in enumerate(pairs.get("facts", ()))),
        *(
            ("quantity", ("never_lower", j), id, library.quantities)
            for j, id in enumerate(claim.get("never_lower", ()))
        ),
    ]
    if "bears_on" in pairs:
        named.append(("quantity", ("pairs", "bears_on"), pairs["bears_on"], library.quantities))
    for what, at, id, known in named:
        if id not in known:
            yield _unknown(source, what, (*path, *at), id, known)


def check_unused(context: Context, sources: Mapping[str, Source], trees: Mapping[str, Source]) -> list[Diagnostic]:
    """Facts never asked, results never said, parts never called: dead data misleads whoever reads it."""
    nodes = [node for tree in context.library.trees.values() for node in tree.nodes]
    asked = {ask.fact for node in nodes for ask in node.ask}
    said = {r for node in nodes for edge in node.edges for r in edge.says} | {r for node in nodes for r in node.shows}
    said |= {grade.say for q in context.library.quantities.values() for grade in q.grades} | {UNSETTLED}
    found = [
        sources["facts"].diagnostic("unused-fact", (id,), f"No tree asks “{id}”.", "ask it somewhere, or remove it.")
        for id in context.library.facts
        if id not in asked
    ]
    called = {node.call for node in nodes if node.call}
    found += [
        trees[tree.id].diagnostic(
            "unused-tree", ("tool",), f"No tree calls the part “{tree.id}”.", "call it, make it a tool, or remove it."
        )
        for tree in context.library.trees.values()
        if not tree.tool and tree.id not in called
    ]
    return found + [
        sources["results"].diagnostic(
            "unused-result", (id,), f"No tree says “{id}”.", "say it somewhere, or remove it."
        )
        for id in context.library.results
        if id not in said
    ]


def _fact(library: Library, source: Source, path: Path, fact: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """Faults of a fact: answers that stand twice, an order or a default that names none, an unknown quantity."""
    values = [option["value"] for option in fact.get("options", ())]
    pairs = enumerate(fact.get("order", ()))
    named = [((*path, "order", i, j), value) for i, pair in pairs for j, value in enumerate(pair)]
    named += [((*path, "default"), fact["default"])] if fact.get("default") else []
    for at, value in named:
        if value not in values and not (value == "*" and at[-1] == 1 and fact["kind"] == "any_of"):
            told = f"“{value}” is not one of the answers."
            yield source.diagnostic("unknown-value", at, told, did_you_mean(value, values))
    for i, value in enumerate(values):
        if value in values[:i]:
            told = f"Another answer is “{value}” already."
            yield source.diagnostic("duplicate-id", (*path, "options", i, "value"), told, "give each its own.")
    for i, quantity in enumerate(fact.get("bears_on", ())):
        if quantity not in library.quantities:
            yield _unknown(source, "quantity", (*path, "bears_on", i), quantity, library.quantities)


def _last_checked(source: Source, id: str, day: str) -> Iterator[Diagnostic]:
    """The day on which a contact was last called, if it is none."""
    try:
        date.fromisoformat(day or "2026-01-31")
    except ValueError:
        fix = "write year-month-day, as in 2026-01-31, or leave it out if nobody has called it yet."
        yield source.diagnostic("no-day", (id, "last_checked"), f"“{day}” names no day.", fix)


def _grades(source: Source, id: str, grades: Sequence[Mapping[str, Any]]) -> Iterator[Diagnostic]:
    """Grades that do not rise."""
    for i, (before, grade) in enumerate(itertools.pairwise(grades), 1):
        if grade["at"] <= before["at"]:
            message = f"The grades of “{id}” do not rise: {grade['at']} stands after {before['at']}."
            at = (id, "grades", i, "at")
            yield source.diagnostic("grades-out-of-order", at, message, "list them from the lowest up.")


def _unknown(source: Source, what: str, path: Path, id: str, known: Iterable[str]) -> Diagnostic:
    message, fix = f"There is no {what} “{id}”.", did_you_mean(id, list(known))
    return source.diagnostic(f"unknown-{what}", path, message, fix, unwalkable=True)


def _result(library: Library, source: Source, path: Path, id: str) -> Iterator[Diagnostic]:
    if id not in library.results:
        yield _unknown(source, "result", path, id, library.results)


def _repeated_ids(source: Source, data: Mapping[str, Any]) -> Iterator[Diagnostic]:
    seen: set[str] = set()
    for i, node in enumerate(data["nodes"]):
        if node["id"] in seen:
            yield source.diagnostic(
                "duplicate-id",
                ("nodes", i, "id"),
                f"Another node has the id “{node['id']}” already.",
                "give each node an id of its own.",
                unwalkable=True,
            )
        seen.add(node["id"])


def _references(context: Context, source: Source, data: Mapping[str, Any]) -> Iterator[Diagnostic]:
    library, nodes = context.library, [node["id"] for node in data["nodes"]]
    if data["start"] not in nodes:
        yield _unknown(source, "node", ("start",), data["start"], nodes)
    for key in data.get("budget", {}):
        if key != "*" and key not in nodes:
            yield _unknown(source, "node", ("budget", key), key, nodes)
    yield from check_cites(context, source, data, ())
    for i, node in enumerate(data["nodes"]):
        at: Path = ("nodes", i)
        if node["kind"] == "call" and node["call"] not in library.trees:
            yield _unknown(source, "tree", (*at, "call"), node["call"], library.trees)
        if node.get("level") and node["level"] not in library.quantities:
            yield _unknown(source, "quantity", (*at, "level"), node["level"], library.quantities)
        for j, result in enumerate(node.get("shows", ())):
            yield from _result(library, source, (*at, "shows", j), result)
        for j, ask in enumerate(node.get("ask", ())):
            yield from _ask(library, source, (*at, "ask", j), ask)
        for j, edge in enumerate(node.get("next", ())):
            yield from _edge(library, source, (*at, "next", j), edge, nodes)


def _ask(library: Library, source: Source, path: Path, ask: str | Mapping[str, Any]) -> Iterator[Diagnostic]:
    fact = ask if isinstance(ask, str) else ask["fact"]
    if fact not in library.facts:
        yield _unknown(source, "fact", path if isinstance(ask, str) else (*path, "fact"), fact, library.facts)
    if not isinstance(ask, str):
        yield from _guard(library, source, (*path, "if"), ask["if"])


def _edge(
    library: Library, source: Source, path: Path, edge: Mapping[str, Any], nodes: list[str]
) -> Iterator[Diagnostic]:
    if edge["to"] not in nodes:
        yield _unknown(source, "node", (*path, "to"), edge["to"], nodes)
    for j, result in enumerate(edge.get("say", ())):
        yield from _result(library, source, (*path, "say", j), result)
    for quantity, at in edge.get("raise", {}).items():
        yield from _grade(library, source, (*path, "raise", quantity), quantity, at)
    if "if" in edge:
        yield from _guard(library, source, (*path, "if"), edge["if"])


def _grade(library: Library, source: Source, path: Path, quantity: str, at: int) -> Iterator[Diagnostic]:
    if quantity not in library.quantities:
        yield _unknown(source, "quantity", path, quantity, library.quantities)
    elif at not in (grades := [grade.at for grade in library.quantities[quantity].grades]):
        yield source.diagnostic(
            "level-out-of-range",
            path,
            f"“{quantity}” has no grade {at}.",
            f"use one of: {', '.join(map(str, grades))}.",
            unwalkable=True,
        )


def _guard(
    library: Library,
    source: Source,
    path: Path,
    guard: Mapping[str, Any],
    outcomes: Iterable[str] = (),
    routes: Iterable[str] = (),
) -> Iterator[Diagnostic]:
    """Faults of a guard, or of a property's predicate where outcomes and routes are given."""
    ((word, body),) = guard.items()
    here = (*path, word)
    if word in COMBINING:
        parts = [body] if word == "not" else body
        for i, part in enumerate(parts):
            yield from _guard(library, source, here if word == "not" else (*here, i), part, outcomes, routes)
    elif word in ("floor", "exactly"):
        for quantity, at in body.items():
            yield from _grade(library, source, (*here, quantity), quantity, at)
    elif word == "asked":
        if body not in library.facts:
            yield _unknown(source, "fact", here, body, library.facts)
    elif word in ("said", "ends", "route"):
        known = {"said": list(library.results), "ends": list(outcomes), "route": list(routes)}[word]
        what = {"said": "result", "ends": "outcome", "route": "route"}[word]
        for i, id in enumerate(body):
            if id not in known:
                yield _unknown(source, what, (*here, i), id, known)
    elif word not in library.facts:
        yield _unknown(source, "fact", here, word, library.facts)
    else:
        yield from _atom(library.facts[word], source, here, body)


def _atom(fact: Fact, source: Source, path: Path, body: Any) -> Iterator[Diagnostic]:
    if fact.kind == "text":
        yield source.diagnostic(
            "text-in-guard",
            path,
            f"“{fact.id}” is written in free words, and a guard cannot read those.",
            "ask a question with options for what this edge needs.",
            unwalkable=True,
        )
        return
    if isinstance(body, Mapping) and fact.kind != "any_of":
        yield source.diagnostic(
            "wrong-atom",
            path,
            f"“{fact.id}” takes one answer, so “any” and “all” cannot be asked of it.",
            'write the values as a list: {"fact": ["value"]}.',
            unwalkable=True,
        )
        return
    values = next(iter(body.values())) if isinstance(body, Mapping) else body
    at = (*path, next(iter(body))) if isinstance(body, Mapping) else path
    for i, value in enumerate(values):
        if value not in fact.values:
            yield source.diagnostic(
                "unknown-value",
                (*at, i),
                f"“{value}” is not an answer to “{fact.id}”.",
                did_you_mean(value, fact.values),
                unwalkable=True,
            )
        elif fact.kind == "any_of" and (value in fact.exclusive) == isinstance(body, Mapping):
            shape = (
                f'{{"{fact.id}": ["{value}"]}}'
                if value in fact.exclusive
                else f'{{"{fact.id}": {{"any": ["{value}"]}}}}'
            )
            yield source.diagnostic(
                "wrong-atom",
                (*at, i),
                f"“{value}” of the checklist “{fact.id}” cannot be read like this.",
                f"write {shape}.",
                unwalkable=True,
            )


def check_cites(context: Context, source: Source, data: Any, path: Path) -> list[Diagnostic]:
    """Unknown clauses and open questions, wherever `cites` and `basis` stand."""
    found: list[Diagnostic] = []
    if isinstance(data, Mapping):
        for key, value in data.items():
            if key == "cites":
                for i, id in enumerate(value):
                    found += _cite(context, source, (*path, key, i), id)
            elif key == "basis" and isinstance(value, str) and not context.basis_exists(value):
                fix = f"use a basis that docs/{OPEN_QUESTIONS} explains, or add it there."
                found.append(
                    source.diagnostic(
                        "unknown-question",
                        (*path, key),
                        f"No open question or design choice stands behind “{value}”.",
                        fix,
                    )
                )
            else:
                found += check_cites(context, source, value, (*path, key))
    elif isinstance(data, list):
        for i, value in enumerate(data):
            found += check_cites(context, source, value, (*path, i))
    return found


def _cite(context: Context, source: Source, path: Path, id: str) -> Iterator[Diagnostic]:
    if id not in context.source_ids:
        yield source.diagnostic(
            "unknown-clause", path, f"No clause has the id “{id}”.", fix_of_unknown(id, context.source_ids)
        )
    elif id not in context.register.carried:
        yield source.diagnostic(
            "missing-clause",
            path,
            f"No page carries the clause “{id}”.",
            "add the clause to a page in docs/procedure, or cite one that is published.",
        )


def _unreachable(source: Source, data: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """Nodes that no chain of edges leads to."""
    after = {node["id"]: [edge["to"] for edge in node.get("next", ())] for node in data["nodes"]}
    reached, waiting = set(), [data["start"]]
    while waiting:
        id = waiting.pop()
        if id in after and id not in reached:
            reached.add(id)
            waiting += after[id]
    for i, node in enumerate(data["nodes"]):
        if node["id"] not in reached:
            yield source.diagnostic(
                "unreachable", ("nodes", i), f"Nothing leads to “{node['id']}”.", "lead an edge to it, or remove it."
            )


def _mixed_domains(library: Library, source: Source, data: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """Signs of harm never share a screen with risk or protective factors (s4-12, s4-13)."""
    for i, node in enumerate(data["nodes"]):
        names = [ask if isinstance(ask, str) else ask["fact"] for ask in node.get("ask", ())]
        domains = {library.facts[name].domain for name in names if name in library.facts}
        if domains & HARM_APART[0] and domains & HARM_APART[1]:
            yield source.diagnostic(
                "mixed-domains",
                ("nodes", i, "ask"),
                "This screen mixes signs of harm with risk or protective factors, which section 4 keeps apart.",
                "ask them on screens of their own.",
            )
