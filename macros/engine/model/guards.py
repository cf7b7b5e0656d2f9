"""Guards: the finite questions an edge may put to the facts of a journey.

A guard is a small tree of *atoms* (what one answer is) joined by all, any and not, or a *floor*
("the level is at least 3 by now"). There are no counts, no strings to parse and no "otherwise".

An atom about a fact that has not been asked is neither true nor false. Evaluation therefore knows three
values (Kleene's strong logic): `None` means "reads a fact that was never asked", which the authoring layer
reports as a defect. Safety properties use the same grammar, with a few atoms about the end of a journey.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Value = str | tuple[str, ...]
"""An answer: one value for radios and text, a tuple of values for a checklist."""


@dataclass(frozen=True)
class Is:
    """The answer is one of these single values (for a checklist: exactly that exclusive value)."""

    fact: str
    values: tuple[str, ...]

    def holds(self, value: Value) -> bool:
        return (value if isinstance(value, str) else value[0] if len(value) == 1 else "") in self.values


@dataclass(frozen=True)
class HasAny:
    """The checklist answer has at least one of these values."""

    fact: str
    values: tuple[str, ...]

    def holds(self, value: Value) -> bool:
        return any(v in value for v in self.values)


@dataclass(frozen=True)
class HasAll:
    """The checklist answer has every one of these values."""

    fact: str
    values: tuple[str, ...]

    def holds(self, value: Value) -> bool:
        return all(v in value for v in self.values)


@dataclass(frozen=True)
class Floor:
    """The floor of a quantity stands at this value or higher."""

    quantity: str
    at_least: int


@dataclass(frozen=True)
class Asked:
    """This fact was asked on the journey (properties only)."""

    fact: str


@dataclass(frozen=True)
class Said:
    """At least one of these results was said on the journey (properties only)."""

    results: tuple[str, ...]


@dataclass(frozen=True)
class Ends:
    """The journey ends at one of these outcomes (properties only)."""

    outcomes: tuple[str, ...]


@dataclass(frozen=True)
class AllOf:
    """Every part holds."""

    parts: tuple[Guard, ...]


@dataclass(frozen=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Guard, ...]


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    part: Guard


Atom = Is | HasAny | HasAll
Leaf = Atom | Floor | Asked | Said | Ends
Guard = Leaf | AllOf | AnyOf | Not

COMBINING = ("all", "any", "not")
RESERVED = frozenset({*COMBINING, "floor", "exactly", "asked", "said", "ends", "route"})
"""Words that a guard may start with; no fact may have one of them as its id."""


def read_guard(data: Mapping[str, Any], routes: Mapping[str, tuple[str, ...]] | None = None) -> Guard:
    """The guard that valid guard data describes.

    Takes one JSON object as the schema allows it; `routes` maps a route to the results that name it, for
    properties. Raises KeyError or ValueError only where the data does not follow the schema.
    """
    ((word, body),) = data.items()
    if word in ("all", "any"):
        parts = tuple(read_guard(part, routes) for part in body)
        return AllOf(parts) if word == "all" else AnyOf(parts)
    if word == "not":
        return Not(read_guard(body, routes))
    if word in ("floor", "exactly"):
        ((quantity, value),) = body.items()
        at_least = Floor(quantity, value)
        return at_least if word == "floor" else AllOf((at_least, Not(Floor(quantity, value + 1))))
    if word == "asked":
        return Asked(str(body))
    if word in ("said", "ends"):
        return (Said if word == "said" else Ends)(tuple(body))
    if word == "route":
        return Said(tuple(r for route in body for r in (routes or {}).get(route, ())))
    if isinstance(body, Mapping):
        ((how, values),) = body.items()
        return (HasAny if how == "any" else HasAll)(word, tuple(values))
    return Is(word, tuple(body))


def leaves(guard: Guard | None) -> Iterator[Leaf]:
    """Every atom, floor and end atom of a guard, in reading order."""
    match guard:
        case None:
            return
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield guard


def evaluate(guard: Guard | None, look: Callable[[Leaf], bool | None]) -> bool | None:
    """Whether the guard holds; None if that hangs on a fact that was never asked.

    `look` says whether a leaf holds, or None for a fact not asked. No guard at all always holds.
    """
    left = True if guard is None else reduce(guard, look)
    return left if isinstance(left, bool) else None


def truth(leaf: Leaf, answers: Mapping[str, Value], floors: Mapping[str, int]) -> bool | None:
    """Whether a leaf holds of these answers and floors; None of what was not answered, and of the end of a journey."""
    if isinstance(leaf, Floor):
        return floors.get(leaf.quantity, 0) >= leaf.at_least
    if isinstance(leaf, Is | HasAny | HasAll) and leaf.fact in answers:
        return leaf.holds(answers[leaf.fact])
    return None


def holds(guard: Guard | None, answers: Mapping[str, Value], floors: Mapping[str, int]) -> bool:
    """Whether a guard of answers and floors holds where what was not answered holds nothing."""
    return bool(evaluate(guard, lambda leaf: bool(truth(leaf, answers, floors))))


def reduce(guard: Guard | bool, look: Callable[[Leaf], bool | None]) -> Guard | bool:
    """What is left of a guard once the leaves that `look` can decide are decided; None leaves one open."""
    match guard:
        case bool():
            return guard
        case AllOf(parts):
            return _rest(parts, look, decisive=False)
        case AnyOf(parts):
            return _rest(parts, look, decisive=True)
        case Not(part):
            inner = reduce(part, look)
            return not inner if isinstance(inner, bool) else Not(inner)
        case _:
            truth = look(guard)
            return guard if truth is None else truth


def _rest(parts: tuple[Guard, ...], look: Callable[[Leaf], bool | None], decisive: bool) -> Guard | bool:
    left: list[Guard] = []
    for part in parts:
        reduced = reduce(part, look)
        if reduced is decisive:
            return decisive
        if not isinstance(reduced, bool):
            left.append(reduced)
    if not left:
        return not decisive
    return left[0] if len(left) == 1 else AnyOf(tuple(left)) if decisive else AllOf(tuple(left))
