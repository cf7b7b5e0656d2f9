"""reach: every journey that a tree allows, by forward dynamic programming over what can still be told apart.

Theory. Two answers to a fact are the same to a tree if every guard atom still to be read has the same truth
for both. So a journey's future depends only on where it stands, on the truth of those atoms for the facts asked,
and on the floors still to be read. A fact is branched on where it is first read, not where it is asked: until
then it is *pending*. States are therefore few even where journeys are countless:

    state = (step, memory, floors)

Steps are visited in topological order, so that a state is expanded once, after all its arrivals are known.
Each state keeps its plainest way here (fewest answers, plainest answers first): a failure is read back as the
shortest counterexample. An atom is dropped as soon as nothing ahead reads it; so is a floor.

The same machinery answers a reader: fix what they know and free what they do not, and the ends that can be
reached are what the level could turn out to be. The prover in authoring/ is another client.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from ..model.guards import Atom, Floor, HasAll, HasAny, Is, Leaf, Value, evaluate, leaves
from ..model.library import NOT_KNOWN, Ask, Fact
from ..model.tree import Move, Step, Tree

if TYPE_CHECKING:
    from ..model.walk import Journey

ASKED = 1
"""Bit 0 of a fact's bits: that it was asked and branched on. Bit n+1 is the truth of the fact's nth atom."""
PENDING = 0
"""The bits of a fact that was asked and that nothing has read so far."""

SOME_TIME = "2026-01-15T10:00"
"""Stands for every time: no guard can tell times apart."""

Memory = tuple[tuple[str, int], ...]
State = tuple[Memory, tuple[int, ...]]
Domain = Callable[[Fact], Iterable[Value] | None]


@dataclass(frozen=True)
class Class:
    """Answers that nothing ahead tells apart: the truth of the atoms, and the plainest of the answers."""

    bits: int
    witness: Value
    cost: int


@dataclass(frozen=True)
class Way:
    """A way on from a state: what was answered (as bits and as the plainest answers), the move, where it leads."""

    bits: tuple[tuple[str, int], ...]
    given: tuple[tuple[str, Value], ...]
    cost: int
    screen: int
    move: Move
    to: State


@dataclass(frozen=True)
class Arrival:
    """The plainest way to a state: its cost (screens, then plainness), the state before, what was answered there.

    `screens` is the most screens on any way here.
    """

    cost: tuple[int, int]
    before: tuple[str, State] | None
    given: tuple[tuple[str, Value], ...]
    screens: int


@dataclass
class Diagnostic:
    """What is wrong at a reachable state: kind is gap, overlap or never-asked; `edges` those that hold."""

    kind: str
    step: Step
    answers: dict[str, Value]
    edges: tuple[str, ...] = ()
    fact: str = ""


@dataclass
class Reach:
    """What explore found: each state with its plainest arrival and its ways on, defects, and the edges in use."""

    sight: Sight
    arrivals: dict[str, dict[State, Arrival]]
    ways: dict[tuple[str, State], list[Way]] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    @property
    def states(self) -> int:
        return sum(map(len, self.arrivals.values()))

    def ends(self) -> Iterator[tuple[Step, State]]:
        for step in self.sight.tree.ends:
            for state in self.arrivals[step.key]:
                yield step, state

    def answers_to(self, key: str, state: State) -> dict[str, Value]:
        """The plainest answers that lead to a state."""
        answers: dict[str, Value] = {}
        at: tuple[str, State] | None = (key, state)
        while at:
            arrival = self.arrivals[at[0]][at[1]]
            answers = {**dict(arrival.given), **answers}
            at = arrival.before
        return answers

    def screens_to(self, step: Step) -> tuple[int, int]:
        """The fewest and the most screens on the way to an end."""
        arrivals = self.arrivals[step.key].values()
        return min(a.cost[0] for a in arrivals), max(a.screens for a in arrivals)


class Sight:
    """What can still be told apart at each step of a tree: the atoms of each fact, and the floors.

    `told` are further leaves that a property reads: answers that they tell apart are told apart when given.
    `quantities` are those whose floors are read at the ends.
    """

    def __init__(self, tree: Tree, told: Iterable[Leaf] = (), quantities: Iterable[str] = ()) -> None:
        self.tree = tree
        self.quantities = tuple(tree.library.quantities)
        self.lowest = tuple(tree.library.quantities[q].lowest for q in self.quantities)
        self.atoms: dict[str, list[Atom]] = {}
        self.live: dict[str, dict[str, int]] = {}
        self.live_floors: dict[str, frozenset[str]] = {}
        self.reads: dict[str, frozenset[str]] = {}
        self._classes: dict[tuple[str, int], tuple[Class, ...]] = {}
        self.told = self._read((), told)
        self._look_ahead(frozenset(quantities))

    def _look_ahead(self, quantities: frozenset[str]) -> None:
        """Fill `live` and `live_floors` from the ends back to the start."""
        for key in reversed(tuple(self.tree.steps)):
            step = self.tree.steps[key]
            guards = [leaf for move in step.moves for leaf in move.leaves]
            guards += [leaf for ask in step.asks for leaf in leaves(ask.guard)]
            bits, floors = self._read(step.asks, guards), _floors(guards) if step.moves else quantities
            self.reads[key] = frozenset(leaf.fact for leaf in guards if isinstance(leaf, Is | HasAny | HasAll))
            for move in step.moves:
                for fact, mask in self.live[move.to].items():
                    bits[fact] = bits.get(fact, 0) | mask
                floors |= self.live_floors[move.to]
            self.live[key], self.live_floors[key] = bits, floors
            lost = {f for f in self.told if f in bits and any(f not in self.live[move.to] for move in step.moves)}
            self.reads[key] |= lost  # a last chance: what a property reads must be told apart before it is dropped

    def _read(self, asks: Iterable[Ask], read: Iterable[Leaf]) -> dict[str, int]:
        bits = {ask.fact: ASKED for ask in asks}
        for leaf in read:
            if isinstance(leaf, Is | HasAny | HasAll):
                bits[leaf.fact] = bits.get(leaf.fact, ASKED) | self.bit(leaf)
        return bits

    def bit(self, atom: Atom) -> int:
        """The bit that stands for an atom among those of its fact."""
        known = self.atoms.setdefault(atom.fact, [])
        if atom not in known:
            known.append(atom)
        return 2 << known.index(atom)

    @cached_property
    def _bits(self) -> Mapping[Atom, int]:
        return {atom: 2 << i for atoms in self.atoms.values() for i, atom in enumerate(atoms)}

    @cached_property
    def _quantity_index(self) -> Mapping[str, int]:
        return {quantity: i for i, quantity in enumerate(self.quantities)}

    def looker(self, memory: Mapping[str, int], floors: tuple[int, ...]) -> Callable[[Leaf], bool | None]:
        """How a guard's leaves look from a state; None for facts that were not asked."""

        def look(leaf: Leaf) -> bool | None:
            if isinstance(leaf, Floor):
                return floors[self._quantity_index[leaf.quantity]] >= leaf.at_least
            bits = memory.get(leaf.fact) if isinstance(leaf, Is | HasAny | HasAll) else None
            return None if bits is None else bool(bits & self._bits[leaf])  # type: ignore[index]

        return look

    def holds(self, atom: Atom, bits: int) -> bool:
        """Whether an atom is true of an answer that is known by its bits."""
        return bool(bits & self._bits[atom])

    def classes(self, fact: Fact, mask: int, allowed: Iterable[Value] | None = None) -> tuple[Class, ...]:
        """The answers to a fact, one for each set that the atoms in `mask` cannot tell apart."""
        if allowed is not None:
            return _distinct(Class(self._truth(fact, mask, v), v, i) for i, v in enumerate(allowed))
        key = (fact.id, mask)
        if key not in self._classes:
            every = self._checklist(fact, mask) if fact.kind == "any_of" else self._single(fact, mask)
            self._classes[key] = _distinct(every)
        return self._classes[key]

    def every_class(self, fact: Fact) -> tuple[Class, ...]:
        """One answer for each set that no atom of the tree tells apart, and "not known" by itself."""
        every = list(self._checklist(fact, ~0) if fact.kind == "any_of" else self._single(fact, ~0))
        known = [c for c in every if not fact.is_not_known(c.witness)]
        return (*_distinct(known), *(c for c in every if fact.is_not_known(c.witness)))

    def mask(self, step: Step, fact: Fact) -> int:
        """The bits of a fact that count at a step."""
        return self.live[step.key][fact.id] | self.told.get(fact.id, 0)

    def bits(self, step: Step, fact: Fact, value: Value) -> int:
        """The bits of an answer at a step."""
        return self._truth(fact, self.mask(step, fact), value)

    def _truth(self, fact: Fact, mask: int, value: Value) -> int:
        return ASKED | sum(bit for atom, bit in self._of(fact, mask) if atom.holds(value))

    def _of(self, fact: Fact, mask: int) -> list[tuple[Atom, int]]:
        return [(atom, 2 << i) for i, atom in enumerate(self.atoms.get(fact.id, ())) if (2 << i) & mask]

    def _single(self, fact: Fact, mask: int) -> Iterator[Class]:
        given = (SOME_TIME,) if fact.kind == "datetime" else () if fact.values else ("",)
        for i, value in enumerate((*given, *fact.values)):
            yield Class(self._truth(fact, mask, value), value, i)

    def _checklist(self, fact: Fact, mask: int) -> Iterator[Class]:
        """Option by option, keeping only the truth of the atoms: a long list costs no more than a short one."""
        for i, value in enumerate(fact.exclusive):
            yield Class(self._truth(fact, mask, (value,)), (value,), i)
        atoms = self._of(fact, mask)
        alls = sum(bit for atom, bit in atoms if isinstance(atom, HasAll))
        partial: dict[tuple[int, int, bool], tuple[str, ...]] = {(0, alls, False): ()}
        for option in fact.options:
            if option.exclusive:
                continue
            anys = sum(bit for atom, bit in atoms if isinstance(atom, HasAny) and option.value in atom.values)
            misses = sum(bit for atom, bit in atoms if isinstance(atom, HasAll) and option.value in atom.values)
            taken = {(a | anys, b, True): (*chosen, option.value) for (a, b, _), chosen in partial.items()}
            left = {(a, b & ~misses, some): chosen for (a, b, some), chosen in partial.items()}
            for key, chosen in taken.items():
                if key not in left or len(chosen) < len(left[key]):
                    left[key] = chosen
            partial = left
        for (a, b, some), chosen in partial.items():
            if some:
                yield Class(ASKED | a | b, chosen, len(fact.exclusive) + len(chosen))

    def project(self, memory: Mapping[str, int], floors: tuple[int, ...], key: str) -> State:
        """The state on arriving at a step: all that nothing from there on reads is dropped."""
        live, live_floors = self.live[key], self.live_floors[key]
        kept = tuple(sorted((f, bits & live[f]) for f, bits in memory.items() if f in live))
        floors = tuple(
            f if q in live_floors else low for q, f, low in zip(self.quantities, floors, self.lowest, strict=True)
        )
        return kept, floors

    def raised(self, floors: tuple[int, ...], move: Move) -> tuple[int, ...]:
        """The floors after a move: the higher of before and what its edge raises."""
        if move.edge is None or not move.edge.raises:
            return floors
        up = dict(move.edge.raises)
        return tuple(max(f, up.get(q, f)) for q, f in zip(self.quantities, floors, strict=True))


