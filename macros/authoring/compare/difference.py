"""The difference between two versions of a tool: groups of answers whose result changes, each kind told by itself.

Every group is exact: it holds those sets of answers, and no others, for which the two versions differ in the way it
says. A result that goes along with another level or another police contact is not told again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property, reduce
from typing import Any

from macros.authoring.compare.answers import AFTER, AS_BEFORE, BEFORE, Question, Renamed, Side, questions
from macros.authoring.compare.behaviour import NOWHERE, UNTOLD, Behaviour
from macros.authoring.compare.diagrams import Diagrams, Function, deeply
from macros.engine.model.guards import Value
from macros.engine.model.library import Contact, Result
from macros.engine.model.tree import Tree

LEVEL = "level"


class Weight(IntEnum):
    """What a change means for a child, in the order in which a report tells it."""

    ANSWERS = 0
    """Answers that one version has and the other has not."""
    POLICE_LESS = 1
    LEVEL_LOWER = 2
    RESULT_LESS = 3
    LESS_SETTLED = 4
    STRICTER = 5
    QUESTIONS = 6
    WORDS = 7

    @property
    def less(self) -> bool:
        """Whether somebody is told less than before."""
        return Weight.POLICE_LESS <= self <= Weight.LESS_SETTLED


LESS_OR_MORE = Weight.RESULT_LESS, Weight.STRICTER
"""What a result means that is gone, and one that is new."""


@dataclass(frozen=True)
class Group:
    """Answers for which one thing changes in one way.

    `kind` is answers, police (or another quantity), level, result, changed-result, shown, settled, could-be, end,
    leads, named, asked, reasons or screens; `about` the id of what changes; `before` and `after` are its values.
    `where` holds the sets of answers.
    """

    kind: str
    about: str
    before: Any
    after: Any
    weight: Weight
    where: Function

    @property
    def key(self) -> tuple[str, str, Any, Any]:
        """What changes, apart from where."""
        return self.kind, self.about, self.before, self.after


@dataclass(frozen=True)
class Example:
    """One set of answers, before and after, with as few questions as can be."""

    place: tuple[int, ...]
    given: tuple[Mapping[str, Value], Mapping[str, Value]]


class TreeDiff:
    """Two versions of one tool, side by side: the `sides` are what each does."""

    def __init__(self, trees: tuple[Tree, Tree], renamed: Renamed = AS_BEFORE, like: TreeDiff | None = None) -> None:
        """With `like`, of the same version before, and one after that asks no question that neither of its two has."""
        self.trees, self.tree, self.renamed = trees, trees[AFTER], renamed
        self.questions: dict[str, Question] = like.questions if like else questions(trees, renamed)
        self.ids = list(self.questions)
        self.d: Diagrams = like.d if like else Diagrams([len(one.answers) for one in self.questions.values()])
        self.before: Behaviour = like.before if like else self._does(BEFORE)
        self.after = self._does(AFTER)
        self.sides = self.before, self.after

    def _does(self, side: Side) -> Behaviour:
        return Behaviour(self.d, self.questions, self.trees[side], side, self.renamed)

    @cached_property
    def both(self) -> Function:
        """The answers that can be given in both versions."""
        return self.d.both(self.before.answerable, self.after.answerable)

    # ---- the groups

    @cached_property
    def groups(self) -> list[Group]:
        """Every group in which anything changes, what means less for a child first."""
        found = [
            *self._answers(),
            *self._quantities(),
            *self._meanwhile(),
            *self._results(),
            *self._ends(),
            *self._settled(),
            *self._named(),
            *self._asked(),
        ]
        found += self._reasons(found)
        return sorted((g for g in found if g.where != self.d.no), key=lambda group: (group.weight, group.kind))

    def _answers(self) -> Iterator[Group]:
        """Sets of answers that only one version can be given."""
        for about, one, other in (("new", self.after, self.before), ("gone", self.before, self.after)):
            where = self.d.without(one.answerable, other.answerable)
            yield Group("answers", about, None, None, Weight.ANSWERS, where)

    def _gone_and_new(
        self, kind: str, about: str, was: Function, now: Function, weights: tuple[Weight, Weight], *within: Function
    ) -> Iterator[Group]:
        """Those for whom something holds before alone, and those for whom it holds after alone.

        Of all for whom no level and no quantity changes; or of those `within`, who are others for either.
        """
        d, (here, there) = self.d, within or (self.calm, self.calm)
        yield Group(kind, about, True, False, weights[0], d.both(here, d.without(was, now)))
        yield Group(kind, about, False, True, weights[1], d.both(there, d.without(now, was)))

    def pairs(self, before: Function, after: Function) -> Iterator[tuple[Any, Any, Function]]:
        """Each two values that differ, with the answers that have the one before and the other after."""
        d = self.d
        if before == after:
            return
        pairs = d.map(lambda a, b: (a, b), "pair", before, after)
        for a, b in sorted(d.values(pairs), key=repr):
            if a != b and a is not NOWHERE and b is not NOWHERE:
                yield a, b, d.both(self.both, d.having(pairs, (a, b)))

    @cached_property
    def calm(self) -> Function:
        """The answers for which neither the level nor any other quantity changes."""
        return self.d.both(self.both, *(self.d.alike(a, b) for a, b in self.quantity_functions().values() if a != b))

    def quantity_functions(self) -> dict[str, tuple[Function, Function]]:
        """The level and each other quantity that a reader meets at an end, before and after."""
        found = {LEVEL: (self.before.level, self.after.level)}
        known = [one for tree in self.trees for one in tree.library.quantities.values()]
        said = {one.id for one in known if any(grade.say for grade in one.grades)}
        nothing = self.d.constant(0)
        for id in dict.fromkeys([*self.before.floors, *self.after.floors]):
            if id != LEVEL and id in said:
                found[id] = self.before.floors.get(id, nothing), self.after.floors.get(id, nothing)
        return found

    def _quantities(self) -> Iterator[Group]:
        for id, (before, after) in self.quantity_functions().items():
            less = Weight.LEVEL_LOWER if id == LEVEL else Weight.POLICE_LESS
            kind = LEVEL if id == LEVEL else "quantity"
            for a, b, where in self.pairs(before, after):
                yield Group(kind, id, a, b, less if b < a else Weight.STRICTER, where)

    def _meanwhile(self) -> Iterator[Group]:
        """Quantities that come to less, or to more, by the time that a question is put, and to the same at the end."""
        d, before, after = self.d, self.before.meanwhile, self.after.meanwhile
        for id in self.quantity_functions():
            shared = [(before[key], after[key]) for key in before if key in after and key[0] == id != LEVEL]
            less = d.either(*(self._below(b, a) for a, b in shared))
            more = d.either(*(self._below(a, b) for a, b in shared))
            yield Group("meanwhile", id, True, False, Weight.POLICE_LESS, d.both(self.calm, less))
            yield Group("meanwhile", id, False, True, Weight.STRICTER, d.both(self.calm, more))

    def _below(self, a: Function, b: Function) -> Function:
        """Where both have a value and the first has the lower one."""
        return self.d.map(lambda x, y: None not in (x, y) and x < y, "below", a, b)

    def _results(self) -> Iterator[Group]:
        """Results told in one version and not in the other; changed ones.

        One that only goes along with another level or quantity is left out: it is told where these stay as they are,
        and where everybody who came to these already was told it.
        """
        d, no = self.d, self.d.no
        by_grade = {g.say for tree in self.trees for q in tree.library.quantities.values() for g in q.grades if g.say}
        for id in dict.fromkeys([*self.before.results, *self.after.results]):
            before, after = (one.results.get(id, no) for one in self.sides)
            if before != after and id not in by_grade:
                owed = self._owed(BEFORE, before), self._owed(AFTER, after)
                within = (d.both(self.both, d.either(self.calm, one)) for one in owed)
                yield from self._gone_and_new("result", id, before, after, LESS_OR_MORE, *within)
            if change := self.changed(id):
                weight = Weight.RESULT_LESS if change & DECISIVE else Weight.WORDS
                if change == {"contacts"} and self._filled_in(id):
                    weight = Weight.STRICTER
                yield Group("changed-result", id, None, None, weight, d.both(self.both, before, after))
        for id in dict.fromkeys([*self.before.shown, *self.after.shown]):
            before, after = (one.shown.get(id, no) for one in self.sides)
            yield from self._gone_and_new("shown", id, before, after, LESS_OR_MORE)

    def _owed(self, side: Side, result: Function) -> Function:
        """Where the other version comes to a level and quantities at which everybody is told a result in this one."""
        d, answerable, row = self.d, self.sides[side].answerable, self.row(side)
        at = frozenset(self.values(row, d.both(answerable, result)))
        at -= set(self.values(row, d.without(answerable, result)))
        return d.map(lambda row: row in at, ("owed", at), self.row(1 - side))

    def values(self, of: Function, where: Function) -> list[Any]:
        """The values that a function has somewhere in a group, but for NOWHERE."""
        nowhere = self.d.constant(NOWHERE)
        return [value for value in self.d.values(self.d.choose(where, of, nowhere)) if value is not NOWHERE]

    def row(self, side: Side) -> Function:
        """The level and each other quantity of a version, together."""
        return self.d.map(lambda *row: row, "row", *(pair[side] for pair in self.quantity_functions().values()))

    def result(self, side: Side, id: str) -> Result | None:
        """A result of a version, by its id now."""
        known = self.trees[side].library.results
        names = [a for a, b in self.renamed.results if b == id] if side == BEFORE else []
        return next((known[name] for name in (*names, id) if name in known), None)

    def changed(self, id: str) -> frozenset[str]:
        """The parts of a result that a reader meets and that differ; contacts by what they say, not by their ids."""
        parts = [self._parts(side, self.result(side, id)) for side in (BEFORE, AFTER)]
        return frozenset(name for name in parts[AFTER] if parts[BEFORE] and parts[BEFORE][name] != parts[AFTER][name])

    def contacts(self, side: Side, id: str) -> dict[str, Contact]:
        """The contacts of a result in a version, by their ids."""
        result, known = self.result(side, id), self.trees[side].library.contacts
        return {contact: known[contact] for contact in (result.contacts if result else ()) if contact in known}

    def _filled_in(self, id: str) -> bool:
        """Whether all that became of the contacts of a result is that something stands where nothing stood."""
        was, now = self.contacts(BEFORE, id), self.contacts(AFTER, id)
        return list(was) == [key for key in now if key in was] and all(
            not old or old == getattr(now[key], part) for key, one in was.items() for part, old in vars(one).items()
        )

    def _parts(self, side: Side, result: Result | None) -> dict[str, Any]:
        if result is None:
            return {}
        library = self.trees[side].library
        contacts = tuple(replace(library.contacts[c], id="") for c in result.contacts if c in library.contacts)
        clauses = tuple(library.clauses.get(c, {}).get("text", c) for c in result.cites)
        return {**{k: v for k, v in vars(result).items() if k != "id"}, "contacts": contacts, "cites": clauses}

    def _ends(self) -> Iterator[Group]:
        """Another outcome, where the level and the quantities stay."""
        for a, b, where in self.pairs(self.before.ends, self.after.ends):
            yield Group("end", "", a, b, Weight.STRICTER, self.d.both(where, self.calm))

    def _settled(self) -> Iterator[Group]:
        """What the level could turn out to be, where the level itself stays."""
        d = self.d
        same = d.both(self.both, d.alike(self.before.level, self.after.level))
        was, now = self.before.settled, self.after.settled
        how = d.map(_how_open, "how open", self.before.could_be, self.after.could_be)
        highest = d.map(_highest, "highest", self.before.could_be, self.after.could_be)
        for direction in ("lower", "same", "higher"):
            here = d.both(same, d.having(highest, direction))
            capped = direction == "lower"
            less, more = (Weight.LEVEL_LOWER if capped else one for one in (Weight.LESS_SETTLED, Weight.STRICTER))
            yield from self._gone_and_new("settled", direction, was, now, (less, more), here, here)
            for about, weight in (("more", less), ("fewer", more), ("others", less)):
                where = d.without(d.both(here, d.having(how, about)), d.either(was, now))
                yield Group("could-be", f"{about}, {direction}", None, None, weight, where)

    def _named(self) -> Iterator[Group]:
        """What becomes of the open answers that are named as those that can change the level, where that and its
        range stay.

        Where finding out what is open can lead to another level than before, others may be named: that is told once.
        Everywhere else the level is one function of what is open. If then the list differs at all, it does so in an
        answer that is open in one version alone, for none that cannot change the level adds others to it. So only these
        are tried, but each question if what counts as an open or a known answer was edited. That a question which is
        not asked any more is not named either goes without saying.
        """
        d, (a, b) = self.d, self.sides
        same = d.both(self.both, d.alike(a.level, b.level), d.alike(a.could_be, b.could_be))
        changed = d.negation(d.alike(a.level, b.level))
        leads = d.either(*(one.leading_to(changed) for one in self.sides))
        yield Group("leads", "", None, None, Weight.WORDS, d.both(same, d.without(leads, a.settled)))
        ids = self.ids if self._standings_differ else self._opened_otherwise
        before, after = (one.open_answers(ids) for one in self.sides)
        untold = d.constant(UNTOLD)
        for id in ids:
            here = d.both(same, a.asked.get(id, d.no), b.asked.get(id, d.no))
            for was, now, where in self.pairs(before.get(id, untold), after.get(id, untold)):
                yield Group("named", id, was, now, Weight.WORDS, d.both(here, where))

    @property
    def _standings_differ(self) -> bool:
        """Whether an answer that both versions have is open in one alone, or is what an open one may turn out to be."""
        every = (same for one in self.questions.values() if all(one.facts) for same in one.answers)
        return any(same.standing[0] != same.standing[1] for same in every if None not in same.given)

    @property
    def _opened_otherwise(self) -> list[str]:
        """The questions to which a "no" is opened in one version where it is not in the other."""
        before, after = (one.opened_by for one in self.sides)
        return [id for id in self.ids if before.get(id, self.d.no) != after.get(id, self.d.no)]

    def _asked(self) -> Iterator[Group]:
        """Questions put in one version and not in the other, where no level and no quantity changes."""
        for id in self.ids:
            before, after = (one.asked.get(id, self.d.no) for one in self.sides)
            yield from self._gone_and_new("asked", id, before, after, (Weight.QUESTIONS, Weight.QUESTIONS))

    def _reasons(self, others: list[Group]) -> Iterator[Group]:
        """Answers for which nothing else changes, but for the reasons given or the screens on the way."""
        d, no = self.d, self.d.no
        left = reduce(d.without, (group.where for group in others), self.both)  # all of them in one would be large
        for kind in ("reasons", "screens"):
            before, after = (getattr(one, kind) for one in self.sides)
            pairs = [(before.get(key, no), after.get(key, no)) for key in {**before, **after}]
            where = d.either(*(d.negation(d.alike(a, b)) for a, b in pairs if a != b))
            yield Group(kind, "", None, None, Weight.WORDS, d.both(left, where))

    @cached_property
    def same(self) -> frozenset[str]:
        """What is the same for every set of answers that both versions take, wherever it stands in the result."""
        d, (a, b), no = self.d, self.sides, self.d.no

        def alike(*pairs: tuple[Function, Function]) -> bool:
            return all(x == y or not d.meet(self.both, d.negation(d.alike(x, y))) for x, y in pairs)

        def each(before: Mapping[Any, Function], after: Mapping[Any, Function]) -> bool:
            return alike(*((before.get(key, no), after.get(key, no)) for key in {**before, **after}))

        def never_apart(before: Mapping[Any, Function], after: Mapping[Any, Function]) -> bool:
            """A question that only one of the versions puts is another question, and no difference of what it knows."""
            shared = [(before[key], after[key]) for key in before if key in after]
            return not any(d.meet(self.both, d.either(self._below(x, y), self._below(y, x))) for x, y in shared)

        quantities = self.quantity_functions()
        results = each(a.results, b.results) and each(a.shown, b.shown) and alike((a.ends, b.ends))
        known = {
            "level": alike(quantities.pop(LEVEL)),
            "police": alike(*quantities.values()) and never_apart(a.meanwhile, b.meanwhile),
            "results": results and not any(self.changed(id) for id in a.results),
            "settled": alike((a.could_be, b.could_be)),
            "asked": each(a.asked, b.asked),
        }
        return frozenset(name for name, is_same in known.items() if is_same)

    def reasons(self, group: Group) -> tuple[list[str], list[str]]:
        """The reasons that are no longer given to any of a group, and those that are given now, in words."""
        before, after = (
            {key[0]: None for key, where in one.reasons.items() if self.d.meet(where, group.where)}
            for one in self.sides
        )
        return [words for words in before if words not in after], [words for words in after if words not in before]

    def result_at(self, side: Side, place: tuple[int, ...]) -> tuple[dict[str, Any], frozenset[int]]:
        """The level and each other quantity that a set of answers comes to, and what the level could still be."""
        values = {id: self.d.at_place(pair[side], place) for id, pair in self.quantity_functions().items()}
        return values, self.d.at_place(self.sides[side].could_be, place)

    # ---- what is in a group

    def sets(self, where: Function) -> int:
        """How many sets of answers that can be told apart a group holds: what neither version asks does not count."""
        return int(self._fold(where, 0, lambda _, found: found, sum))

    def example(self, where: Function) -> Example:
        """The shortest set of answers in a group, and the plainest of those."""

        def longer(same: tuple[int, int, int], found: Any) -> Any:
            v, i, asked = same
            if found is None:
                return None
            cost, place = found
            questions = asked * (1_000 + self.questions[self.ids[v]].answers[i].cost)
            return cost + questions, (place, i)

        def shortest(found: list[Any]) -> Any:
            return min(found, key=lambda one: one[0], default=None)

        _, linked = self._fold(where, None, longer, shortest, (0, ()))
        place: list[int] = []
        while linked:
            linked, i = linked
            place.insert(0, i)
        whole = tuple(place)
        return Example(whole, (self.given(whole, BEFORE), self.given(whole, AFTER)))

    def telling(self, where: Function) -> Example:
        """The shortest set of answers in a group that comes to what most of the group come to now.

        The shortest of all is often one that leaves the tool at once, and hardly anybody is like that.
        """
        d, ends = self.d, self.after.ends
        parts = [d.both(where, d.having(ends, end)) for end in sorted(self.values(ends, where))]
        return self.example(max(parts, key=self.sets) if len(parts) > 1 else where)

    def given(self, place: tuple[int, ...], side: Side) -> dict[str, Value]:
        """The answers of a place that a version asks for, by its own ids."""
        asked, found = self.sides[side].asked, {}
        for id, i in zip(self.ids, place, strict=True):
            fact, value = self.questions[id].facts[side], self.questions[id].answers[i].given[side]
            if fact and value is not None and self.d.at_place(asked.get(id, self.d.no), place):
                found[fact.id] = value
        return found

    @cached_property
    def asked_at_all(self) -> list[Function]:
        """Of each question, where either version puts it."""
        return [self.d.either(*(one.asked.get(id, self.d.no) for one in self.sides)) for id in self.ids]

    @deeply
    def _fold(
        self,
        where: Function,
        nothing: Any,
        step: Callable[[tuple[int, int, int], Any], Any],
        join: Callable[[list[Any]], Any],
        start: Any = 1,
    ) -> Any:
        """Run through a group question by question, from the last asked to the first; unasked ones have one answer.

        Whether a question is asked hangs on those before it. Where the versions ask in another order it may hang on
        later ones too: such conditions go along.
        """
        d, asked_at_all = self.d, self.asked_at_all
        late = {v: n for n, v in enumerate(v for v, f in enumerate(asked_at_all) if max(d.support(f), default=-1) >= v)}
        memo: dict[tuple[Function, int, tuple[Function, ...]], Any] = {}

        def run(f: Function, v: int, more: tuple[Function, ...]) -> Any:
            if f == d.no:
                return nothing
            if v < 0:
                return start
            if (f, v, more) not in memo:
                asked = more[late[v]] if v in late else asked_at_all[v]
                parts = [d.at(one, v) for one in (f, asked, *more)]
                found = []
                for i, (kid, is_asked, *rest) in enumerate(zip(*parts, strict=True)):
                    found.append(step((v, i, 1), run(d.both(kid, is_asked), v - 1, tuple(rest))))
                    if i == 0:
                        found.append(step((v, 0, 0), run(d.without(kid, is_asked), v - 1, tuple(rest))))
                memo[f, v, more] = join([one for one in found if one != nothing])
            return memo[f, v, more]

        return run(where, len(self.ids) - 1, tuple(asked_at_all[v] for v in late))


def _how_open(before: frozenset[int], after: frozenset[int]) -> str:
    """Whether more levels are possible than before, or fewer, or others."""
    if before == after:
        return "same"
    return "more" if before < after else "fewer" if after < before else "others"


def _highest(before: frozenset[int], after: frozenset[int]) -> str:
    """Whether the highest level that is possible is lower than before, or higher, or the same."""
    a, b = max(before, default=0), max(after, default=0)
    return "lower" if b < a else "higher" if b > a else "same"


DECISIVE = frozenset({"route", "actor", "timescale", "deadline", "contacts", "group"})
"""Parts of a result whose change is never one of words alone; `action` is read by a person."""
