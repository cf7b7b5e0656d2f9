"""A tool as graphs to be drawn: what stands in each box, and which answers lead from one to the next.

There is a graph for the tool and one for each part that it calls, for the parts are many and are shared; a call is a
box that names its part. Knows trees and words; refuses to know how boxes are laid out or drawn. A node that neither
asks nor decides is no box: the arrow that leads to it goes on to where it leads.
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
    """A node that is drawn: its id, its kind (a key of KINDS), its title, what its answers bring, and its steps.

    `steps` are the keys of the node's places in the tool: several where the part it stands in is called from several.
    `calls` is the part that a box of kind "part" stands for.
    """

    node: str
    kind: str
    title: str
    effects: tuple[str, ...]
    steps: tuple[str, ...]
    calls: str = ""


@dataclass(frozen=True)
class Arrow:
    """A way from one box to another: the answers that take it, and the edges of the tree that it stands for."""

    start: str
    end: str
    labels: tuple[str, ...]
    edges: tuple[str, ...]


@dataclass(frozen=True)
class Graph:
    """One part of a tool: its boxes, in the order of its nodes, and the arrows between them, by the ids of nodes."""

    part: str
    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def graphs_of(tree: Tree) -> tuple[Graph, ...]:
    """The graphs of a tool: its own, and one for each part that it calls, as in the text version."""
    own = tree.library.trees[tree.id]
    return tuple(_graph(tree, data) for data in (own, *trees_called(View(tree, ""), own)))


def _graph(tree: Tree, data: TreeData) -> Graph:
    drawn = [node for node in data.nodes if node.ask or node.call or len(node.edges) != 1]
    arrows: dict[tuple[str, str], Arrow] = {}
    for node in drawn:
        routes = len({_target(data, edge, drawn)[0] for edge in node.edges}) > 1
        for edge in node.edges:
            end, edges = _target(data, edge, drawn)
            label = short(tree.library, node, edge) if routes else ""
            old = arrows.get((node.id, end), Arrow(node.id, end, (), ()))
            labels = (*old.labels, label) if label and label not in old.labels else old.labels
            arrows[node.id, end] = Arrow(node.id, end, labels, (*old.edges, *(e for e in edges if e not in old.edges)))
    return Graph(data.id, data.title, tuple(_box(tree, data, node) for node in drawn), tuple(arrows.values()))


def _target(data: TreeData, edge: Edge, drawn: list[Node]) -> tuple[str, tuple[str, ...]]:
    """The node that an edge leads to in the end, and the names of the edges on the way."""
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
    """What the answers at a node bring, a line for each edge that raises the level, the police or the definition."""
    for edge in node.edges:
        if edge.raises:
            brought = [_raised(tree.library, quantity, at) for quantity, at in edge.raises]
            yield f"{short(tree.library, node, edge).rstrip('.')}: {', '.join(brought)}"


def _raised(library: Library, quantity: str, at: int) -> str:
    grade = library.quantities[quantity].grade(at)
    return grade.short or grade.name


def short(library: Library, node: Node, edge: Edge) -> str:
    """When an edge is taken: the answers, where they are few and say it all; else the words that give the reason.

    Nothing is cut off or left out: a condition half said would be a wrong one.
    """
    if edge.guard is None:
        return edge.because
    read = {leaf.fact for other in node.edges for leaf in leaves(other.guard) if isinstance(leaf, Is | HasAny | HasAll)}
    words = _short(library, edge.guard, next(iter(read)) if len(read) == 1 else "")
    return words if words and len(words) <= LONGEST_GUARD else edge.because


def _short(library: Library, guard: Guard, alone: str) -> str | None:
    """A guard in few words, or None where it takes more: answers to the one question at hand, and levels."""
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
            return f"level {at_least} or higher" if at_least < 4 else "level 4 stands"
        case Is(fact, values) | HasAny(fact, values) if fact == alone:
            return " or ".join(library.facts[fact].label(value) for value in values)
        case _:
            return None