@lru_cache(maxsize=16)
def sight(tree: Tree, *quantities: str) -> Sight:
    """The Sight of a tree for these quantities: each is made once, for a reader's every step asks for one."""
    return Sight(tree, quantities=quantities)


def _floors(read: Iterable[Leaf]) -> frozenset[str]:
    return frozenset(leaf.quantity for leaf in read if isinstance(leaf, Floor))


def _distinct(classes: Iterable[Class]) -> tuple[Class, ...]:
    best: dict[int, Class] = {}
    for c in classes:
        if c.bits not in best or c.cost < best[c.bits].cost:
            best[c.bits] = c
    return tuple(sorted(best.values(), key=lambda c: c.cost))


def free(fact: Fact) -> None:
    """The domain in which every fact may have any answer."""


def explore(sight: Sight, domain: Domain = free) -> Reach:
    """Every state that a journey can reach, if each fact may have the answers that `domain` allows.

    Returns the Reach. At a state where no edge or several hold, or a guard reads a fact never asked, a Defect is
    kept and the journey ends there.
    """
    tree = sight.tree
    found = Reach(sight, {key: {} for key in tree.steps})
    begin = sight.project({}, sight.lowest, tree.start)
    found.arrivals[tree.start][begin] = Arrival((0, 0), None, (), 0)
    for key, step in tree.steps.items():
        for state, arrival in list(found.arrivals[key].items()):
            if not step.is_end:
                _expand(found, step, state, arrival, domain)
    return found


