"""Proofs: safety properties hold over every set of answers, or the shortest counterexample is told.

A client of the engine's state space. A *one-run* property says: at every end where `when` holds, `require` holds too.
A *two-run* property compares two journeys that differ in one fact by an allowed pair of answers (not known
against no, say), with every other fact answered alike wherever both ask it: the second never ends with less.
A property whose `when` or pairs never occur is *vacuous*, which is a fault as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar

from macros.engine.analysis.state_space import (
    ASKED,
    PENDING,
    Liveness,
    State,
    StateSpace,
    Transition,
    allowed,
    explore,
    free,
)
from macros.engine.model.guards import (
    AllOf,
    AnyOf,
    Asked,
    Ends,
    Floor,
    Guard,
    HasAll,
    HasAny,
    Is,
    Leaf,
    Not,
    Said,
    Value,
    evaluate,
    leaves,
    read_guard,
    reduce,
)
from macros.engine.model.library import Ask, Fact, Library
from macros.engine.model.tree import Move, Step, Tree

Answers = dict[str, Value]
ALWAYS = AllOf(())


@dataclass(frozen=True)
class Property:
    """A safety property as authored. One-run: `when` and `require`. Two-run: `facts` and `never_lower`.

    With `behind`, two runs differ as "not known" and "yes" do, and whatever the second asks besides has this answer.
    """

    id: str
    title: str
    trees: tuple[str, ...]
    cites: tuple[str, ...]
    when: Guard | None = None
    require: Guard | None = None
    facts: tuple[str, ...] = ()
    never_lower: tuple[str, ...] = ()
    number: int | None = None
    behind: str = ""


@dataclass(frozen=True)
class Verdict:
    """What the proof of a property in a tree gave: the counterexample's answers, and those of the run compared."""

    claim: Property
    tree: str
    holds: bool
    vacuous: bool
    states: int
    counterexample: Answers = field(default_factory=dict)
    compared: Answers = field(default_factory=dict)

    @property
    def proved(self) -> bool:
        """Whether the property holds and speaks of something that occurs."""
        return self.holds and not self.vacuous


def read_properties(data: Mapping[str, Any], library: Library) -> list[Property]:
    """The properties of valid safety data."""
    return [_property(d, library) for d in data["properties"]]


def _property(d: Mapping[str, Any], library: Library) -> Property:
    routes = library.routes()
    pairs = d.get("pairs", {})
    bearing = [fact.id for fact in library.facts.values() if pairs.get("bears_on") in fact.bears_on]
    return Property(
        d["id"],
        d["title"],
        tuple(d["for"]),
        tuple(d["cites"]),
        read_guard(d["when"], routes) if "when" in d else None,
        read_guard(d["require"], routes) if "require" in d else None,
        tuple(pairs.get("facts", bearing)),
        tuple(d.get("never_lower", ())),
        d.get("number"),
        pairs.get("behind", ""),
    )


def graded(guard: Guard, library: Library) -> Guard:
    """The guard, with results that a grade says by itself read as that grade: a journey says them at its end."""
    match guard:
        case AllOf(parts) | AnyOf(parts):
            return type(guard)(tuple(graded(part, library) for part in parts))
        case Not(part):
            return Not(graded(part, library))
        case Said(results):
            grades = [
                AllOf((Floor(q.id, grade.at), Not(Floor(q.id, grade.at + 1))))
                for q in library.quantities.values()
                for grade in q.grades
                if grade.say in results
            ]
            return AnyOf((guard, *grades)) if grades else guard
        case _:
            return guard


def prove(trees: Mapping[str, Tree], properties: Iterable[Property]) -> list[Verdict]:
    """A verdict for each property in each tree it is meant for. Takes trees free of gaps and overlaps."""
    wanted = list(properties)
    return [verdict for id, tree in trees.items() for verdict in prove_tree(tree, [p for p in wanted if id in p.trees])]


