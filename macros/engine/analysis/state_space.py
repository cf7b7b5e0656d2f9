"""The state space of a tree: every journey that it allows, by forward dynamic programming.

Theory. Two answers to a fact are the same to a tree if every guard atom still to be read has the same truth
for both. So a journey's future depends only on where it stands, on the truth of those atoms for the facts asked,
and on the floors still to be read. A fact is branched on where it is first read, not where it is asked: until
then it is *pending*. States are therefore few even where journeys are countless:

    state = (step, memory, floors)

Steps are visited in topological order, so that a state is expanded once, after all ways to it are known.
Each state keeps its plainest way here (fewest answers, plainest answers first): a failure is read back as the
shortest counterexample. An atom is dropped as soon as nothing ahead reads it; so is a floor.

The same machinery answers a reader (outlook.py): fix what they know and free what they do not, and the ends that can
be reached are what the level could turn out to be. The prover in authoring/ is another client.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from ..model.guards import Atom, Floor, HasAll, HasAny, Is, Leaf, Value, evaluate, leaves
from ..model.library import Ask, Fact
from ..model.tree import Move, Step, Tree

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
class EquivalenceClass:
    """Answers that nothing ahead tells apart: the truth of the atoms, and the plainest of the answers."""

    bits: int
    witness: Value
    cost: int


@dataclass(frozen=True)
class Transition:
    """A way on from a state: what was answered (as bits and as the plainest answers), the move, where it leads.

    `screen` is 1 where a screen was shown, `answers` counts those that had to be given on it.
    """

    bits: tuple[tuple[str, int], ...]
    given: tuple[tuple[str, Value], ...]
    cost: int
    screen: int
    answers: int
    move: Move
    to: State


@dataclass(frozen=True)
class Predecessor:
    """Where the plainest way to a state comes from: its cost (screens, then plainness), the state before, the answers.

    `screens` and `answers` are the most screens, and the most answers that must be given, on any way to the state.
    """

    cost: tuple[int, int]
    before: tuple[str, State] | None
    given: tuple[tuple[str, Value], ...]
    screens: int
    answers: int


@dataclass
class GuardFault:
    """What is wrong at a reachable state: kind is gap, overlap or never-asked; `edges` those that hold."""

    kind: str
    step: Step
    answers: dict[str, Value]
    edges: tuple[str, ...] = ()
    fact: str = ""


@dataclass
class StateSpace:
    """What `explore` found: each state with its plainest predecessor and its transitions, faults, the edges in use."""

    liveness: Liveness
    predecessors: dict[str, dict[State, Predecessor]]
    transitions: dict[tuple[str, State], list[Transition]] = field(default_factory=dict)
    faults: list[GuardFault] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    @property
    def states(self) -> int:
        return sum(map(len, self.predecessors.values()))

    def ends(self) -> Iterator[tuple[Step, State]]:
        for step in self.liveness.tree.ends:
            for state in self.predecessors[step.key]:
                yield step, state

    def answers_to(self, key: str, state: State) -> dict[str, Value]:
        """The plainest answers that lead to a state."""
        answers: dict[str, Value] = {}
        at: tuple[str, State] | None = (key, state)
        while at:
            here = self.predecessors[at[0]][at[1]]
            answers = {**dict(here.given), **answers}
            at = here.before
        return answers

    def length_to(self, step: Step) -> tuple[int, int, int]:
        """The fewest screens, the most, and the most answers that must be given, on the way to an end."""
        ways = self.predecessors[step.key].values()
        fewest = min(way.cost[0] for way in ways)
        return fewest, max(way.screens for way in ways), max(way.answers for way in ways)


class Liveness:
    """What can still be told apart at each step of a tree: the atoms of each fact, and the floors.

    `observed` are further leaves that a property reads: answers that they tell apart are told apart when given.
    `quantities` are those whose floors are read at the ends.
    """

    def __init__(self, tree: Tree, observed: Iterable[Leaf] = (), quantities: Iterable[str] = ()) -> None:
        self.tree = tree
        self.quantities = tuple(tree.library.quantities)
        self.lowest = tuple(tree.library.quantities[q].lowest for q in self.quantities)
        self.atoms: dict[str, list[Atom]] = {}
        self.live: dict[str, dict[str, int]] = {}
        self.live_floors: dict[str, frozenset[str]] = {}
        self.reads: dict[str, frozenset[str]] = {}
        self._classes: dict[tuple[str, int], tuple[EquivalenceClass, ...]] = {}
        self.observed = self._read((), observed)
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
            lost = {f for f in self.observed if f in bits and any(f not in self.live[move.to] for move in step.moves)}
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

    def valuation(self, memory: Mapping[str, int], floors: tuple[int, ...]) -> Callable[[Leaf], bool | None]:
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

    def classes(self, fact: Fact, mask: int, allowed: Iterable[Value] | None = None) -> tuple[EquivalenceClass, ...]:
        """The answers to a fact, one for each set that the atoms in `mask` cannot tell apart."""
        if allowed is not None:
            return _distinct(EquivalenceClass(self._truth(fact, mask, v), v, i) for i, v in enumerate(allowed))
        key = (fact.id, mask)
        if key not in self._classes:
            every = self._checklist(fact, mask) if fact.kind == "any_of" else self._single(fact, mask)
            self._classes[key] = _distinct(every)
        return self._classes[key]

    def every_class(self, fact: Fact) -> tuple[EquivalenceClass, ...]:
        """One answer for each set that no atom of the tree tells apart; those that leave it open, each by itself."""
        every = list(self._checklist(fact, ~0) if fact.kind == "any_of" else self._single(fact, ~0))
        known = [c for c in every if fact.completes(c.witness)]
        return (*_distinct(known), *(c for c in every if not fact.completes(c.witness)))

    def mask(self, step: Step, fact: Fact) -> int:
        """The bits of a fact that count at a step."""
        return self.live[step.key][fact.id] | self.observed.get(fact.id, 0)

    def bits(self, step: Step, fact: Fact, value: Value) -> int:
        """The bits of an answer at a step."""
        return self._truth(fact, self.mask(step, fact), value)

    def _truth(self, fact: Fact, mask: int, value: Value) -> int:
        return ASKED | sum(bit for atom, bit in self._of(fact, mask) if atom.holds(value))

    def _of(self, fact: Fact, mask: int) -> list[tuple[Atom, int]]:
        return [(atom, 2 << i) for i, atom in enumerate(self.atoms.get(fact.id, ())) if (2 << i) & mask]

    def _single(self, fact: Fact, mask: int) -> Iterator[EquivalenceClass]:
        given = (SOME_TIME,) if fact.kind == "datetime" else () if fact.values else ("",)
        for i, value in enumerate((*given, *fact.values)):
            yield EquivalenceClass(self._truth(fact, mask, value), value, i)

    def _checklist(self, fact: Fact, mask: int) -> Iterator[EquivalenceClass]:
        """Option by option, keeping only the truth of the atoms: a long list costs no more than a short one."""
        for i, value in enumerate(fact.exclusive):
            yield EquivalenceClass(self._truth(fact, mask, (value,)), (value,), i)
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
                yield EquivalenceClass(ASKED | a | b, chosen, len(fact.exclusive) + len(chosen))

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
def liveness(tree: Tree, *quantities: str) -> Liveness:
    """The Liveness of a tree whose ends read these quantities. Made once each, for a reader's every step wants one."""
    return Liveness(tree, quantities=quantities)


