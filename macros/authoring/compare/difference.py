"""The difference between two versions of a tool: groups of answers whose result changes, each kind told by itself.

Every group is exact: it holds those sets of answers, and no others, for which the two versions differ in the way it
says. A result that goes along with another level or another police contact is not told again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property
from typing import Any

from macros.authoring.compare.answers import AFTER, BEFORE, Renamed, Side, questions
from macros.authoring.compare.behaviour import NOWHERE, UNTOLD, Reader
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
    """Two versions of one tool, side by side. Either may be missing."""

    def __init__(
        self,
        trees: tuple[Tree | None, Tree | None],
        renamed: Renamed = Renamed(),  # noqa: B008 (immutable)
    ) -> None:
        self.trees, self.renamed = trees, renamed
        self.questions = questions(trees, renamed)
        self.ids = list(self.questions)
        self.d = Diagrams([len(question.answers) for question in self.questions.values()])
        self._readers = tuple(
            Reader(self.d, self.questions, tree, side, renamed) if tree else None for side, tree in enumerate(trees)
        )
        behaviours = [reader.read() if reader else None for reader in self._readers]
        self.before, self.after = behaviours

    @property
    def tree(self) -> Tree:
        """The tool as it is now, or as it was."""
        tree = self.trees[AFTER] or self.trees[BEFORE]
        assert tree is not None
        return tree

    @cached_property
    def both(self) -> Function:
        """The answers that can be given in both versions."""
        assert self.before is not None
        assert self.after is not None
        return self.d.both(self.before.answerable, self.after.answerable)

    def reader(self, side: Side) -> Reader:
        """What read a version."""
        reader = self._readers[side]
        assert reader is not None
        return reader

    def like(self, tree: Tree) -> TreeDiff:
        """This comparison with another version after: one that asks no question that neither of the two has."""
        other = object.__new__(TreeDiff)
        shared = ("renamed", "questions", "ids", "d", "before")
        vars(other).update({name: getattr(self, name) for name in shared})
        reader = Reader(self.d, self.questions, tree, AFTER, self.renamed)
        other.trees, other._readers = (self.trees[BEFORE], tree), (self._readers[BEFORE], reader)
        other.after = reader.read()
        return other

    # ---- the groups

    @cached_property
    def groups(self) -> list[Group]:
        """Every group in which anything changes, what means less for a child first."""
        if self.before is None or self.after is None:
            return []
        found = [
            *self._answers(),
            *self._quantities(),
            *self._meanwhile(),
            *self._results(),
            *self._ends(),
            *self._settled(),
        ]
        found += self._named()
        found += self._asked()
        found += self._reasons(found)
        return sorted((g for g in found if g.where != self.d.no), key=lambda group: (group.weight, group.kind))

    def _answers(self) -> Iterator[Group]:
        """Sets of answers that only one version can be given."""
        assert self.before is not None
        assert self.after is not None
        d = self.d
        for kind, one, other in (("new", self.after, self.before), ("gone", self.before, self.after)):
            where = d.both(one.answerable, d.negation(other.answerable))
            yield Group("answers", kind, None, None, Weight.ANSWERS, where)

    def pairs(self, before: Function, after: Function) -> Iterator[tuple[Any, Any, Function]]:
        """Each two values that differ, with the answers that have the one before and the other after."""
        d = self.d
        if before == after:
            return
        pairs = d.join(lambda a, b: (a, b), "pair", before, after)
        for a, b in sorted(d.values(pairs), key=repr):
            if a != b and a is not NOWHERE and b is not NOWHERE:
                yield a, b, d.both(self.both, d.having(pairs, (a, b)))

    @cached_property
    def calm(self) -> Function:
        """The answers for which neither the level nor any other quantity changes."""
        assert self.before is not None
        assert self.after is not None
        d, found = self.d, self.both
        for a, b in self.quantity_functions().values():
            if a != b:
                found = d.both(found, d.alike(a, b))
        return found

    def quantity_functions(self) -> dict[str, tuple[Function, Function]]:
        """The level and each other quantity that a reader meets at an end, before and after."""
        assert self.before is not None
        assert self.after is not None
        found = {LEVEL: (self.before.level, self.after.level)}
        nothing = self.d.constant(0)
        for id in dict.fromkeys([*self.before.floors, *self.after.floors]):
            if id != LEVEL and any(self._said_by_itself(side, id) for side in (BEFORE, AFTER)):
                found[id] = self.before.floors.get(id, nothing), self.after.floors.get(id, nothing)
        return found

    def _said_by_itself(self, side: Side, quantity: str) -> bool:
        tree = self.trees[side]
        known = tree.library.quantities if tree else {}
        return quantity in known and any(grade.say for grade in known[quantity].grades)

    def _quantities(self) -> Iterator[Group]:
        for id, (before, after) in self.quantity_functions().items():
            less = Weight.LEVEL_LOWER if id == LEVEL else Weight.POLICE_LESS
            kind = LEVEL if id == LEVEL else "quantity"
            for a, b, where in self.pairs(before, after):
                yield Group(kind, id, a, b, less if b < a else Weight.STRICTER, where)

    def _meanwhile(self) -> Iterator[Group]:
        """Quantities that come to less, or to more, by the time that a question is put, and to the same at the end."""
        assert self.before is not None
        assert self.after is not None
        d, nowhere = self.d, self.d.constant(NOWHERE)
        for id in self.quantity_functions():
            less, more = d.no, d.no
            for quantity, question in {**self.before.meanwhile, **self.after.meanwhile}:
                if quantity == id != LEVEL:
                    key = quantity, question
                    a, b = self.before.meanwhile.get(key, nowhere), self.after.meanwhile.get(key, nowhere)
                    less, more = d.either(less, self._below(b, a)), d.either(more, self._below(a, b))
            yield Group("meanwhile", id, True, False, Weight.POLICE_LESS, d.both(self.calm, less))
            yield Group("meanwhile", id, False, True, Weight.STRICTER, d.both(self.calm, more))

    def _below(self, a: Function, b: Function) -> Function:
        """Where both have a value and the first has the lower one."""
        return self.d.join(lambda x, y: None not in (x, y) and x < y, "below", a, b)

    def _results(self) -> Iterator[Group]:
        """Results told in one version and not in the other; changed ones.

        One that only goes along with another level or quantity is left out: it is told where these stay as they are,
        and where everybody who came to these already was told it.
        """
        assert self.before is not None
        assert self.after is not None
        d, no = self.d, self.d.no
        by_grade = {g.say for t in self.trees if t for q in t.library.quantities.values() for g in q.grades if g.say}
        for kind in ("result", "shown"):
            told = [one.results if kind == "result" else one.shown for one in (self.before, self.after)]
            for id in dict.fromkeys([*told[0], *told[1]]):
                before, after = (one.get(id, no) for one in told)
                if before != after and not (kind == "result" and id in by_grade):
                    here = here_too = self.calm
                    if kind == "result":
                        here = d.either(here, self._owed(BEFORE, before))
                        here_too = d.either(here_too, self._owed(AFTER, after))
                    less = d.both(d.both(self.both, here), d.both(before, d.negation(after)))
                    more = d.both(d.both(self.both, here_too), d.both(after, d.negation(before)))
                    yield Group(kind, id, True, False, Weight.RESULT_LESS, less)
                    yield Group(kind, id, False, True, Weight.STRICTER, more)
                if kind == "result" and (change := self.changed(id)):
                    where = d.both(self.both, d.both(before, after))
                    weight = Weight.RESULT_LESS if change & DECISIVE else Weight.WORDS
                    if change == {"contacts"} and self._filled_in(id):
                        weight = Weight.STRICTER
                    yield Group("changed-result", id, None, None, weight, where)

    def _owed(self, side: Side, result: Function) -> Function:
        """Where the other version comes to a level and quantities at which everybody is told a result in this one."""
        d, one = self.d, self.before if side == BEFORE else self.after
        assert one is not None
        rows = [self.row(BEFORE), self.row(AFTER)]
        nowhere = d.constant(NOWHERE)
        at = set(d.values(d.choose(d.both(one.answerable, result), rows[side], nowhere)))
        at -= {*d.values(d.choose(d.both(one.answerable, d.negation(result)), rows[side], nowhere)), NOWHERE}
        return d.map(lambda row: row in at, ("owed", frozenset(at)), rows[1 - side])

    def row(self, side: Side) -> Function:
        """The level and each other quantity of a version, together."""
        whole = self.d.constant(())
        for pair in self.quantity_functions().values():
            whole = self.d.join(lambda row, value: (*row, value), "row", whole, pair[side])
        return whole

    def result(self, side: Side, id: str) -> Result | None:
        """A result of a version, by its id now."""
        tree = self.trees[side]
        names = [a for a, b in self.renamed.results if b == id] if side == BEFORE else []
        return next((tree.library.results[n] for n in (*names, id) if tree and n in tree.library.results), None)

    def changed(self, id: str) -> frozenset[str]:
        """The parts of a result that a reader meets and that differ; contacts by what they say, not by their ids."""
        parts = [self._parts(side, self.result(side, id)) for side in (BEFORE, AFTER)]
        return frozenset(name for name in parts[AFTER] if parts[BEFORE] and parts[BEFORE][name] != parts[AFTER][name])

    def contacts(self, side: Side, id: str) -> dict[str, Contact]:
        """The contacts of a result in a version, by their ids."""
        result, tree = self.result(side, id), self.trees[side]
        known = tree.library.contacts if tree else {}
        return {contact: known[contact] for contact in (result.contacts if result else ()) if contact in known}

    def _filled_in(self, id: str) -> bool:
        """Whether all that became of the contacts of a result is that something stands where nothing stood."""
        was, now = self.contacts(BEFORE, id), self.contacts(AFTER, id)
        return list(was) == [key for key in now if key in was] and all(
            not old or old == getattr(now[key], part) for key, one in was.items() for part, old in vars(one).items()
        )

    def _parts(self, side: Side, result: Result | None) -> dict[str, Any]:
        tree = self.trees[side]
        if result is None or tree is None:
            return {}
        library = tree.library
        contacts = tuple(replace(library.contacts[c], id="") for c in result.contacts if c in library.contacts)
        clauses = tuple(library.clauses.get(c, {}).get("text", c) for c in result.cites)
        return {**{k: v for k, v in vars(result).items() if k != "id"}, "contacts": contacts, "cites": clauses}

    def _ends(self) -> Iterator[Group]:
        """Another outcome, where the level and the quantities stay."""
        assert self.before is not None
        assert self.after is not None
        for a, b, where in self.pairs(self.before.ends, self.after.ends):
            yield Group("end", "", a, b, Weight.STRICTER, self.d.both(where, self.calm))

    def _settled(self) -> Iterator[Group]:
        """What the level could turn out to be, where the level itself stays."""
        assert self.before is not None
        assert self.after is not None
        d = self.d

        same = d.both(self.both, d.alike(self.before.level, self.after.level))
        was, now = self.before.settled, self.after.settled
        less, more = d.both(was, d.negation(now)), d.both(now, d.negation(was))
        open_yet = d.both(same, d.both(d.negation(was), d.negation(now)))
        how = d.join(_how_open, "how open", self.before.could_be, self.after.could_be)
        highest = d.join(_highest, "highest", self.before.could_be, self.after.could_be)
        for direction in ("lower", "same", "higher"):
            here = d.having(highest, direction)
            capped = Weight.LEVEL_LOWER if direction == "lower" else None
            yield Group(
                "settled", direction, True, False, capped or Weight.LESS_SETTLED, d.both(d.both(same, less), here)
            )
            yield Group("settled", direction, False, True, capped or Weight.STRICTER, d.both(d.both(same, more), here))
            for about in ("more", "fewer", "others"):
                weight = capped or (Weight.STRICTER if about == "fewer" else Weight.LESS_SETTLED)
                where = d.both(d.both(open_yet, d.having(how, about)), here)
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
        assert self.before is not None
        assert self.after is not None
        d, a, b = self.d, self.before, self.after
        readers = self.reader(BEFORE), self.reader(AFTER)
        same = d.both(self.both, d.both(d.alike(a.level, b.level), d.alike(a.could_be, b.could_be)))
        changed = d.negation(d.alike(a.level, b.level))
        leads = d.either(*(reader.leading_to(changed) for reader in readers))
        yield Group("leads", "", None, None, Weight.WORDS, d.both(same, d.both(leads, d.negation(a.settled))))
        ids = self.ids if self._standings_differ else self._opened_otherwise
        before, after = readers[BEFORE].open_answers(a, ids), readers[AFTER].open_answers(b, ids)
        untold = d.constant(UNTOLD)
        for id in ids:
            here = d.both(same, d.both(a.asked.get(id, d.no), b.asked.get(id, d.no)))
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
        before, after = (self.reader(side).opened_by for side in (BEFORE, AFTER))
        return [id for id in self.ids if before.get(id, self.d.no) != after.get(id, self.d.no)]

    def _asked(self) -> Iterator[Group]:
        """Questions put in one version and not in the other, where no level and no quantity changes."""
        assert self.before is not None
        assert self.after is not None
        d, no = self.d, self.d.no
        for id in self.ids:
            before, after = self.before.asked.get(id, no), self.after.asked.get(id, no)
            if before != after:
                here = d.both(self.calm, d.both(before, d.negation(after)))
                there = d.both(self.calm, d.both(after, d.negation(before)))
                yield Group("asked", id, True, False, Weight.QUESTIONS, here)
                yield Group("asked", id, False, True, Weight.QUESTIONS, there)

    def _reasons(self, others: list[Group]) -> Iterator[Group]:
        """Answers for which nothing else changes, but for the reasons given or the screens on the way."""
        assert self.before is not None
        assert self.after is not None
        d, no = self.d, self.d.no
        left = self.both
        for group in others:
            left = d.both(left, d.negation(group.where))
        for kind in ("reasons", "screens"):
            before: dict[Any, Function] = getattr(self.before, kind)
            after: dict[Any, Function] = getattr(self.after, kind)
            where = no
            for key in {**before, **after}:
                a, b = before.get(key, no), after.get(key, no)
                if a != b:
                    where = d.either(where, d.choose(a, d.negation(b), b))
            yield Group(kind, "", None, None, Weight.WORDS, d.both(left, where))

    @cached_property
    def same(self) -> frozenset[str]:
        """What is the same for every set of answers that both versions take, wherever it stands in the result."""
        assert self.before is not None
        assert self.after is not None
        d, a, b, no = self.d, self.before, self.after, self.d.no

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
        assert self.before is not None
        assert self.after is not None
        before, after = (
            {key[0]: None for key, where in one.reasons.items() if self.d.meet(where, group.where)}
            for one in (self.before, self.after)
        )
        return [words for words in before if words not in after], [words for words in after if words not in before]

    def result_at(self, side: Side, place: tuple[int, ...]) -> tuple[dict[str, Any], frozenset[int]]:
        """The level and each other quantity that a set of answers comes to, and what the level could still be."""
        one = self.before if side == BEFORE else self.after
        assert one is not None
        values = {id: self.d.at_place(pair[side], place) for id, pair in self.quantity_functions().items()}
        return values, self.d.at_place(one.could_be, place)

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

        found = self._fold(where, None, longer, _shortest, (0, ()))
        _, linked = found
        place: list[int] = []
        while linked:
            linked, i = linked
            place.append(i)
        whole = tuple(reversed(place))
        return Example(whole, (self.given(whole, BEFORE), self.given(whole, AFTER)))

    def telling(self, where: Function) -> Example:
        """The shortest set of answers in a group that comes to what most of the group come to now.

        The shortest of all is often one that leaves the tool at once, and hardly anybody is like that.
        """
        d = self.d
        behaviour = self.after or self.before
        assert behaviour is not None
        ends = set(d.values(d.choose(where, behaviour.ends, d.constant(NOWHERE)))) - {NOWHERE}
        parts = [d.both(where, d.having(behaviour.ends, end)) for end in sorted(ends)]
        return self.example(max(parts, key=self.sets) if len(parts) > 1 else where)

    def given(self, place: tuple[int, ...], side: Side) -> dict[str, Value]:
        """The answers of a place that a version asks for, by its own ids."""
        behaviour = self.before if side == BEFORE else self.after
        found = {}
        for id, i in zip(self.ids, place, strict=True):
            fact, value = self.questions[id].facts[side], self.questions[id].answers[i].given[side]
            asked = behaviour.asked.get(id, self.d.no) if behaviour else self.d.no
            if fact and value is not None and self.d.at_place(asked, place):
                found[fact.id] = value
        return found

    @cached_property
    def asked_at_all(self) -> list[Function]:
        """Of each question, where either version puts it."""
        no = self.d.no
        both = [one for one in (self.before, self.after) if one]
        found = []
        for id in self.ids:
            where = no
            for one in both:
                where = self.d.either(where, one.asked.get(id, no))
            found.append(where)
        return found

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
                        unasked = d.both(kid, d.negation(is_asked))
                        found.append(step((v, 0, 0), run(unasked, v - 1, tuple(rest))))
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


def _shortest(found: list[Any]) -> Any:
    return min(found, key=lambda one: one[0], default=None)


DECISIVE = frozenset({"route", "actor", "timescale", "deadline", "contacts", "group"})
"""Parts of a result whose change is never one of words alone; `action` is read by a person."""