def prove_tree(tree: Tree, properties: Iterable[Property]) -> Iterator[Verdict]:
    """A verdict on each property of one tree, one by one. Its states are found once, as finely as any needs them."""
    properties = [
        replace(p, when=p.when and graded(p.when, tree.library), require=p.require and graded(p.require, tree.library))
        for p in properties
    ]
    observed = [leaf for p in properties for guard in (p.when, p.require) for leaf in leaves(guard)]
    coarse = cache(lambda never: explore(Liveness(tree, (), never)))
    fine = cache(lambda: explore(Liveness(tree, observed, tree.library.quantities)))
    kinds = cache(lambda: kinds_of(fine()))
    for p in properties:
        yield prove_pairs(coarse(p.never_lower), p) if p.never_lower else prove_one(fine(), p, kinds())


Given = tuple[tuple[str, Value], ...]
Cost = TypeVar("Cost")
Place = TypeVar("Place")


class ProofPredecessor(NamedTuple, Generic[Cost, Place]):
    """The plainest way to a place of a proof: its cost, the place before, and the answers given from there on."""

    cost: Cost
    before: Place | None
    given: Given


def given_on_the_way(last: ProofPredecessor[Any, Place], before: Callable[[Place], Any]) -> Answers:
    """All answers given on the plainest way that ends like this, the first that was given first."""
    answers = dict(last.given)
    while last.before is not None:
        last = before(last.before)
        answers = {**dict(last.given), **answers}
    return answers


# ---- one run ----------------------------------------------------------------------------------------------------

Progress = tuple[Guard | bool, Guard | bool]
"""What is still open of a property's `when` and `require`: both are reduced as facts are asked."""


RunPredecessor = ProofPredecessor[tuple[int, int], tuple[str, State, int]]
Kinds = Mapping[tuple[str, State], Sequence[tuple[Transition, int]]]
"""The transitions from each state, each with a number: two with the same number move every property alike."""


def kinds_of(found: StateSpace) -> Kinds:
    """The transitions of a state space with their numbers. Properties that share the space share these."""
    numbers: dict[tuple[object, ...], int] = {}

    def number(transition: Transition) -> int:
        observed = tuple((fact, bits & found.liveness.observed.get(fact, 0)) for fact, bits in transition.bits)
        edge = transition.move.edge.name if transition.move.edge else ""
        return numbers.setdefault((observed, edge, transition.move.to), len(numbers))

    return {at: [(one, number(one)) for one in transitions] for at, transitions in found.transitions.items()}


def prove_one(found: StateSpace, claim: Property, kinds: Kinds) -> Verdict:
    """The verdict on a one-run property, over the states that were found. `kinds` are those of its transitions."""
    run = OneRun(found, (claim.when or ALWAYS, claim.require or ALWAYS), kinds)
    failed = run.failures()
    answers = given_on_the_way(min(failed, key=lambda f: f.cost), run.predecessor) if failed else {}
    return Verdict(claim, found.liveness.tree.id, not failed, not run.met, run.states, answers)


