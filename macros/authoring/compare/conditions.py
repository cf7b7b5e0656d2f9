"""Conditions: the answers that make a group what it is, in as few parts as can be found.

A group is told *relative* to what its members have in common already ("of all that are level 1 now, ..."), for that is
short where the group by itself is not. A condition is exact: within those, the group is where it holds, and nothing
else. Where more parts than `MOST` would be needed there is none, and an example says more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from macros.authoring.compare.answers import AFTER, BEFORE, Question
from macros.authoring.compare.diagrams import Diagrams, Function
from macros.engine.model.guards import HasAll, HasAny, Is, Value

MOST = 3
"""Parts of a condition that a reader still takes in."""
MOST_TRIES = 100
"""Questions of several hundred are left out in so few tries, if no more than a dozen count."""

Part = Mapping[int, frozenset[int]]
"""Answers by question, both by number: every one of these questions has one of its answers."""


def condition(
    d: Diagrams, where: Function, within: Function, prefer: Sequence[int] = (), asked: Sequence[Function] = ()
) -> list[Part] | None:
    """Parts of which one holds exactly where `where` does, among the answers in `within`; None if that takes too many.

    `prefer` are the questions to keep if any must be kept: those that an edit reads. `asked` says of each question
    where it is put; with it, a part speaks only of those who were asked all of its questions, which is shorter.
    """
    order = [v for v in sorted(d.support(where) | d.support(within), reverse=True) if v not in prefer]
    order += [v for v in dict.fromkeys(prefer) if v < len(d.sizes)]
    left, parts, outside = where, list[Part](), d.negation(where)

    def fits(part: Part) -> bool:
        return not d.meet(_function(d, part, asked), within, outside)

    while left != d.no:
        if len(parts) == MOST:
            return None
        part = _grown(d, _some(d, left, asked), order, fits)
        if part is None:
            return None
        parts.append(part)
        left = d.without(left, _function(d, part, asked))
    return parts


def _some(d: Diagrams, where: Function, asked: Sequence[Function]) -> dict[int, int]:
    """One place of a group: the first answer of each question put there that it hangs on which leads on."""
    found, f = {}, where
    while d.kids[f]:
        i = next(i for i, kid in enumerate(d.kids[f]) if kid != d.no)
        found[d.variable[f]], f = i, d.kids[f][i]
    place = [found.get(v, 0) for v in range(len(d.sizes))]
    return {v: i for v, i in found.items() if not asked or d.at_place(asked[v], place)}


def _function(d: Diagrams, part: Part, asked: Sequence[Function]) -> Function:
    whole = d.yes
    for v in sorted(part):
        whole = d.branch(v, [whole if i in part[v] else d.no for i in range(d.sizes[v])])
    return d.both(whole, *(asked[v] for v in part if asked))


def _grown(d: Diagrams, some: Mapping[int, int], order: Sequence[int], fits: Callable[[Part], bool]) -> Part | None:
    """A part round one place, grown until it would hold where the group does not: until it no longer `fits`."""
    part = {v: frozenset({i}) for v, i in some.items()}
    if not fits(part):
        return None
    kept = _fewest([v for v in reversed(order) if v in part], lambda these: fits({v: part[v] for v in these}))
    if kept is None:
        return None
    part = {v: part[v] for v in kept}
    for v in [v for v in order if v in part]:
        for i in range(d.sizes[v]):
            wider = {**part, v: part[v] | {i}}
            if len(wider[v]) == d.sizes[v]:
                del wider[v]
            if v in part and i not in part[v] and fits(wider):
                part = wider
    return part


def _fewest(items: list[int], enough: Callable[[list[int]], bool]) -> list[int] | None:
    """Some of the items that are enough and none of which can be missed, the first rather than the last.

    All of them together are enough. By halves (QuickXplain), so that a few of many are found in few tries; None if it
    would take more than `MOST_TRIES`.
    """
    tries = 0

    def run(sure: list[int], added: bool, left: list[int]) -> list[int]:
        nonlocal tries
        tries += added
        if tries > MOST_TRIES:
            raise _TooMany
        if added and enough(sure):
            return []
        if len(left) == 1:
            return left
        first, second = left[: len(left) // 2], left[len(left) // 2 :]
        of_second = run([*sure, *first], True, second)
        return [*run([*sure, *of_second], bool(of_second), first), *of_second]

    try:
        return run([], True, items) if items else []
    except _TooMany:
        return None


class _TooMany(Exception):
    """More tries than a condition is worth that somebody still takes in."""


def narrowed(d: Diagrams, part: Part, where: Function) -> dict[int, frozenset[int]]:
    """A part with those answers alone that occur in a group."""
    return {
        v: frozenset(i for i in values if d.meet(where, _function(d, {v: frozenset({i})}, ())))
        for v, values in part.items()
    }


# ---- in words


def in_words(part: Part, questions: Sequence[Question]) -> str:
    """A part of a condition in the words of its questions, in the order in which they are asked."""
    asked = [(questions[v], part[v]) for v in sorted(part)]
    return " and ".join(f"{answers_in_words(one, answers)} to “{one.fact.text}”" for one, answers in asked)


def answers_in_words(question: Question, answers: Iterable[int]) -> str:
    """Which answers of a question, in the words of its options."""
    wanted = frozenset(answers)
    every = frozenset(range(len(question.answers)))
    if question.fact.kind == "any_of":
        ways = [_any(question, some) for some, truth in _sets(question) if truth == wanted]
        ways += [f"anything but {_any(question, some)}" for some, truth in _sets(question) if every - truth == wanted]
        return min(ways, key=len, default=_listed([said(question, question.answers[i].given) for i in sorted(wanted)]))
    if not question.fact.values:
        return said(question, question.answers[0].given)
    rest = _one_by_one(question, every - wanted)
    shown = _one_by_one(question, wanted)
    return f"anything but {_listed(rest)}" if rest and len(rest) < len(shown) else _listed(shown)


def _one_by_one(question: Question, answers: Iterable[int]) -> list[str]:
    """Single answers, each by itself, in the order of the options."""
    given = [one for i in answers for one in (question.answers[i].given, *question.answers[i].others)]
    values = list(question.fact.values)
    place = {v: n for n, v in enumerate(values)}
    ordered = sorted(given, key=lambda one: place.get(str(one[AFTER] or one[BEFORE]), -1))
    return list(dict.fromkeys(said(question, one) for one in ordered))


def _sets(question: Question) -> Iterator[tuple[tuple[str, ...], frozenset[int]]]:
    """Sets of options with the answers that have at least one of them: what guards read first, then others."""
    values, exclusive = question.fact.values, question.fact.exclusive
    side = AFTER if question.facts[AFTER] else BEFORE
    sets = [atom.values for atom in question.read[side] if not isinstance(atom, HasAll)]
    sets += [(v,) for v in values]
    sets += [tuple(v for v in values if v not in exclusive)]
    sets += [tuple(w for w in values if w != v and w not in exclusive) for v in values]
    sets += [(v, w) for i, v in enumerate(values) for w in values[i + 1 :]]
    sets += [tuple(exclusive)]
    for some in dict.fromkeys(sets):
        alone = all(v in exclusive for v in some)
        atom = Is(question.id, some) if alone else HasAny(question.id, some)
        yield some, frozenset(i for i, holds in enumerate(question.truth(side, atom)) if holds)


def _any(question: Question, values: Sequence[str]) -> str:
    labels = " or ".join(f"“{question.fact.label(v)}”" for v in values)
    alone = len(values) == 1 or all(v in question.fact.exclusive for v in values)
    return labels if alone else f"at least one of {labels}"


def _listed(shown: Sequence[str]) -> str:
    return " or ".join([*shown[:4], *([f"{len(shown) - 4} other ways"] if len(shown) > 4 else [])])


def said(question: Question, given: tuple[Value | None, Value | None]) -> str:
    """An answer in the words of its options, as they are now or were."""
    sides = [side for side in (AFTER, BEFORE) if given[side] is not None and question.facts[side]]
    value, fact = given[sides[0]], question.facts[sides[0]]
    assert value is not None
    assert fact is not None
    if isinstance(value, str) and value not in fact.values:
        return "with any words" if fact.kind == "text" else "with a time"
    return " and ".join(f"“{fact.label(one)}”" for one in ([value] if isinstance(value, str) else value))