@dataclass(frozen=True)
class Asking:
    """A way to answer what a step asks: what is then known, the answers, their cost, how many were shown."""

    memory: Mapping[str, int]
    bits: tuple[tuple[str, int], ...] = ()
    given: tuple[tuple[str, Value], ...] = ()
    cost: int = 0
    shown: int = 0


def _askings(found: Reach, step: Step, state: State, domain: Domain) -> list[Asking]:
    """Every way to answer what the step asks and reads from a state, as far as anything ahead can tell them apart."""
    sight, facts = found.sight, found.sight.tree.library.facts
    reads = sight.reads[step.key]
    ways = [Asking(dict(state[0]))]
    for name in [name for name, bits in state[0] if bits == PENDING and name in reads]:
        ways = [answered for way in ways for answered in _answers(sight, step, facts[name], way, domain)]
    for ask, wanted in _wanted(found, step, state, ways):
        fact = facts[ask.fact]
        now = fact.id in reads
        ways = [
            answered
            for way in ways
            for answered in (
                [way] if fact.id in way.memory or not wanted(way) else _asked(sight, step, fact, way, domain, now)
            )
        ]
    return ways


def _wanted(
    found: Reach, step: Step, state: State, ways: list[Asking]
) -> Iterator[tuple[Ask, Callable[[Asking], bool]]]:
    """Each ask of a step, with whether it is wanted: its condition reads what was known before the step alone."""
    known = frozenset(ways[0].memory)
    for ask in step.asks:

        def wanted(way: Asking, ask: Ask = ask) -> bool:
            before = {name: bits for name, bits in way.memory.items() if name in known}
            holds = evaluate(ask.guard, found.sight.looker(before, state[1]))
            if holds is None:
                _diagnostic(found, "never-asked", step, state, way, fact=_unasked(leaves(ask.guard), before))
            return bool(holds)

        yield ask, wanted


