"""What a version of a tree does, as functions of the answers to all questions of both versions.

Theory. The journey that a set of answers takes is known step by step: the answers that reach a step are those that
reach a step before it and make its edge's guard hold. Steps come in topological order, so each is done once, and a
function per thing that can be observed (the level, a result, a question asked) is all that is kept: never a whole
result, of which there are as many as there are ways.

What the level could turn out to be is the level's own function with every question opened that was not asked, or was
answered "not known": whether it was asked hangs on what came before it alone, so one run from the root does it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from macros.authoring.compare.answers import BEFORE, KNOWN, OPEN, SAYS_NO, UNSAID, Question, Renamed, Same, Side
from macros.authoring.compare.diagrams import Diagrams, Function, deeply
from macros.engine.model.guards import AllOf, AnyOf, Asked, Ends, Floor, Guard, HasAll, HasAny, Is, Not, Said, Value
from macros.engine.model.library import Fact
from macros.engine.model.tree import Step, Tree

UNTOLD = -1
"""The value of an open answer where it is not told as one that can change the level."""
NOWHERE = None
"""The value of an observable where the answers cannot be given in this version."""


@dataclass
class Behaviour:
    """What a version does, by what can be observed. Each is a function of the answers.

    `answerable`: whether every answer that its journey asks for can be given in this version. Where it is not, the
    rest says nothing. `sound`: whether every journey takes one way at every step, to an end.

    `floors` are the quantities at the end, `could_be` the levels that the level could turn out to be (0: none),
    `settled` whether that is the level alone, `asked` whether a question is put on the journey, `results` whether a
    result is told at the end, `meanwhile` a quantity when a question is put (by both ids): a screen tells at once what
    it has come to. `shown` whether a screen shows a result on the way, `screens` whether a screen (its heading and its
    questions) is met right after another, `reasons` whether a reason is given (its
    words, clauses and basis).
    """

    answerable: Function
    sound: bool
    level: Function
    ends: Function
    could_be: Function
    settled: Function
    floors: dict[str, Function] = field(default_factory=dict)
    asked: dict[str, Function] = field(default_factory=dict)
    results: dict[str, Function] = field(default_factory=dict)
    shown: dict[str, Function] = field(default_factory=dict)
    screens: dict[Hashable, Function] = field(default_factory=dict)
    meanwhile: dict[tuple[str, str], Function] = field(default_factory=dict)
    reasons: dict[tuple[str, tuple[str, ...], str], Function] = field(default_factory=dict)


class Reader:
    """Reads one version of a tree into functions. `side` says which, `questions` are those of both versions."""

    def __init__(
        self,
        diagrams: Diagrams,
        questions: Mapping[str, Question],
        tree: Tree,
        side: Side,
        renamed: Renamed,
    ) -> None:
        self.d, self.questions, self.tree, self.side = diagrams, questions, tree, side
        self.library = tree.library
        self.variable = {id: i for i, id in enumerate(questions)}
        self._id = (lambda fact: renamed.fact_after(fact)) if side == BEFORE else (lambda fact: fact)
        self._result = dict(renamed.results).get if side == BEFORE else lambda id, other: id
        self.asked: dict[str, Function] = {}
        self.opened_by: dict[str, Function] = {}
        self.lost = self.d.no
        self.reach: dict[str, Function] = {tree.start: self.d.yes}
        lowest = {q.id: q.lowest for q in self.library.quantities.values()}
        self.floors = {q: {tree.start: self.d.constant(low)} for q, low in lowest.items()}
        self.last: dict[str, dict[Hashable, Function]] = {tree.start: {"": self.d.yes}}

    def read(self) -> Behaviour:
        """The behaviour of the version."""
        d = self.d
        found = Behaviour(d.no, True, d.constant(NOWHERE), d.constant(NOWHERE), d.no, d.no)
        ended = {q: d.constant(NOWHERE) for q in self.floors}
        for key, step in self.tree.steps.items():
            if (here := self.reach.get(key, d.no)) == d.no:
                continue
            here = self._ask(step, here, found)
            if not step.is_end:
                self._go_on(step, here, found)
                continue
            found.answerable = d.either(found.answerable, here)
            found.ends = d.choose(here, d.constant(step.node.id), found.ends)
            level = self.floors[step.node.level][key] if step.node.level else d.constant(0)
            found.level = d.choose(here, level, found.level)
            for quantity, floor in self.floors.items():
                ended[quantity] = d.choose(here, floor[key], ended[quantity])
        found.sound &= d.either(found.answerable, self.lost) == d.yes
        found.floors = ended
        for id, known in self.library.quantities.items():
            for grade in known.grades:
                if grade.say:
                    self._tell(found.results, grade.say, d.having(ended[id], grade.at))
        found.asked = self.asked
        found.could_be = self.opened(found.level)
        found.settled = d.join(lambda level, could: could <= {level}, "settled", found.level, found.could_be)
        return found

    def _tell(self, functions: dict[Any, Function], what: Hashable, where: Function) -> None:
        functions[what] = self.d.either(functions.get(what, self.d.no), where)

    def _ask(self, step: Step, here: Function, found: Behaviour) -> Function:
        """Where the step's questions have been answered: where it was reached, less what cannot be answered here."""
        d = self.d
        before = dict(self.asked)
        for result in step.node.shows:
            self._tell(found.shown, self._result(result, result), here)
        wanted, screen, facts = [], d.no, {}
        for ask in step.asks:
            id = self._id(ask.fact)
            now = d.both(here, d.negation(before.get(id, d.no)))
            where = self._decided(ask.guard, step.key, now, found)
            offered = ask.offered or self.library.facts[ask.fact].kind == "offer"
            wanted.append((id, where, offered))
            facts[id] = ask.fact
            self.asked[id] = d.either(self.asked.get(id, d.no), where)
            screen = screen if offered else d.either(screen, where)
        if screen != d.no:
            name = step.node.heading, step.node.intro
            for id, where, _ in wanted:
                self._screen(found, step, name, id, where)
                for quantity, floor in self.floors.items():
                    known = found.meanwhile.get((quantity, id), d.constant(NOWHERE))
                    found.meanwhile[quantity, id] = d.choose(where, floor[step.key], known)
            shown = step.node.heading, tuple(id for id, _, _ in wanted)
            others = {what: d.both(w, d.negation(screen)) for what, w in self.last[step.key].items()}
            self.last[step.key] = {**others, shown: screen}
        for id, where, offered in wanted:
            answers, its = self.questions[id].answers, self.library.facts[facts[id]]
            can = self._where(
                id,
                [
                    _can_be(its, same.given[self.side]) and (offered or same.standing[self.side] != UNSAID)
                    for same in answers
                ],
            )
            cannot = d.both(here, d.both(where, d.negation(can)))
            self.lost, here = d.either(self.lost, cannot), d.both(here, d.negation(cannot))
        return here

    def _screen(self, found: Behaviour, step: Step, name: Hashable, id: str, where: Function) -> None:
        """Note on which screen a question is put, and what the reader saw before it."""
        for before, last in self.last[step.key].items():
            if (both := self.d.both(where, last)) != self.d.no:
                self._tell(found.screens, (before, name, id), both)

    def _go_on(self, step: Step, here: Function, found: Behaviour) -> None:
        d = self.d
        taken = d.no
        for move in step.moves:
            where = self._decided(move.edge.guard if move.edge else None, step.key, here, found)
            if where == d.no:
                continue
            found.sound &= not d.meet(taken, where)
            taken = d.either(taken, where)
            raises = dict(move.edge.raises) if move.edge else {}
            for quantity, floor in self.floors.items():
                up = floor[step.key]
                if quantity in raises:
                    up = self._raised(up, raises[quantity])
                floor[move.to] = d.choose(where, up, floor.get(move.to, d.constant(NOWHERE)))
            last = self.last.setdefault(move.to, {})
            for shown, after in self.last[step.key].items():
                if (both := d.both(after, where)) != d.no:
                    self._tell(last, shown, both)
            self.reach[move.to] = d.either(self.reach.get(move.to, d.no), where)
            if move.edge:
                for result in move.edge.says:
                    self._tell(found.results, self._result(result, result), where)
                for fact in move.edge.opens:
                    self._tell(self.opened_by, self._id(fact), where)
                if move.edge.matters:
                    self._tell(found.reasons, (move.edge.because, move.edge.cites, move.edge.basis), where)

    def _raised(self, floor: Function, at: int) -> Function:
        return self.d.map(lambda v: v if v is NOWHERE else max(v, at), ("raised", at), floor)

    def _where(self, id: str, holds: list[bool] | tuple[bool, ...]) -> Function:
        return self.d.branch(self.variable[id], [self.d.yes if one else self.d.no for one in holds])

    def holds(self, guard: Guard | None, key: str, here: Function) -> tuple[Function, Function]:
        """Where a guard holds and where it does not, for journeys that stand at a step; neither, where it hangs on a
        question that was never asked."""
        d = self.d
        match guard:
            case None:
                return d.yes, d.no
            case AllOf(parts):
                yes, no = d.yes, d.no
                for part in parts:
                    holds, fails = self.holds(part, key, here)
                    yes, no = d.both(yes, holds), d.either(no, fails)
                return yes, no
            case AnyOf(parts):
                no, yes = self.holds(AllOf(tuple(Not(part) for part in parts)), key, here)
                return yes, no
            case Not(part):
                yes, no = self.holds(part, key, here)
                return no, yes
            case Floor(quantity, at):
                floor = self.floors[quantity][key]
                yes = d.map(lambda v: v is not NOWHERE and v >= at, ("at least", at), floor)
                return yes, d.negation(yes)
            case Is() | HasAny() | HasAll():
                id = self._id(guard.fact)
                if id not in self.questions:
                    return d.no, d.no
                yes = self._where(id, self.questions[id].truth(self.side, guard))
                asked = self.asked.get(id, d.no)
                if d.meet(here, d.negation(asked)):
                    return d.both(asked, yes), d.both(asked, d.negation(yes))
                return yes, d.negation(yes)
        raise TypeError(f"{guard} is no guard of a tree")

    def _decided(self, guard: Guard | None, key: str, here: Function, found: Behaviour) -> Function:
        """Where a guard holds among those who stand here; not sound if it hangs on what was not asked."""
        yes, no = self.holds(guard, key, here)
        found.sound &= self.d.both(here, self.d.negation(self.d.either(yes, no))) == self.d.no
        return self.d.both(here, yes)

    def at_end(self, guard: Guard, of: Behaviour) -> Function | None:
        """Where a condition of a safety property holds at the end; None if it speaks of what this version has not."""
        d = self.d
        match guard:
            case AllOf(parts) | AnyOf(parts):
                every = isinstance(guard, AllOf)
                whole = d.yes if every else d.no
                for part in parts:
                    held = self.at_end(part, of)
                    if held is None:
                        return None
                    whole = d.both(whole, held) if every else d.either(whole, held)
                return whole
            case Not(part):
                held = self.at_end(part, of)
                return None if held is None else d.negation(held)
            case Floor(quantity, at):
                known = of.floors.get(quantity)
                return None if known is None else d.map(lambda v: v is not NOWHERE and v >= at, ("at least", at), known)
            case Asked(fact):
                return of.asked.get(self._id(fact), d.no)
            case Said(results):
                whole = d.no
                for result in results:
                    whole = d.either(whole, of.results.get(self._result(result, result), d.no))
                return whole
            case Ends(outcomes):
                return d.map(lambda v: v in outcomes, ("ends", outcomes), of.ends)
            case Is() | HasAny() | HasAll():
                id = self._id(guard.fact)
                if id not in self.questions or self.questions[id].facts[self.side] is None:
                    return None
                held = self._where(id, self.questions[id].truth(self.side, guard))
                return d.both(held, of.asked.get(id, d.no))
        raise TypeError(f"{guard} is no guard")

    def opened(self, level: Function, kept: Container[str] = ()) -> Function:
        """The levels that a level could turn out to be (0: no level), as a set, by the same answers.

        Questions in `kept` stay as they were answered where that left them open.
        """
        single = self.d.map(_alone, "alone", level)
        return self._by_pattern(lambda opened: self._freed(single, frozenset.union, frozenset(), kept, opened))

    def _by_pattern(self, whole: Callable[[frozenset[str]], Function]) -> Function:
        """A function put together from those for each set of questions to which a "no" may count as open."""
        d = self.d
        alike: dict[Function, set[str]] = {}
        for id, where in self.opened_by.items():
            alike.setdefault(where, set()).add(id)
        found = d.constant(NOWHERE)
        waiting = [(d.yes, list(alike.items()), frozenset[str]())]
        while waiting:
            here, left, opened = waiting.pop()
            if here == d.no:
                continue
            if left:
                (where, ids), *rest = left
                waiting.append((d.both(here, where), rest, opened | ids))
                waiting.append((d.both(here, d.negation(where)), rest, opened))
            else:
                found = d.choose(here, whole(opened), found)
        return found

    @deeply
    def _freed(
        self,
        f: Function,
        how: Callable[[Any, Any], Any],
        nothing: Any,
        kept: Container[str],
        opened: Container[str],
        may_stay: bool = False,
    ) -> Function:
        """What a function comes to, joined by `how`, over every answer to what is open or was not asked.

        To the questions in `opened` a "no" is open too; those in `kept` stay. `may_stay`: an open one may stay so.
        """
        d, ids = self.d, list(self.questions)
        memo: dict[Function, Function] = {}

        def is_open(id: str, same: Same) -> bool:
            standing = same.standing[self.side]
            return standing == UNSAID or (
                id not in kept and (standing == OPEN or (standing == SAYS_NO and id in opened))
            )

        def run(f: Function) -> Function:
            v = d.variable[f]
            if v < 0:
                return f
            if f not in memo:
                question = self.questions[ids[v]]
                kids = [run(kid) for kid in d.kids[f]]
                free = d.constant(nothing)
                for i in self._free(question):
                    free = d.join(how, how, free, kids[i])
                asked = self.asked.get(ids[v], d.no)
                opens = [is_open(ids[v], same) for same in question.answers]
                found = [free if open_ else kid for open_, kid in zip(opens, kids, strict=True)]
                if may_stay:
                    found = [d.join(how, how, kid, one) for kid, one in zip(kids, found, strict=True)]
                memo[f] = d.compose(v, [d.choose(asked, one, free) for one in found])
            return memo[f]

        return run(f)

    def leading_to(self, where: Function) -> Function:
        """Where finding out what is open, all of it or some, can lead to answers for which something holds."""
        return self._by_pattern(lambda opened: self._freed(where, _or, False, (), opened, True))

    def open_answers(self, of: Behaviour, ids: Iterable[str]) -> dict[str, Function]:
        """For some questions, where the open answer is told as one that can change the level: as `outlook` does.

        Where it is, the value is the highest level that it brings alone, or 0 where it does so only with others. Each
        is a function of every other question: for all of them this takes as much as the square of the questions.
        """
        d, found = self.d, {}
        level = d.map(_alone, "alone", of.level)
        for id in ids:
            question = self.questions[id]
            fact = question.facts[self.side]
            if fact is None or id not in self.asked:
                continue
            standings = [same.standing[self.side] for same in question.answers]
            open_ = self._where(id, [one == OPEN for one in standings])
            no = self._where(id, [one == SAYS_NO for one in standings])
            open_ = d.either(open_, d.both(no, self.opened_by.get(id, d.no)))
            here = d.both(d.both(self.asked[id], open_), d.negation(of.settled))
            if here == d.no:
                continue
            parts = [d.cofactor(of.level, self.variable[id], i) for i in self._free(question)]
            differs = d.no
            for part in parts[1:]:
                differs = d.either(differs, d.negation(d.alike(parts[0], part)))
            decides = self._by_pattern(partial(self._freed, differs, _or, False, ()))
            alone = self.opened(of.level, _AllBut(id))
            highest = d.join(lambda a, now: max(a, default=0) if a != now else 0, "alone, if it is", alone, level)
            found[id] = d.choose(d.both(here, decides), highest, d.constant(UNTOLD))
        return found

    def _free(self, question: Question) -> list[int]:
        """The answers that a question may turn out to have; for an offer, that it is not taken."""
        fact = question.facts[self.side]
        if fact is None:
            return [0]
        if fact.kind == "offer":
            return [i for i, same in enumerate(question.answers) if same.given[self.side] == fact.default]
        return [
            i
            for i, same in enumerate(question.answers)
            if same.given[self.side] is not None and same.standing[self.side] in (KNOWN, SAYS_NO)
        ]


def _or(a: bool, b: bool) -> bool:
    return a or b


class _AllBut:
    """Every id but one."""

    def __init__(self, id: str) -> None:
        self.id = id

    def __contains__(self, id: object) -> bool:
        return id != self.id


def _can_be(fact: Fact, value: Value | None) -> bool:
    """Whether a question has an answer as its version puts it. One that is applied alone may lack what others add."""
    if value is None or not fact.values:
        return value is not None
    return fact.kind == "datetime" or all(one in fact.values for one in ([value] if isinstance(value, str) else value))


def _alone(level: Any) -> frozenset[int]:
    """A level as the set of what it could be."""
    return frozenset() if level is NOWHERE else frozenset({level or 0})
