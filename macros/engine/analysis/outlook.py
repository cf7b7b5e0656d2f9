"""What a journey could still turn out to be: the levels that are open, what would settle them, the screens left.

Clients of the state space. What a reader knows stays as it is and what they do not know becomes free; the ends that
can then be reached are what the level could turn out to be.

`walk` knows nothing of this. Whoever wants to tell a reader of a result asks `settle` for the Conclusion: it alone has
`settled`, `could_be` and the final `said`, so that a level cannot be shown as settled by a call that was forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..model.guards import Value
from ..model.library import Fact, Node
from ..model.tree import Tree
from ..model.walk import Journey
from .state_space import PENDING, SOME_TIME, Domain, Liveness, explore, liveness

UNSETTLED = "not-settled"
"""The id of the result that an unsettled journey says by itself."""


@dataclass(frozen=True, kw_only=True)
class Conclusion(Journey):
    """A journey that came to an outcome, with all that a reader is told of it.

    `said` are the results in the library's order; `could_be` the levels that it could turn out to be once all is known
    (0: no level).
    """

    outcome: Node
    said: tuple[str, ...]
    could_be: tuple[int, ...]

    @property
    def settled(self) -> bool:
        """Whether no known answer in place of an open one would change the level."""
        return self.could_be == (self.level or 0,)


def settle(tree: Tree, journey: Journey) -> Conclusion | None:
    """The conclusion of a journey through `tree`; None if it came to no outcome.

    An unsettled one says so among its results too, where the library has a result for it. A Conclusion comes back as
    it is.
    """
    if isinstance(journey, Conclusion):
        return journey
    if journey.outcome is None:
        return None
    levels = _could_be(tree, journey, frozenset(journey.open))
    said = set(journey.said_on_the_way)
    if levels != (journey.level or 0,):
        said.add(UNSETTLED)
    in_order = tuple(result for result in tree.library.results if result in said)
    return Conclusion(**vars(journey), said=in_order, could_be=levels)


@dataclass(frozen=True)
class OpenAnswer:
    """An answer that leaves the level open: the highest level that it can bring by itself, or with others.

    `alone` is None where it changes the level only together with others. `answered_no` tells a "no" that counts as
    open from what the reader does not know.
    """

    fact: str
    answered_no: bool
    alone: int | None
    highest: int


def open_answers(tree: Tree, ended: Conclusion) -> tuple[OpenAnswer, ...]:
    """Every open answer that can change the level, alone or with others, the strongest first.

    An answer counts if, with all that is open answered in some way, another answer to this one fact alone gives
    another level. None is left out because another could bring the same.
    """
    given, facts = ended.answers, tree.library.facts
    deciding = _LevelsByAnswer(tree, ended, frozenset(ended.open)).deciding
    found = []
    for name in ended.open:
        if name not in deciding:
            continue
        by_itself = _could_be(tree, ended, frozenset({name}))
        alone = max(by_itself) if by_itself != (ended.level or 0,) else None
        found.append(OpenAnswer(name, not facts[name].is_open(given[name]), alone, max(ended.could_be)))
    return tuple(sorted(found, key=lambda one: -(one.alone or 0)))


def could_end(tree: Tree, ended: Conclusion) -> frozenset[str]:
    """The ids of the outcomes that a journey could come to once all that it leaves open is known."""
    live = liveness(tree, "level")
    found = explore(live, _completions(live, ended, frozenset(ended.open)))
    return frozenset(step.node.id for step, _ in found.ends())


def _could_be(tree: Tree, journey: Journey, opened: frozenset[str]) -> tuple[int, ...]:
    """The levels at the ends once the facts in `opened` are known, whatever they are, and every other answer stays.

    Questions that then open may have any known answer (property 22). With nothing open: the journey's own level.
    """
    if not opened:
        return (journey.level or 0,)
    live = liveness(tree, "level")
    level = live.quantities.index("level")
    found = explore(live, _completions(live, journey, opened))
    return tuple(sorted({state[1][level] if step.node.level else 0 for step, state in found.ends()}))


def _completions(live: Liveness, journey: Journey, opened: frozenset[str]) -> Domain:
    """Every answer that a fact may turn out to have: what was given, or any known one where it is open or was not."""

    def domain(fact: Fact) -> Iterable[Value] | None:
        if fact.id in journey.answers and fact.id not in opened:
            return [journey.answers[fact.id]]
        if fact.kind == "offer":
            return [fact.default]
        return _known_values(live, fact)

    return domain


def _known_values(live: Liveness, fact: Fact) -> Iterable[Value] | None:
    """Every answer that something open may turn out to be, one of each class; None where that is any answer at all."""
    if fact.kind == "any_of":
        return [c.witness for c in live.every_class(fact) if fact.completes(c.witness)]
    if fact.kind == "datetime":
        return [SOME_TIME]
    known = [value for value in fact.answers_where(offered=False) if fact.completes(value)]
    return known if len(known) < len(fact.values) else None


NOWHERE = 0
"""The node of a function where no journey goes."""


class _LevelsByAnswer:
    """The level as a function of all that is open, as a decision diagram: the facts that decide are those in it.

    A node goes by its number: 0 says nothing, a level has no parts, any other is a fact with one part for each of its
    answers. Equal functions are one node.
    """

    def __init__(self, tree: Tree, journey: Journey, opened: frozenset[str]) -> None:
        live, facts = liveness(tree, "level"), tree.library.facts
        self.order = {name: i for i, name in enumerate(tree.facts())}
        self.nodes: list[tuple[str, tuple[int, ...]]] = [("", ())]
        self.numbers = {self.nodes[0]: NOWHERE}
        self.joined: dict[tuple[int, int], int] = {}
        domain = _completions(live, journey, opened)
        found, level = explore(live, domain), live.quantities.index("level")
        values = {
            name: list(domain(facts[name]) or (c.witness for c in live.every_class(facts[name]))) for name in self.order
        }
        ahead = {
            (step.key, state): self.node("", (state[1][level] if step.node.level else 0,))
            for step, state in found.ends()
        }
        for step in reversed(tuple(tree.steps.values())):
            for state in () if step.is_end else found.predecessors[step.key]:
                whole = NOWHERE
                for transition in found.transitions.get((step.key, state), ()):
                    part = ahead[transition.move.to, transition.to]
                    for name, bits in transition.bits:
                        if bits != PENDING and len(values[name]) > 1:
                            alike = [live.bits(step, facts[name], value) == bits for value in values[name]]
                            part = self.where(part, name, alike)
                    whole = self.join(whole, part)
                ahead[step.key, state] = whole
        self.root = ahead[tree.start, live.project({}, live.lowest, tree.start)]

    @property
    def deciding(self) -> frozenset[str]:
        """The facts on which the level hangs, for some answers to the others."""
        seen, waiting = {self.root}, [self.root]
        while waiting:
            name, parts = self.nodes[waiting.pop()]
            new = set(parts) - seen if name else set()
            seen |= new
            waiting += new
        return frozenset(self.nodes[one][0] for one in seen) - {""}

    def node(self, name: str, parts: tuple[int, ...]) -> int:
        """The number of a node; one whose parts are all alike is that part."""
        if name and len(set(parts)) == 1:
            return parts[0]
        number = self.numbers.setdefault((name, parts), len(self.nodes))
        if number == len(self.nodes):
            self.nodes.append((name, parts))
        return number

    def where(self, one: int, name: str, holds: list[bool]) -> int:
        """The function where a fact has one of the answers that hold, and nothing elsewhere."""
        first, parts = self.nodes[one]
        if first and self.order[first] < self.order[name]:
            return self.node(first, tuple(self.where(part, name, holds) for part in parts))
        parts = parts if first == name else (one,) * len(holds)
        return self.node(name, tuple(part if yes else NOWHERE for part, yes in zip(parts, holds, strict=True)))

    def join(self, a: int, b: int) -> int:
        """The function that is one of two, wherever either says something: they never both do."""
        if NOWHERE in (a, b) or a == b:
            return a or b
        if (a, b) not in self.joined:
            both = [self.nodes[a], self.nodes[b]]
            first = min((name for name, _ in both if name), key=self.order.__getitem__)
            size = next(len(parts) for name, parts in both if name == first)
            sides = [parts if name == first else (one,) * size for one, (name, parts) in zip((a, b), both, strict=True)]
            self.joined[a, b] = self.node(first, tuple(self.join(x, y) for x, y in zip(*sides, strict=True)))
        return self.joined[a, b]