def _asked(sight: Sight, step: Step, fact: Fact, way: Asking, domain: Domain, now: bool) -> list[Asking]:
    """The ways on once a fact is asked: branched on now, or pending until something reads it."""
    shown = way.shown + (fact.kind != "offer")
    if now:
        return [replace(answered, shown=shown) for answered in _answers(sight, step, fact, way, domain)]
    plainest = min(sight.classes(fact, ASKED, domain(fact)), key=lambda c: c.cost).witness
    return [
        replace(
            way,
            memory={**way.memory, fact.id: PENDING},
            bits=(*way.bits, (fact.id, PENDING)),
            given=(*way.given, (fact.id, plainest)),
            shown=shown,
        )
    ]


def _answers(sight: Sight, step: Step, fact: Fact, way: Asking, domain: Domain) -> list[Asking]:
    """The ways on once a fact is branched on."""
    return [
        Asking(
            {**way.memory, fact.id: c.bits},
            (*way.bits, (fact.id, c.bits)),
            (*way.given, (fact.id, c.witness)),
            way.cost + c.cost,
            way.shown,
        )
        for c in sight.classes(fact, sight.mask(step, fact), domain(fact))
    ]


def _expand(found: Reach, step: Step, state: State, arrival: Arrival, domain: Domain) -> None:
    """Take the one edge that holds, for each way to answer the step; anything else is a defect."""
    for way in _askings(found, step, state, domain):
        look = found.sight.looker(way.memory, state[1])
        truth = [(move, evaluate(move.edge.guard if move.edge else None, look)) for move in step.moves]
        unread = [move for move, holds in truth if holds is None]
        holding = [move for move, holds in truth if holds]
        if unread:
            _diagnostic(found, "never-asked", step, state, way, fact=_unasked(unread[0].leaves, way.memory))
        elif len(holding) != 1:
            names = tuple(move.edge.name for move in holding if move.edge)
            _diagnostic(found, "overlap" if holding else "gap", step, state, way, names)
        else:
            _arrive(found, step, state, arrival, holding[0], way)