class OneRun:
    """A property followed through every state. A journey on which it can no longer fail is dropped at once.

    A progress goes by its number in `_progresses`: guards are dear to compare.
    """

    def __init__(self, found: StateSpace, progress: Progress, kinds: Kinds) -> None:
        self.found, self.liveness, self.tree, self.kinds = found, found.liveness, found.liveness.tree, kinds
        self.predecessors: dict[str, dict[tuple[State, int], RunPredecessor]] = {key: {} for key in self.tree.steps}
        self.met, self.states = False, 0
        self._progresses: list[Progress] = [progress]
        self._numbers: dict[Progress, int] = {progress: 0}
        self._known: dict[tuple[int, int], int] = {}
        self._ahead = self._look_ahead()
        for state in found.predecessors[self.tree.start]:
            self.predecessors[self.tree.start][state, 0] = RunPredecessor((0, 0), None, ())

    def _look_ahead(self) -> dict[str, frozenset[str]]:
        """The facts still to be asked or branched on, and the results still to be said, from each step on."""
        ahead: dict[str, frozenset[str]] = {}
        for key in reversed(tuple(self.tree.steps)):
            step = self.tree.steps[key]
            here = self.liveness.reads[key].union(ask.fact for ask in step.asks)
            said = {result for move in step.moves if move.edge for result in move.edge.says}
            ahead[key] = here.union(said, *(ahead[move.to] for move in step.moves))
        return ahead

    def predecessor(self, place: tuple[str, State, int]) -> RunPredecessor:
        """The plainest way to a state with a progress."""
        return self.predecessors[place[0]][place[1:]]

    def failures(self) -> list[RunPredecessor]:
        """The plainest ways to where the property fails."""
        failed = []
        for key, step in self.tree.steps.items():
            for (state, progress), here in self.predecessors[key].items():
                self.states += 1
                if not step.is_end:
                    self._go_on(key, state, progress, here)
                elif self._fails(step, state, self._progresses[progress]):
                    failed.append(here)
        return failed

    def _go_on(self, key: str, state: State, progress: int, here: RunPredecessor) -> None:
        for transition, kind in self.kinds.get((key, state), ()):
            after = self._known.get((progress, kind))
            if after is None:
                after = self._known[progress, kind] = self._after(progress, transition)
            when, require = self._progresses[after]
            self.met = self.met or when is True
            if when is False or (when is True and require is True):
                continue
            cost = (here.cost[0] + transition.screen, here.cost[1] + transition.cost)
            there = self.predecessors[transition.move.to]
            best = there.get((transition.to, after))
            if best is None or cost < best.cost:
                there[transition.to, after] = RunPredecessor(cost, (key, state, progress), transition.given)

    def _after(self, progress: int, transition: Transition) -> int:
        """The progress once a way is taken."""
        after = self._reduced(self._progresses[progress], self._seen(dict(transition.bits), transition.move))
        number = self._numbers.setdefault(after, len(self._progresses))
        if number == len(self._progresses):
            self._progresses.append(after)
        return number

    def _seen(self, bits: Mapping[str, int], move: Move) -> Callable[[Leaf], bool | None]:
        """How leaves look once these facts are answered and this move is taken; None while they are open."""
        says, ahead = frozenset(move.edge.says) if move.edge else frozenset(), self._ahead[move.to]

        def look(leaf: Leaf) -> bool | None:
            match leaf:
                case Asked(fact):
                    return True if fact in bits else None if fact in ahead else False
                case Is(fact) | HasAny(fact) | HasAll(fact):
                    return self.liveness.holds(leaf, bits[fact]) if bits.get(fact) else None if fact in ahead else False
                case Said(results):
                    return True if not says.isdisjoint(results) else None if not ahead.isdisjoint(results) else False
                case _:
                    return None

        return look

    def _fails(self, step: Step, state: State, progress: Progress) -> bool:
        """Whether the property fails at an end, where everything is decided."""

        def look(leaf: Leaf) -> bool:
            if isinstance(leaf, Floor):
                return state[1][self.liveness.quantities.index(leaf.quantity)] >= leaf.at_least
            return isinstance(leaf, Ends) and step.node.id in leaf.outcomes

        when, require = self._reduced(progress, look)
        self.met = self.met or when is True
        return when is True and require is False

    @staticmethod
    def _reduced(progress: Progress, look: Callable[[Leaf], bool | None]) -> Progress:
        return reduce(progress[0], look), reduce(progress[1], look)


# ---- two runs ---------------------------------------------------------------------------------------------------

Shared = tuple[tuple[str, int], ...]


class Run(NamedTuple):
    """One of two runs: where it stands, which shared facts it has asked, whether the differing one, its floors."""

    key: str
    asked: frozenset[str]
    differs: bool
    floors: tuple[int, ...]


