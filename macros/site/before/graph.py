"""A tool as graphs to be drawn: what stands in each box, and which answers lead from one box to the next.

A tool has one graph for its own nodes and one for each part that it calls. Parts are shared, so a call is a box that
names its part and is not drawn out. A node that neither asks, calls nor branches is left out, and arrows to it go on
to where it leads. Knows trees and their words; refuses to know how boxes are laid out or drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from macros.engine.html.tree_text import node_title, trees_called
from macros.engine.html.view import View
from macros.engine.model.guards import AllOf, Floor, Guard, HasAll, HasAny, Is, Not, leaves
from macros.engine.model.library import Edge, Library, Node, TreeData
from macros.engine.model.tree import Tree

LONGEST_GUARD = 70
BACK = "Back to where this part was called"
KINDS: Mapping[str, str] = {
    "ask": "A question",
    "decide": "A step that asks nothing",
    "part": "A part with a chart of its own, below",
    "end": "A result",
    "back": "The end of a part",
}


@dataclass(frozen=True)
class Box:
    """A node that is drawn.

    `node` is its id and `kind` a key of KINDS. `effects` says what its answers raise, a line each. `steps` are the keys
    of the node's places in the tool: several if its part is called from several nodes. `calls` is the part that a box
    of kind "part" stands for.
    """

    node: str
    kind: str
    title: str
    effects: tuple[str, ...]
    steps: tuple[str, ...]
    calls: str = ""


@dataclass(frozen=True)
class Arrow:
    """An arrow between two boxes, named by their nodes: the answers that lead along it, and the edges of the tree that
    it stands for.
    """

    start: str
    end: str
    labels: tuple[str, ...]
    edges: tuple[str, ...]


@dataclass(frozen=True)
class Graph:
    """One part of a tool: its boxes in the order of its nodes, and at most one arrow from any box to any other."""

    part: str
    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def graphs_of(tree: Tree) -> tuple[Graph, ...]:
    """The graphs of a tool: its own first, then one for each part that it calls, in the order of the text version."""
    own = tree.library.trees[tree.id]
    return tuple(_graph(tree, data) for data in (own, *trees_called(View(tree, ""), own)))


def _graph(tree: Tree, data: TreeData) -> Graph:
    drawn = [node for node in data.nodes if node.ask or node.call or len(node.edges) != 1]
    arrows: dict[tuple[str, str], Arrow] = {}
    for node in drawn:
        forks = len({_target(data, edge, drawn)[0] for edge in node.edges}) > 1
        for edge in node.edges:
            end, edges = _target(data, edge, drawn)
            label = short(tree.library, node, edge) if forks else ""
            old = arrows.get((node.id, end), Arrow(node.id, end, (), ()))
            labels = (*old.labels, label) if label and label not in old.labels else old.labels
            arrows[node.id, end] = Arrow(node.id, end, labels, (*old.edges, *(e for e in edges if e not in old.edges)))
    return Graph(data.id, data.title, tuple(_box(tree, data, node) for node in drawn), tuple(arrows.values()))


def _target(data: TreeData, edge: Edge, drawn: list[Node]) -> tuple[str, tuple[str, ...]]:
    """The drawn node that an edge leads to in the end, and the names of the edges passed, itself among them."""
    edges = [edge.name]
    node = data.node(edge.to)
    while node not in drawn:
        (edge,) = node.edges
        edges.append(edge.name)
        node = data.node(edge.to)
    return node.id, tuple(edges)


def _box(tree: Tree, data: TreeData, node: Node) -> Box:
    end = "end" if data.id == tree.id else "back"
    kind = "part" if node.call else "ask" if node.ask else "decide" if node.edges else end
    steps = tuple(key for key, step in tree.steps.items() if (step.tree, step.node.id) == (data.id, node.id))
    title = BACK if kind == "back" else node_title(View(tree, ""), node)
    return Box(node.id, kind, title, tuple(_effects(tree, node)), steps, node.call)


def _effects(tree: Tree, node: Node) -> Iterator[str]:
    """What the answers at a node raise: a line for each edge that raises anything."""
    for edge in node.edges:
        if edge.raises:
            grades = [tree.library.quantities[quantity].grade(at) for quantity, at in edge.raises]
            brought = ", ".join(grade.short or grade.name for grade in grades)
            yield f"{short(tree.library, node, edge).rstrip('.')}: {brought}"


def short(library: Library, node: Node, edge: Edge) -> str:
    """When an edge is taken: its guard in few words if that can be said, else the tree's own reason for it.

    Nothing is cut off or left out: a condition half said would be a wrong one.
    """
    if edge.guard is None:
        return edge.because
    read = {leaf.fact for other in node.edges for leaf in leaves(other.guard) if isinstance(leaf, Is | HasAny | HasAll)}
    words = _short(library, edge.guard, next(iter(read)) if len(read) == 1 else "")
    return words if words and len(words) <= LONGEST_GUARD else edge.because


def _short(library: Library, guard: Guard, alone: str) -> str | None:
    """A guard in few words: levels, and answers to the fact `alone`. None for any other, which takes more words."""
    match guard:
        case AllOf((Floor("level", at_least), Not(Floor("level", above)))) if above == at_least + 1:
            return f"level {at_least}"
        case AllOf(parts):
            words = [_short(library, part, alone) for part in parts]
            levels = all(isinstance(part, Floor | Not) for part in parts)
            return " and ".join(filter(None, words)) if levels and None not in words else None
        case Not(Floor("level", at_least)):
            return f"below level {at_least}"
        case Floor("level", at_least):
            highest = library.quantities["level"].grades[-1].at
            return f"level {at_least} stands" if at_least == highest else f"level {at_least} or higher"
        case Is(fact, values) | HasAny(fact, values) if fact == alone:
            return " or ".join(library.facts[fact].label(value) for value in values)
        case _:
            return None