def _floors(read: Iterable[Leaf]) -> frozenset[str]:
    return frozenset(leaf.quantity for leaf in read if isinstance(leaf, Floor))


def _distinct(classes: Iterable[EquivalenceClass]) -> tuple[EquivalenceClass, ...]:
    best: dict[int, EquivalenceClass] = {}
    for c in classes:
        if c.bits not in best or c.cost < best[c.bits].cost:
            best[c.bits] = c
    return tuple(sorted(best.values(), key=lambda c: c.cost))


def free(fact: Fact) -> None:
    """The domain in which every fact may have any answer."""


def explore(liveness: Liveness, domain: Domain = free) -> StateSpace:
    """Every state that a journey can reach, if each fact may have the answers that `domain` allows.

    At a state where no edge or several hold, or a guard reads a fact never asked, a GuardFault is kept and the journey
    ends there.
    """
    tree = liveness.tree
    found = StateSpace(liveness, {key: {} for key in tree.steps})
    begin = liveness.project({}, liveness.lowest, tree.start)
    found.predecessors[tree.start][begin] = Predecessor((0, 0), None, (), 0, 0)
    for key, step in tree.steps.items():
        for state, here in list(found.predecessors[key].items()):
            if not step.is_end:
                _expand(found, step, state, here, domain)
    return found


@dataclass(frozen=True)
class Assignment:
    """Answers to what a step asks: what is then known, the answers, their cost.

    `shown` counts the questions on the screen, `needed` those among them that must be answered.
    """

    memory: Mapping[str, int]
    bits: tuple[tuple[str, int], ...] = ()
    given: tuple[tuple[str, Value], ...] = ()
    cost: int = 0
    shown: int = 0
    needed: int = 0


def _assignments(found: StateSpace, step: Step, state: State, domain: Domain) -> list[Assignment]:
    """Every way to answer what a step asks and reads, as far as anything ahead can tell them apart."""
    liveness, facts = found.liveness, found.liveness.tree.library.facts
    reads = liveness.reads[step.key]
    assignments = [Assignment(dict(state[0]))]
    for name in [name for name, bits in state[0] if bits == PENDING and name in reads]:
        assignments = [
            answered for one in assignments for answered in _answers(liveness, step, facts[name], one, domain)
        ]
    for ask in step.asks:
        assignments = [
            answered
            for one in assignments
            for answered in (
                _asked(liveness, step, ask, one, domain, ask.fact in reads)
                if ask.fact not in one.memory and _wanted(found, step, state, ask, one)
                else [one]
            )
        ]
    return assignments


