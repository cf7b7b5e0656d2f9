"""Uses: where each clause is cited, and what every place that cites says beside which clauses.

Knows the library; refuses to know what was confirmed (lock.py) and how a clause is published.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from macros.authoring.sources.diagnostics import Diagnostic, Source
from macros.authoring.sources.places import reached
from macros.engine.html.tree_text import node_id
from macros.engine.model.library import Fact, Library, Result, TreeData


@dataclass(frozen=True)
class Use:
    """A place that cites a clause: a node of a tree, or a fact or a result that a tree asks or says."""

    tree: str
    node: str
    what: str


def uses_of(library: Library) -> dict[str, list[Use]]:
    """For each source id, every place in the trees that cites it, in the order of the trees."""
    uses: dict[str, list[Use]] = {}
    for tree in library.trees.values():
        for id, use in _uses_in(library, tree):
            if use not in uses.setdefault(id, []):
                uses[id].append(use)
    return uses


def _uses_in(library: Library, tree: TreeData) -> Iterator[tuple[str, Use]]:
    for node in tree.nodes:
        results = [*node.shows, *(r for edge in node.edges for r in edge.says)]
        cited = [*node.cites, *(id for edge in node.edges for id in edge.cites)]
        cited += [id for ask in node.ask for id in library.facts[ask.fact].cites]
        cited += [id for name in results for id in library.results[name].cites]
        for id in dict.fromkeys(cited):
            yield id, Use(tree.id, node.id, node_name(library, node))


@dataclass(frozen=True)
class Passage:
    """Words of a place that cites, and the clauses that they rest on."""

    words: tuple[str, ...]
    cites: tuple[str, ...]


Passages = tuple[Passage, ...]


def passages_of(library: Library) -> dict[str, Passages]:
    """What each place of the trees says and which clauses it cites for it.

    A place is named `tree/node`, `facts/id`, `results/id`, or `sorter/id` of what the sorter says: the name that
    `make confirm` takes. A node that cites nothing is no such place.
    """
    found: dict[str, Passages] = {f"facts/{f.id}": (Passage(_asks(f), f.cites),) for f in library.facts.values()}
    found |= {f"results/{r.id}": (Passage(_tells(r), r.cites),) for r in library.results.values()}
    if library.sorter:
        places, parts = library.sorter["places"], library.sorter["warning"]["parts"]
        found |= {f"sorter/{p['id']}": (Passage((p["name"], p["reason"]), tuple(p["cites"])),) for p in places}
        found["sorter/warning"] = tuple(Passage((part["text"],), tuple(part["cites"])) for part in parts)
    for tree in library.trees.values():
        for node in tree.nodes:
            own = [Passage((node.title or node.heading,), node.cites)] if node.cites else []
            passages = (*own, *(Passage((edge.because,), edge.cites) for edge in node.edges))
            if any(passage.cites for passage in passages):
                found[f"{tree.id}/{node.id}"] = passages
    return found


def _asks(fact: Fact) -> tuple[str, ...]:
    """All that a reader of a question meets: its words, its options and their hints."""
    return (fact.text, fact.hint, fact.why, *(words for o in fact.options for words in (o.text, o.hint)))


def _tells(result: Result) -> tuple[str, ...]:
    """All that a result tells: what to do, who, when, with note, points, wordings and words for the late."""
    wordings = (own.action for own in (*result.wordings, *result.late))
    return (result.action, result.actor, result.timescale, result.note, *result.points, *wordings)


def node_name(library: Library, node: Any) -> str:
    """What a reader calls a node: its title or heading, or its first question."""
    if node.title or node.heading:
        return str(node.title or node.heading)
    if node.ask:
        return library.facts[node.ask[0].fact].text
    return library.trees[node.call].title if node.call else str(node.id)


def tools_using(library: Library, uses: list[Use]) -> list[str]:
    """The tools in which any of these places can be met, their parts included."""
    trees = {use.tree for use in uses}
    return [id for id, tree in library.trees.items() if tree.tool and trees & with_parts(library, id)]


def places_of(library: Library, uses: Mapping[str, list[Use]], ids: Iterable[str]) -> list[tuple[str, str]]:
    """The tools that use any of these clauses, each with the address of the first place in its text that does.

    Addresses are below the site's root; a place in a part that a tool calls is one in the tool.
    """
    places = [use for id in ids for use in uses.get(id, [])]
    first = {tool: next(use for use in places if tool in tools_using(library, [use]))
             for tool in tools_using(library, places)}  # fmt: skip
    return [(tool, f"tools/{tool}/#{node_id(tool, use.tree, use.node)}") for tool, use in first.items()]


def with_parts(library: Library, id: str) -> set[str]:
    """A tree and all that it calls."""
    trees = library.trees
    return {*reached(id, lambda one: [node.call for node in trees[one].nodes if node.call in trees])}


DECIDING = ("rule", "duty", "figure")
"""The kinds of clause that a tool marked for them must cite (property 16)."""


def check_cited(
    library: Library, source_clauses: Mapping[str, Mapping[str, Any]], waivers: Mapping[str, Any], source: Source
) -> list[Diagnostic]:
    """Rules, duties and figures marked for a tool that the tool neither cites nor waives with a reason."""
    uses, waived = uses_of(library), waivers["not_cited"]
    found: list[Diagnostic] = []
    for id, clause in source_clauses.items():
        cited = tools_using(library, uses.get(id, []))
        for tool in clause["tools"] or ():
            marked = tool in library.trees and library.trees[tool].tool and clause["kind"] in DECIDING
            if marked and tool not in cited and id not in waived.get(tool, {}):
                fix = f"cite “{id}” where the tool rests on it, or waive it with a reason here."
                told = f"The tool “{tool}” does not cite “{id}” ({clause['title']})."
                found.append(source.diagnostic("uncited-clause", ("not_cited",), told, fix))
            elif id in waived.get(tool, {}) and (tool in cited or not marked):
                at, told = ("not_cited", tool, id), f"“{id}” is waived for “{tool}”, which cites it or need not."
                found.append(source.diagnostic("needless-waiver", at, told, "take the waiver out."))
    return found