class Pair(NamedTuple):
    """Two runs, and the answers they share: one assignment of facts, whichever run asks first.

    `owed` are facts that so far only the second run asked and that `behind` does not answer: the first asks them yet.
    """

    runs: tuple[Run, Run]
    shared: Shared
    owed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Turn:
    """A way for one run to answer a step: the run, the shared answers, those newly given, their cost, what is owed."""

    run: Run
    shared: Mapping[str, int]
    given: Given = ()
    cost: int = 0
    owed: frozenset[str] = frozenset()

    def answered(self, name: str, bits: int, answer: Value, cost: int) -> Turn:
        """The turn once a shared fact is answered as well."""
        given = (*self.given, (name, answer))
        return replace(self, shared={**self.shared, name: bits}, given=given, cost=self.cost + cost)


class Known:
    """What comparisons over one state space find out again and again, whatever they compare."""

    def __init__(self, liveness: Liveness) -> None:
        self.liveness, self.steps = liveness, liveness.tree.steps
        self.move, self.moved, self.masks = cache(self._move), cache(self._moved), cache(self._masks)

    def _move(self, key: str, floors: tuple[int, ...], read: tuple[int | None, ...]) -> tuple[str, tuple[int, ...]]:
        """Where the one move of a step leads whose guard holds, and the floors after it.

        `read` is what is known of each fact that the step reads.
        """
        known = zip(self.liveness.reads[key], read, strict=True)
        look = self.liveness.valuation({name: bits for name, bits in known if bits is not None}, floors)
        move = next(m for m in self.steps[key].moves if evaluate(m.edge.guard if m.edge else None, look))
        return move.to, self.liveness.raised(floors, move)

    def _moved(self, run: Run) -> Run:
        """A run that has come to a step, with all that nothing from there on reads dropped."""
        live, live_floors = self.liveness.live[run.key], self.liveness.live_floors[run.key]
        lowest = zip(self.liveness.quantities, run.floors, self.liveness.lowest, strict=True)
        kept = tuple(floor if quantity in live_floors else low for quantity, floor, low in lowest)
        return run._replace(asked=frozenset(f for f in run.asked if f in live), floors=kept)

    def _masks(self, first: str, second: str) -> dict[str, int]:
        """The bits of each fact that are read from either of two steps on."""
        one, other = self.liveness.live[first], self.liveness.live[second]
        return {f: one.get(f, 0) | other.get(f, 0) for f in (*one, *other)}


def prove_pairs(found: StateSpace, claim: Property) -> Verdict:
    """The verdict on a two-run property: with no allowed pair of answers does the second run end lower."""
    tree = found.liveness.tree
    asked = [tree.library.facts[name] for name in claim.facts if name in tree.facts()]
    known = Known(found.liveness)
    every = [
        TwoRuns(found, claim, fact, pair, known)
        for fact in asked
        for pair in (pairs_behind(fact, claim.behind) if claim.behind else pairs_of(fact))
    ]
    comparisons = {(c.fact.id, c.bits): c for c in reversed(every)}.values()  # pairs that no guard tells apart are one
    failures = sorted(filter(None, [c.failure() for c in comparisons]), key=lambda failure: failure[0])
    first, second = failures[0][1:] if failures else ({}, {})
    vacuous = not any(c.compared for c in comparisons)
    return Verdict(claim, tree.id, not failures, vacuous, sum(c.states for c in comparisons), first, second)


def pairs_of(fact: Fact) -> Iterator[tuple[Value, Value]]:
    """The pairs of answers that a fact's `order` allows, lower first; "*" stands for any choice of options."""
    options = tuple(v for v in fact.values if v not in fact.exclusive)
    for low, high in fact.order:
        if fact.kind != "any_of":
            yield low, high
        elif high != "*":
            yield (low,), (high,)
        else:
            yield from (((low,), (option,)) for option in options)
            yield (low,), options


def pairs_behind(fact: Fact, open_: str) -> Iterator[tuple[Value, Value]]:
    """The pairs of an open answer to a fact and each graver one: "yes", or an option of a checklist."""
    if open_ not in fact.values:
        return
    if fact.kind == "any_of":
        yield from (((open_,), (option,)) for option in fact.values if option not in fact.exclusive)
    elif "yes" in fact.values:
        yield open_, "yes"


PairPredecessor = ProofPredecessor[int, Pair]


