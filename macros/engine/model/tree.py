"""A tree ready to be walked: the trees it calls are set in place, and its steps stand in topological order.

A call returns nothing: what it leaves are facts, floors and results. So a called tree's outcomes simply go on
with the edges of the node that called it, and one acyclic graph of steps remains.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from .guards import Leaf, leaves
from .library import Ask, Edge, Library, Node


@dataclass(frozen=True)
class Move:
    """A way from one step to another. Entering a called tree is a move without an edge: it decides nothing."""

    to: str
    edge: Edge | None = None

    @property
    def leaves(self) -> Iterator[Leaf]:
        return leaves(self.edge.guard if self.edge else None)


@dataclass(frozen=True)
class Step:
    """A node in its place. `key` is the node's id behind those of the nodes that called its tree, dotted."""

    key: str
    tree: str
    node: Node
    moves: tuple[Move, ...]

    @property
    def asks(self) -> tuple[Ask, ...]:
        return self.node.ask

    @property
    def is_end(self) -> bool:
        return not self.moves


@dataclass(frozen=True, eq=False)
class Tree:
    """A tree with its calls in place; `steps` maps keys to steps in topological order. It equals no other tree."""

    id: str
    library: Library
    start: str
    steps: Mapping[str, Step]

    @cached_property
    def position(self) -> Mapping[str, int]:
        return {key: i for i, key in enumerate(self.steps)}

    @property
    def title(self) -> str:
        return self.library.trees[self.id].title

    @property
    def ends(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps.values() if step.is_end)

    def facts(self) -> tuple[str, ...]:
        """Every fact that some path asks, in the order of the steps."""
        return tuple(dict.fromkeys(ask.fact for step in self.steps.values() for ask in step.asks))


class CycleFound(ValueError):
    """Steps that lead back to themselves, or trees that call each other (`of_calls`); `path` names them."""

    def __init__(self, path: tuple[str, ...], of_calls: bool = False) -> None:
        super().__init__(" > ".join(path))
        self.path, self.of_calls = path, of_calls


def inline(library: Library, id: str) -> Tree:
    """The tree `id` with every call set in place.

    Raises CycleFound if trees call each other in a circle or nodes lead back to themselves, KeyError if an edge
    or a call names something that isn't there (the authoring layer reports both with their place).
    """
    steps: dict[str, Step] = {}
    start = _place(library, id, "", (), (), steps)
    graph = {key: [move.to for move in step.moves] for key, step in steps.items()}
    try:
        order = tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise CycleFound(tuple(reversed(error.args[1]))) from None
    return Tree(id, library, start, {key: steps[key] for key in reversed(order)})


def _place(
    library: Library, id: str, prefix: str, back: tuple[Move, ...], calling: tuple[str, ...], steps: dict[str, Step]
) -> str:
    """Put the nodes of tree `id` among `steps`; its outcomes go on with the moves `back`. Returns its start's key."""
    if id in calling:
        raise CycleFound((*calling, id), of_calls=True)
    data = library.trees[id]
    for node in data.nodes:
        key = prefix + node.id
        moves = tuple(Move(prefix + edge.to, edge) for edge in node.edges)
        if node.kind == "call":
            moves = (Move(_place(library, node.call, f"{key}.", moves, (*calling, id), steps)),)
        elif node.kind == "outcome":
            moves = back
        steps[key] = Step(key, id, node, moves)
    return prefix + data.start
