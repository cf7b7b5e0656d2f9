"""A tree as a graph to be drawn: what stands in each box, and which answers lead from one to the next.

Knows trees and words; refuses to know how boxes are laid out or drawn. A step that neither asks nor decides (a call,
the end of a part) is no box: the arrow that leads to it goes on to where it leads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from macros.engine import Tree
from macros.engine.guards import All, Floor, Guard, HasAll, HasAny, Is, Not
from macros.engine.library import Edge, Library
from macros.engine.text import node_title
from macros.engine.tree import Move, Step
from macros.engine.view import View

LONGEST_LINE = 44
LONGEST_GUARD = 70


@dataclass(frozen=True)
class Box:
    """A step that is drawn: its key, its kind (ask, decide or end), its title, and what its answers bring."""

    key: str
    kind: str
    tree: str
    node: str
    title: str
    effects: tuple[str, ...]


@dataclass(frozen=True)
class Arrow:
    """A way from one box to another: the answers that take it, and the edges of the tree that it stands for."""

    start: str
    end: str
    labels: tuple[str, ...]
    edges: tuple[str, ...]


@dataclass(frozen=True)
class Graph:
    """All boxes of a tool, in the order of its steps, and the arrows between them."""

    tree: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def graph_of(tree: Tree) -> Graph:
    """The graph of a tool, the parts that it calls set in place."""
    drawn = {key for key, step in tree.steps.items() if is_drawn(step)}
    boxes = tuple(_box(tree, step) for key, step in tree.steps.items() if key in drawn)
    arrows: dict[tuple[str, str], Arrow] = {}
    for key in (key for key in tree.steps if key in drawn):
        step = tree.steps[key]
        routes = len({_target(tree, move, drawn)[0] for move in step.moves}) > 1
        for move in step.moves:
            end, edges = _target(tree, move, drawn)
            label = short(tree.library, step, move.edge) if routes and move.edge else ""
            old = arrows.get((key, end), Arrow(key, end, (), ()))
            labels = (*old.labels, label) if label and label not in old.labels else old.labels
            arrows[key, end] = Arrow(key, end, labels, (*old.edges, *(e for e in edges if e not in old.edges)))
    return Graph(tree.id, boxes, tuple(arrows.values()))


def is_drawn(step: Step) -> bool:
    """Whether a step asks, decides or ends, and so has a box of its own."""
    return bool(step.asks) or step.is_end or len(step.moves) > 1


def _target(tree: Tree, move: Move, drawn: set[str]) -> tuple[str, tuple[str, ...]]:
    """The box that a move leads to in the end, and the edges on the way."""
    edges = [move.edge.name] if move.edge else []
    key = move.to
    while key not in drawn:
        (move,) = tree.steps[key].moves
        edges += [move.edge.name] if move.edge else []
        key = move.to
    return key, tuple(edges)


def _box(tree: Tree, step: Step) -> Box:
    view = View(tree, "")
    kind = "end" if step.is_end else "ask" if step.asks else "decide"
    return Box(step.key, kind, step.tree, step.node.id, node_title(view, step.node), tuple(_effects(tree, step)))


def _effects(tree: Tree, step: Step) -> Iterator[str]:
    """What the answers at a step bring, a line for each edge that raises the level, the police or the definition."""
    for move in step.moves:
        if move.edge and move.edge.raises:
            brought = [_raised(tree.library, quantity, at) for quantity, at in move.edge.raises]
            yield f"{short(tree.library, step, move.edge).rstrip('.')}: {', '.join(brought)}"


def _raised(library: Library, quantity: str, at: int) -> str:
    grade = library.quantities[quantity].grade(at)
    return grade.short or grade.name


def short(library: Library, step: Step, edge: Edge) -> str:
    """When an edge is taken: the answers, where they are few and say it all; else the words that give the reason.

    Nothing is cut off or left out: a condition half said would be a wrong one.
    """
    if edge.guard is None:
        return edge.because
    read = {leaf.fact for move in step.moves for leaf in move.leaves if isinstance(leaf, Is | HasAny | HasAll)}
    words = _short(library, edge.guard, next(iter(read)) if len(read) == 1 else "")
    return words if words and len(words) <= LONGEST_GUARD else edge.because


def _short(library: Library, guard: Guard, alone: str) -> str | None:
    """A guard in few words, or None where it takes more: answers to the one question at hand, and levels."""
    match guard:
        case All(parts):
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


def wrapped(text: str, width: int = LONGEST_LINE) -> list[str]:
    """A text in lines."""
    from textwrap import wrap

    return wrap(text, width, break_long_words=False) or [""]


KINDS: Mapping[str, str] = {"ask": "A question", "decide": "A step that asks nothing", "end": "A result"}