class TwoRuns:
    """Two runs of one tree that answer one fact differently and every other fact alike, as `claim` compares them."""

    def __init__(
        self, found: StateSpace, claim: Property, fact: Fact, values: tuple[Value, Value], known: Known
    ) -> None:
        self.known, self.claim = known, claim
        self.found, self.liveness, self.tree = found, found.liveness, found.liveness.tree
        self.fact, self.values = fact, values
        self.bits = tuple(self.liveness.classes(fact, ~0, [value])[0].bits for value in values)
        self.predecessors: dict[Pair, PairPredecessor] = {}
        self.waiting: dict[int, list[Pair]] = {}
        self.failed: list[Pair] = []
        self.states, self.compared = 0, False

    def failure(self) -> tuple[int, Answers, Answers] | None:
        """The plainest failure, as its cost and the answers of both runs; None if there is none."""
        self._begin()
        for position in range(len(self.tree.steps)):
            while self.waiting.get(position):
                self.states += 1
                self._advance(self.waiting[position].pop())
        if not self.failed:
            return None
        worst = min(self.failed, key=lambda pair: self.predecessors[pair].cost)
        answers = given_on_the_way(self.predecessors[worst], self.predecessors.__getitem__)
        first, second = ({**answers, self.fact.id: value} for value in self.values)
        return self.predecessors[worst].cost, first, second

    def _begin(self) -> None:
        """Until the fact is first asked both runs are one: start where single runs come to ask it."""
        for key, step in self.tree.steps.items():
            if self.fact.id not in [ask.fact for ask in step.asks]:
                continue
            for state, here in self.found.predecessors[key].items():
                memory, floors = state
                if self.fact.id not in dict(memory):
                    run = Run(key, frozenset(f for f, _ in memory), False, floors)
                    given = tuple(self.found.answers_to(key, state).items())
                    self._put(Pair((run, run), memory), PairPredecessor(sum(here.cost), None, given))

    def _is_end(self, run: Run) -> bool:
        return self.tree.steps[run.key].is_end

    def _put(self, pair: Pair, before: PairPredecessor) -> None:
        known = self.predecessors.get(pair)
        if known:
            if before.cost < known.cost:
                self.predecessors[pair] = before
            return
        self.predecessors[pair] = before
        positions = [self.tree.position[run.key] for run in pair.runs if not self._is_end(run)]
        if not positions:
            self._end(pair)
        elif self._alike(pair):
            self.compared = True
        else:
            self.waiting.setdefault(min(positions), []).append(pair)

    def _alike(self, pair: Pair) -> bool:
        """Both runs stand alike and nothing ahead reads the fact they differ in: they will end alike."""
        first, second = pair.runs
        return first == second and first.differs and self.fact.id not in self.liveness.live[first.key]

    def _end(self, pair: Pair) -> None:
        self.compared = self.compared or any(run.differs for run in pair.runs)
        if any(self._at(pair.runs[0], q) > self._at(pair.runs[1], q) for q in self.claim.never_lower):
            self.failed.append(pair)

    def _at(self, run: Run, quantity: str) -> int:
        """What a run ends with: the floor, or 0 where the outcome gives no level."""
        gives = quantity != "level" or self.tree.steps[run.key].node.level
        return run.floors[self.liveness.quantities.index(quantity)] if gives else 0

    def _advance(self, pair: Pair) -> None:
        """Step the run that is earlier in topological order, once for each way to answer what it asks."""
        going = [i for i in (0, 1) if not self._is_end(pair.runs[i])]
        i = min(going, key=lambda i: self.tree.position[pair.runs[i].key])
        step, other = self.tree.steps[pair.runs[i].key], pair.runs[1 - i]
        for turn in self._asked(step, i, pair):
            memory = self._memory(i, turn.run, turn.shared)
            read = tuple(map(memory.get, self.liveness.reads[step.key]))
            key, floors = self.known.move(step.key, turn.run.floors, read)
            moved = self.known.moved(turn.run._replace(key=key, floors=floors))
            runs = (moved, other) if i == 0 else (other, moved)
            before = PairPredecessor(self.predecessors[pair].cost + turn.cost, pair, turn.given)
            if turn.owed <= self.liveness.live[runs[0].key].keys():  # else the first run never asks what it owes
                self._put(Pair(runs, self._kept(runs, turn.shared), turn.owed), before)

    def _asked(self, step: Step, i: int, pair: Pair) -> list[Turn]:
        """The ways to answer in run `i` what a step asks and reads."""
        run = pair.runs[i]
        reads = self.liveness.reads[step.key]
        turns = [Turn(run, dict(pair.shared), owed=pair.owed)]
        for name in [name for name, bits in pair.shared if bits == PENDING and name in reads and name in run.asked]:
            turns = [answered for turn in turns for answered in self._answers_to(name, turn, pair)]
        for ask in step.asks:
            turns = [asked for turn in turns for asked in self._ask(ask, turn, pair, i, ask.fact in reads)]
        return turns

    def _ask(self, ask: Ask, turn: Turn, pair: Pair, i: int, now: bool) -> list[Turn]:
        """The turns once run `i` comes to a question: the one that differs, one the other run settled, or a new one.

        It is not asked again, nor where its condition fails.
        """
        name = ask.fact
        known = self.liveness.valuation(self._memory(i, turn.run, turn.shared), pair.runs[i].floors)
        again = name in turn.run.asked or (name == self.fact.id and turn.run.differs)
        if again or not evaluate(ask.guard, known):
            return [turn]
        if name == self.fact.id:
            return [replace(turn, run=turn.run._replace(differs=True))]
        asked = replace(turn, run=turn.run._replace(asked=turn.run.asked | {name}))
        asked = replace(asked, owed=asked.owed - {name}) if i == 0 else asked
        fact, bits = self.tree.library.facts[name], turn.shared.get(name)
        only = allowed(fact, ask.offered, free)(fact)
        if bits is None and i == 1 and self.claim.behind in fact.values:
            return self._behind(fact, asked, pair, only)
        if bits is None and not now and only is None:
            plainest = self.liveness.classes(fact, ASKED)[0].witness
            return [asked.answered(name, PENDING, plainest, 1)]
        return self._answers_to(name, asked, pair, only) if bits is None or (now and bits == PENDING) else [asked]

    def _behind(self, fact: Fact, turn: Turn, pair: Pair, only: Iterable[Value] | None) -> list[Turn]:
        """The turns once the second run alone asks a fact: the open answer or, if the first may ask it yet, any."""
        open_ = (self.claim.behind,) if fact.kind == "any_of" else self.claim.behind
        (alone,) = self._answers_to(fact.id, turn, pair, [open_])
        if fact.id not in self.liveness.live[pair.runs[0].key]:
            return [alone]
        owing = self._answers_to(fact.id, replace(turn, owed=turn.owed | {fact.id}), pair, only)
        return [alone, *(one for one in owing if one.shared != alone.shared)]

    def _answers_to(self, name: str, turn: Turn, pair: Pair, only: Iterable[Value] | None = None) -> list[Turn]:
        """The turns once a shared fact is branched on, as finely as either run may still read it."""
        first, second = (self.liveness.live[run.key].get(name, ASKED) for run in pair.runs)
        classes = self.liveness.classes(self.tree.library.facts[name], first | second, only)
        return [turn.answered(name, c.bits, c.witness, c.cost) for c in classes]

    def _memory(self, i: int, run: Run, shared: Mapping[str, int]) -> dict[str, int]:
        """What run `i` knows: the shared answers it asked for, and its own answer to the fact that differs."""
        memory = {name: bits for name, bits in shared.items() if name in run.asked}
        return {**memory, self.fact.id: self.bits[i]} if run.differs else memory

    def _kept(self, runs: tuple[Run, Run], shared: Mapping[str, int]) -> Shared:
        """The shared answers that either run may still read."""
        masks = self.known.masks(runs[0].key, runs[1].key)
        return tuple(sorted((name, bits & masks[name]) for name, bits in shared.items() if name in masks))