def _wanted(found: StateSpace, step: Step, state: State, ask: Ask, one: Assignment) -> bool:
    """Whether a question is asked, by what was known before the step and what is answered above it on the screen."""
    holds = evaluate(ask.guard, found.liveness.valuation(one.memory, state[1]))
    if holds is None:
        _fault(found, "never-asked", step, state, one, fact=_unasked(leaves(ask.guard), one.memory))
    return bool(holds)


def _asked(liveness: Liveness, step: Step, ask: Ask, one: Assignment, domain: Domain, now: bool) -> list[Assignment]:
    """The assignments once a fact is asked: branched on now, or pending until something reads it."""
    fact = liveness.tree.library.facts[ask.fact]
    offered = ask.offered or fact.kind == "offer"
    one = replace(
        one, shown=one.shown + (not offered), needed=one.needed + (not offered and fact.kind not in ("text", "offer"))
    )
    where = allowed(fact, offered, domain)
    if now or (fact.default and fact.kind != "offer"):
        return _answers(liveness, step, fact, one, where)
    plainest = min(liveness.classes(fact, ASKED, where(fact)), key=lambda c: c.cost).witness
    return [
        replace(
            one,
            memory={**one.memory, fact.id: PENDING},
            bits=(*one.bits, (fact.id, PENDING)),
            given=(*one.given, (fact.id, plainest)),
        )
    ]


def allowed(fact: Fact, offered: bool, domain: Domain) -> Domain:
    """The domain, less the default of a fact where it is not only offered: "not said" answers nothing there."""
    if not fact.default or fact.kind == "offer" or offered:
        return domain
    given = domain(fact)
    answers = fact.answers_where(offered)
    return lambda _: answers if given is None else [value for value in given if value in answers] or answers


def _answers(liveness: Liveness, step: Step, fact: Fact, one: Assignment, domain: Domain) -> list[Assignment]:
    """The assignments once a fact is branched on."""
    return [
        replace(
            one,
            memory={**one.memory, fact.id: c.bits},
            bits=(*one.bits, (fact.id, c.bits)),
            given=(*one.given, (fact.id, c.witness)),
            cost=one.cost + c.cost,
        )
        for c in liveness.classes(fact, liveness.mask(step, fact), domain(fact))
    ]


def _expand(found: StateSpace, step: Step, state: State, here: Predecessor, domain: Domain) -> None:
    """Take the one edge that holds, for each way to answer the step; anything else is a fault."""
    for one in _assignments(found, step, state, domain):
        look = found.liveness.valuation(one.memory, state[1])
        truth = [(move, evaluate(move.edge.guard if move.edge else None, look)) for move in step.moves]
        unread = [move for move, holds in truth if holds is None]
        holding = [move for move, holds in truth if holds]
        if unread:
            _fault(found, "never-asked", step, state, one, fact=_unasked(unread[0].leaves, one.memory))
        elif len(holding) != 1:
            names = tuple(move.edge.name for move in holding if move.edge)
            _fault(found, "overlap" if holding else "gap", step, state, one, names)
        else:
            _arrive(found, step, state, here, holding[0], one)


def _unasked(read: Iterable[Leaf], memory: Mapping[str, int]) -> str:
    return next(leaf.fact for leaf in read if isinstance(leaf, Is | HasAny | HasAll) and leaf.fact not in memory)


def _fault(
    found: StateSpace, kind: str, step: Step, state: State, one: Assignment, edges: tuple[str, ...] = (), fact: str = ""
) -> None:
    """Keep a fault, unless the same one was met with plainer answers."""
    if not any((d.kind, d.step.key, d.edges, d.fact) == (kind, step.key, edges, fact) for d in found.faults):
        answers = {**found.answers_to(step.key, state), **dict(one.given)}
        found.faults.append(GuardFault(kind, step, answers, edges, fact))


def _arrive(found: StateSpace, step: Step, state: State, here: Predecessor, move: Move, one: Assignment) -> None:
    """Note the state a move leads to, with the plainest way there and the most screens on any way."""
    liveness = found.liveness
    if move.edge:
        found.used.add(move.edge.name)
    reached = liveness.project(one.memory, liveness.raised(state[1], move), move.to)
    screen = 1 if one.shown else 0
    found.transitions.setdefault((step.key, state), []).append(
        Transition(one.bits, one.given, one.cost, screen, one.needed, move, reached)
    )
    cost = (here.cost[0] + screen, here.cost[1] + one.cost)
    there = found.predecessors[move.to]
    best = there.get(reached)
    screens = max(here.screens + screen, best.screens if best else 0)
    answers = max(here.answers + one.needed, best.answers if best else 0)
    if best is None or cost < best.cost:
        there[reached] = Predecessor(cost, (step.key, state), one.given, screens, answers)
    elif (screens, answers) != (best.screens, best.answers):
        there[reached] = replace(best, screens=screens, answers=answers)