def _unasked(read: Iterable[Leaf], memory: Mapping[str, int]) -> str:
    return next(leaf.fact for leaf in read if isinstance(leaf, Is | HasAny | HasAll) and leaf.fact not in memory)


def _diagnostic(
    found: Reach, kind: str, step: Step, state: State, way: Asking, edges: tuple[str, ...] = (), fact: str = ""
) -> None:
    """Keep a defect, unless the same one was met with plainer answers."""
    if not any((d.kind, d.step.key, d.edges, d.fact) == (kind, step.key, edges, fact) for d in found.diagnostics):
        answers = {**found.answers_to(step.key, state), **dict(way.given)}
        found.diagnostics.append(Diagnostic(kind, step, answers, edges, fact))


def _arrive(found: Reach, step: Step, state: State, arrival: Arrival, move: Move, way: Asking) -> None:
    """Note the state a move leads to, with the plainest way there and the most screens on any way."""
    sight = found.sight
    if move.edge:
        found.used.add(move.edge.name)
    reached = sight.project(way.memory, sight.raised(state[1], move), move.to)
    screen = 1 if way.shown else 0
    found.ways.setdefault((step.key, state), []).append(Way(way.bits, way.given, way.cost, screen, move, reached))
    cost = (arrival.cost[0] + screen, arrival.cost[1] + way.cost)
    there = found.arrivals[move.to]
    best = there.get(reached)
    longest = max(arrival.screens + screen, best.screens if best else 0)
    if best is None or cost < best.cost:
        there[reached] = Arrival(cost, (step.key, state), way.given, longest)
    elif longest > best.screens:
        there[reached] = Arrival(best.cost, best.before, best.given, longest)


def known_values(fact: Fact) -> list[Value] | None:
    """Every answer but "not known"; None where that is any answer at all."""
    if NOT_KNOWN not in fact.values:
        return None
    if fact.kind == "any_of":
        return None
    if fact.kind == "datetime":
        return [SOME_TIME]
    return [value for value in fact.values if value != NOT_KNOWN]


def could_be(tree: Tree, journey: Journey) -> tuple[int, ...]:
    """The levels a journey could turn out to be once nothing is "not known" any more (property 22).

    Every known answer stays; each "not known" one may become any known answer, and questions that then open may
    have any known answer. With nothing unknown it is the journey's own level.
    """
    return _could_be(tree, journey, frozenset(journey.not_known))


def would_settle(tree: Tree, journey: Journey) -> tuple[str, ...]:
    """The facts not known that an unsettled level hangs on, in the order they were asked.

    A fact counts if the levels the journey could turn out to be are others once this fact stays as it is: what only
    goes along with something else that is not known is left out. Where no fact counts by itself, all do that can.
    """
    bearing = tuple(name for name in journey.not_known if "level" in tree.library.facts[name].bears_on)
    outlook = _outlook(tree, journey, frozenset(journey.not_known), bearing)
    alone = tuple(name for name in bearing if outlook[name] != outlook[None])
    return alone or tuple(n for n in bearing if _could_be(tree, journey, frozenset({n})) != (journey.level,)) or bearing


