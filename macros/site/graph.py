"""A tree as a graph to be drawn: what stands in each box, and which answers lead from one to the next.

Knows trees and words; refuses to know how boxes are laid out or drawn. A step that neither asks nor decides (a call,
the end of a part) is no box: the arrow that leads to it goes on to where it leads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from macros.engine import Tree
from macros.engine.guards import All, Any, Asked, Ends, Floor, Guard, HasAll, HasAny, Is, Not, Said
from macros.engine.library import Edge, Fact, Library
from macros.engine.text import node_title
from macros.engine.tree import Move, Step
from macros.engine.view import View

LONGEST_LINE = 44
LONGEST_GUARD = 90


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
            guard = short(tree.library, step, move.edge)
            yield f"{guard}: {', '.join(brought)}" if guard else ", ".join(brought)


def _raised(library: Library, quantity: str, at: int) -> str:
    if quantity == "police":
        return "police" if at > 1 else "police unless ruled out"
    if quantity == "level":
        return "level 4" if at == 4 else f"at least level {at}"
    return "definition met" if at > 1 else "definition open"


def short(library: Library, step: Step, edge: Edge) -> str:
    """The answers that take an edge, in as few words as can be read."""
    facts = {ask.fact for ask in step.asks}
    alone = next(iter(facts)) if len(facts) == 1 else ""
    words = _short(library, edge.guard, alone)
    return words if len(words) <= LONGEST_GUARD else words[: LONGEST_GUARD - 1].rstrip(" ,/+") + "…"


def _short(library: Library, guard: Guard | None, alone: str) -> str:
    match guard:
        case None:
            return ""
        case All(parts):  # what is excluded only keeps two edges apart; the text version says it
            kept = [part for part in parts if not isinstance(part, Not) or isinstance(part.part, Floor)]
            return " + ".join(filter(None, (_short(library, part, alone) for part in kept)))
        case Any(parts):
            return " or ".join(filter(None, (_short(library, part, alone) for part in parts)))
        case Not(Floor(quantity, at_least)):
            return f"below level {at_least}" if quantity == "level" else f"no {_height(quantity, at_least)}"
        case Not(All() | Any()):
            return "otherwise"  # short for what the text version says in full
        case Not(part):
            return f"not ({_short(library, part, alone)})"
        case Floor(quantity, at_least):
            return _height(quantity, at_least)
        case Is(fact, values) | HasAny(fact, values) | HasAll(fact, values):
            return _values(library.facts[fact], values, alone == fact)
        case Asked(fact):
            return f"{_name(fact)} asked"
        case Said() | Ends():
            return ""


def _values(fact: Fact, values: tuple[str, ...], alone: bool) -> str:
    left = [value for value in fact.values if value not in values]
    if len(left) == 1 and len(values) > 2 and fact.kind == "one_of":
        labels = f"any but {_label(fact, left[0])}"
    else:
        labels = " / ".join(_label(fact, value) for value in values)
    return labels if alone else f"{_name(fact.id)}: {labels}"


def _label(fact: Fact, value: str) -> str:
    """An answer in a few words: the whole of a short option, else what its value says."""
    if value == "not_known":
        return "not known"
    label = fact.label(value)
    return label.lower() if len(label) <= 18 else _name(value)


def _name(id: str) -> str:
    return id.replace("_", " ")


def _height(quantity: str, at_least: int) -> str:
    if quantity == "level":
        return f"level {at_least}"
    if quantity == "police":
        return "call for the police"
    return "definition met" if at_least > 1 else "definition met or open"


def wrapped(text: str, width: int = LONGEST_LINE) -> list[str]:
    """A text in lines."""
    from textwrap import wrap

    return wrap(text, width, break_long_words=False) or [""]


KINDS: Mapping[str, str] = {"ask": "A question", "decide": "A step that asks nothing", "end": "A result"}
