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
from functools import partial
from operator import or_
from typing import Any

from macros.authoring.compare.answers import KNOWN, OPEN, SAYS_NO, UNSAID, Question, Renamed, Same, Side
from macros.authoring.compare.diagrams import Diagrams, Function, deeply
from macros.engine.model.guards import AllOf, AnyOf, Asked, Ends, Floor, Guard, HasAll, HasAny, Is, Not, Said, Value
from macros.engine.model.library import Fact
from macros.engine.model.tree import Step, Tree

UNTOLD = -1
"""The value of an open answer where it is not told as one that can change the level."""
NOWHERE = None
"""The value of an observable where the answers cannot be given in this version."""


class Behaviour:
    """What a version does, by what can be observed: each a function of the answers to the questions of both versions.

    `answerable`: whether every answer that its journey asks for can be given in this version. Where it is not, the
    rest says nothing. `sound`: whether every journey takes one way at every step, to an end.

    `floors` are the quantities at the end, `could_be` the levels that the level could turn out to be (0: none),
    `settled` whether that is the level alone, `asked` whether a question is put on the journey, `opened_by` whether an
    edge opens a "no" to it, `results` whether a result is told at the end, `meanwhile` a quantity when a question is
    put (by both ids): a screen tells at once what it has come to. `shown` whether a screen shows a result on the way,
    `screens` whether a screen (its heading and its questions) is met right after another, `reasons` whether a reason is
    given (its words, clauses and basis).
    """

    def __init__(
        self, diagrams: Diagrams, questions: Mapping[str, Question], tree: Tree, side: Side, renamed: Renamed
    ) -> None:
        self.d = d = diagrams
        self.questions, self.tree, self.side, self.renamed = questions, tree, side, renamed
        self.variable = {id: i for i, id in enumerate(questions)}
        self.answerable, self.sound = d.no, True
        self.level = self.ends = d.constant(NOWHERE)
        self.floors = dict.fromkeys(tree.library.quantities, d.constant(NOWHERE))
        self.asked: dict[str, Function] = {}
        self.opened_by: dict[str, Function] = {}
        self.results: dict[str, Function] = {}
        self.shown: dict[str, Function] = {}
        self.screens: dict[Hashable, Function] = {}
        self.meanwhile: dict[tuple[str, str], Function] = {}
        self.reasons: dict[tuple[str, tuple[str, ...], str], Function] = {}
        self._reach = {tree.start: d.yes}
        self._lost = d.no
        self._floors = {id: {tree.start: d.constant(one.lowest)} for id, one in tree.library.quantities.items()}
        self._last: dict[str, dict[Hashable, Function]] = {tree.start: {"": d.yes}}
        self._read()
        self.could_be = self.opened(self.level)
        self.settled = d.map(lambda level, could: could <= {level}, "settled", self.level, self.could_be)

    def _read(self) -> None:
        """Follow the answers from step to step, to the ends."""
        d = self.d
        for key, step in self.tree.steps.items():
            if (here := self._reach.get(key, d.no)) == d.no:
                continue
            here = self._ask(step, here)
            if not step.is_end:
                self._go_on(step, here)
                continue
            self.answerable = d.either(self.answerable, here)
            self.ends = d.choose(here, d.constant(step.node.id), self.ends)
            level = self._floors[step.node.level][key] if step.node.level else d.constant(0)
            self.level = d.choose(here, level, self.level)
            for quantity, floor in self._floors.items():
                self.floors[quantity] = d.choose(here, floor[key], self.floors[quantity])
        self.sound &= d.either(self.answerable, self._lost) == d.yes
        for id, known in self.tree.library.quantities.items():
            for grade in known.grades:
                if grade.say:
                    self._tell(self.results, grade.say, d.having(self.floors[id], grade.at))

    def _id(self, fact: str) -> str:
        return self.renamed.fact_now(self.side, fact)

    def _result(self, id: str) -> str:
        return self.renamed.result_now(self.side, id)

    def _tell(self, functions: dict[Any, Function], what: Hashable, where: Function) -> None:
        functions[what] = self.d.either(functions.get(what, self.d.no), where)

    def _ask(self, step: Step, here: Function) -> Function:
        """Where the step's questions have been answered: where it was reached, less what cannot be answered here."""
        d, last = self.d, self._last[step.key]
        before = dict(self.asked)
        for result in step.node.shows:
            self._tell(self.shown, self._result(result), here)
        wanted, screen = [], d.no
        for ask in step.asks:
            id, fact = self._id(ask.fact), self.tree.library.facts[ask.fact]
            where = self._decided(ask.guard, step.key, d.without(here, before.get(id, d.no)))
            offered = ask.offered or fact.kind == "offer"
            wanted.append((id, fact, where, offered))
            self._tell(self.asked, id, where)
            screen = screen if offered else d.either(screen, where)
        if screen != d.no:
            for id, _, where, _ in wanted:
                for seen, met in last.items():  # on which screen it is put, and what the reader saw before it
                    if (both := d.both(where, met)) != d.no:
                        self._tell(self.screens, (seen, (step.node.heading, step.node.intro), id), both)
                for quantity, floor in self._floors.items():
                    known = self.meanwhile.get((quantity, id), d.constant(NOWHERE))
                    self.meanwhile[quantity, id] = d.choose(where, floor[step.key], known)
            shown = step.node.heading, tuple(id for id, *_ in wanted)
            self._last[step.key] = {**{seen: d.without(met, screen) for seen, met in last.items()}, shown: screen}
        for id, fact, where, offered in wanted:
            answers = [(same.given[self.side], same.standing[self.side]) for same in self.questions[id].answers]
            can = [_can_be(fact, value) and (offered or standing != UNSAID) for value, standing in answers]
            cannot = d.without(d.both(here, where), self._where(id, can))
            self._lost, here = d.either(self._lost, cannot), d.without(here, cannot)
        return here

    def _go_on(self, step: Step, here: Function) -> None:
        d = self.d
        taken = d.no
        for move in step.moves:
            where = self._decided(move.edge.guard if move.edge else None, step.key, here)
            if where == d.no:
                continue
            self.sound &= not d.meet(taken, where)
            taken = d.either(taken, where)
            raises = dict(move.edge.raises) if move.edge else {}
            for quantity, floor in self._floors.items():
                up = floor[step.key]
                if quantity in raises:
                    up = self._raised(up, raises[quantity])
                floor[move.to] = d.choose(where, up, floor.get(move.to, d.constant(NOWHERE)))
            last = self._last.setdefault(move.to, {})
            for shown, met in self._last[step.key].items():
                if (both := d.both(met, where)) != d.no:
                    self._tell(last, shown, both)
            self._tell(self._reach, move.to, where)
            if move.edge:
                for result in move.edge.says:
                    self._tell(self.results, self._result(result), where)
                for fact in move.edge.opens:
                    self._tell(self.opened_by, self._id(fact), where)
                if move.edge.matters:
                    self._tell(self.reasons, (move.edge.because, move.edge.cites, move.edge.basis), where)

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
                held = [self.holds(part, key, here) for part in parts]
                return d.both(*(yes for yes, _ in held)), d.either(*(no for _, no in held))
            case AnyOf(parts):
                no, yes = self.holds(AllOf(tuple(Not(part) for part in parts)), key, here)
                return yes, no
            case Not(part):
                yes, no = self.holds(part, key, here)
                return no, yes
            case Floor(quantity, at):
                yes = self._at_least(self._floors[quantity][key], at)
                return yes, d.negation(yes)
            case Is() | HasAny() | HasAll():
                id = self._id(guard.fact)
                if id not in self.questions:
                    return d.no, d.no
                yes = self._where(id, self.questions[id].truth(self.side, guard))
                asked = self.asked.get(id, d.no)
                if d.meet(here, d.negation(asked)):
                    return d.both(asked, yes), d.without(asked, yes)
                return yes, d.negation(yes)
        raise TypeError(f"{guard} is no guard of a tree")

    def _decided(self, guard: Guard | None, key: str, here: Function) -> Function:
        """Where a guard holds among those who stand here; not sound if it hangs on what was not asked."""
        yes, no = self.holds(guard, key, here)
        self.sound &= self.d.without(here, self.d.either(yes, no)) == self.d.no
        return self.d.both(here, yes)

    def at_end(self, guard: Guard) -> Function | None:
        """Where a condition of a safety property holds at the end; None if it speaks of what this version has not."""
        d = self.d
        match guard:
            case AllOf(parts) | AnyOf(parts):
                held = [one for part in parts if (one := self.at_end(part)) is not None]
                return None if len(held) < len(parts) else (d.both if isinstance(guard, AllOf) else d.either)(*held)
            case Not(part):
                one = self.at_end(part)
                return None if one is None else d.negation(one)
            case Floor(quantity, at):
                return self._at_least(self.floors[quantity], at) if quantity in self.floors else None
            case Asked(fact):
                return self.asked.get(self._id(fact), d.no)
            case Said(results):
                return d.either(*(self.results.get(self._result(result), d.no) for result in results))
            case Ends(outcomes):
                return d.map(lambda v: v in outcomes, ("ends", outcomes), self.ends)
            case Is() | HasAny() | HasAll():
                id = self._id(guard.fact)
                if id not in self.questions or self.questions[id].facts[self.side] is None:
                    return None
                holds = self._where(id, self.questions[id].truth(self.side, guard))
                return d.both(holds, self.asked.get(id, d.no))
        raise TypeError(f"{guard} is no guard")

    def _at_least(self, floor: Function, at: int) -> Function:
        return self.d.map(lambda v: v is not NOWHERE and v >= at, ("at least", at), floor)

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
                waiting.append((d.without(here, where), rest, opened))
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
                    free = d.map(how, how, free, kids[i])
                asked = self.asked.get(ids[v], d.no)
                opens = [is_open(ids[v], same) for same in question.answers]
                found = [free if open_ else kid for open_, kid in zip(opens, kids, strict=True)]
                if may_stay:
                    found = [d.map(how, how, kid, one) for kid, one in zip(kids, found, strict=True)]
                memo[f] = d.compose(v, [d.choose(asked, one, free) for one in found])
            return memo[f]

        return run(f)

    def leading_to(self, where: Function) -> Function:
        """Where finding out what is open, all of it or some, can lead to answers for which something holds."""
        return self._by_pattern(lambda opened: self._freed(where, or_, False, (), opened, True))

    def open_answers(self, ids: Iterable[str]) -> dict[str, Function]:
        """For some questions, where the open answer is told as one that can change the level: as `outlook` does.

        Where it is, the value is the highest level that it brings alone, or 0 where it does so only with others. Each
        is a function of every other question: for all of them this takes as much as the square of the questions.
        """
        d, found = self.d, {}
        level = d.map(_alone, "alone", self.level)
        for id in ids:
            question = self.questions[id]
            fact = question.facts[self.side]
            if fact is None or id not in self.asked:
                continue
            standings = [same.standing[self.side] for same in question.answers]
            open_ = self._where(id, [one == OPEN for one in standings])
            no = self._where(id, [one == SAYS_NO for one in standings])
            open_ = d.either(open_, d.both(no, self.opened_by.get(id, d.no)))
            here = d.without(d.both(self.asked[id], open_), self.settled)
            if here == d.no:
                continue
            parts = [d.cofactor(self.level, self.variable[id], i) for i in self._free(question)]
            differs = d.negation(d.both(*(d.alike(parts[0], part) for part in parts[1:])))
            decides = self._by_pattern(partial(self._freed, differs, or_, False, ()))
            alone = self.opened(self.level, set(self.questions) - {id})
            highest = d.map(lambda a, now: max(a, default=0) if a != now else 0, "alone, if it is", alone, level)
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


def _can_be(fact: Fact, value: Value | None) -> bool:
    """Whether a question has an answer as its version puts it. One that is applied alone may lack what others add."""
    if value is None or not fact.values:
        return value is not None
    return fact.kind == "datetime" or all(one in fact.values for one in ([value] if isinstance(value, str) else value))


def _alone(level: Any) -> frozenset[int]:
    """A level as the set of what it could be."""
    return frozenset() if level is NOWHERE else frozenset({level or 0})