def _could_be(tree: Tree, journey: Journey, unknown: frozenset[str]) -> tuple[int, ...]:
    """The levels at the ends once the facts in `unknown` are known, whatever they are, and every other answer stays."""
    if not unknown:
        return (journey.level or 0,)
    return tuple(sorted(_outlook(tree, journey, unknown)[None]))


Outlook = dict[str | None, frozenset[int]]
"""The levels at the ends that can be reached (0: no level): under None once all is known, under a fact once all is
known but that fact."""


def _outlook(tree: Tree, journey: Journey, unknown: frozenset[str], but: tuple[str, ...] = ()) -> Outlook:
    """The Outlook of a journey whose answers stay, those to the facts in `unknown` excepted: these become known.

    Under each fact in `but`, one of those in `unknown`, it is another one. All come from one look at each state: what
    is not known branches into that as well, and from there on everything else is known.
    """
    seen, facts, given = sight(tree, "level"), tree.library.facts, journey.answers
    level = seen.quantities.index("level")

    def domain(fact: Fact) -> Iterable[Value] | None:
        if fact.id in given and fact.id not in unknown:
            return [given[fact.id]]
        if fact.kind == "offer":
            return [fact.default]
        known = _known_classes(seen, fact)
        return known if known is None or fact.id not in but else [*known, given[fact.id]]

    found = explore(seen, domain)
    outlook: dict[tuple[str, State], Outlook] = {
        (step.key, state): dict.fromkeys((None, *but), frozenset({state[1][level] if step.node.level else 0}))
        for step, state in found.ends()
    }
    for step in reversed(tuple(tree.steps.values())):
        for state in () if step.is_end else found.arrivals[step.key]:
            ends: dict[str | None, set[int]] = {name: set() for name in (None, *but)}
            for way in found.ways.get((step.key, state), ()):
                further = outlook[way.move.to, way.to]
                told = {name: bits for name, bits in way.bits if bits != PENDING and name in but}
                # Answers that nothing tells from "not known" stand for it too.
                stay = {name for name, bits in told.items() if bits == seen.bits(step, facts[name], given[name])}
                open_yet = {name for name, value in way.given if name in told and facts[name].is_not_known(value)}
                if not open_yet:
                    ends[None] |= further[None]
                for name in but:
                    if open_yet <= {name} and (name in stay or name not in told):
                        ends[name] |= further[None if name in stay else name]
            outlook[step.key, state] = {name: frozenset(levels) for name, levels in ends.items()}
    return outlook[tree.start, seen.project({}, seen.lowest, tree.start)]


def _known_classes(seen: Sight, fact: Fact) -> Iterable[Value] | None:
    if fact.kind != "any_of":
        return known_values(fact)
    return [c.witness for c in seen.every_class(fact) if not fact.is_not_known(c.witness)]


def most_left(tree: Tree) -> dict[str, int]:
    """By step: the most screens that a journey can still ask once that step asks, its own included.

    Over every set of answers that leads there, so that an answer may shorten the way and never lengthens it. An offer
    made from there on is not taken up: whoever does so chooses a longer way. Steps that never ask are left out.
    """
    found, facts = explore(Sight(tree)), tree.library.facts
    most: dict[str, int] = {}
    left: dict[tuple[str, State], int] = {}

    def takes_up(way: Way, state: State) -> bool:
        before = dict(state[0])
        return any(facts[n].kind == "offer" and v != facts[n].default and n not in before for n, v in way.given)

    for key in reversed(tuple(tree.steps)):
        for state in found.arrivals[key]:
            ways = [way for way in found.ways.get((key, state), ()) if not takes_up(way, state)]
            left[key, state] = max((way.screen + left[way.move.to, way.to] for way in ways), default=0)
            if any(way.screen for way in ways):
                most[key] = max(left[key, state], most.get(key, 0))
    return most
