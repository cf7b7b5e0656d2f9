"""What is measured over all situations: how many end unsettled, with the police, at each level; and what opens them.

All of it as JSON can hold it, so that it can be remembered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypedDict

from macros.authoring.plausible.endings import Ending, Endings, decides, is_settled, settled
from macros.authoring.plausible.situations import Situation, situations, some
from macros.authoring.plausible.weights import Weights, answer_of
from macros.engine.model.guards import Value
from macros.engine.model.library import NO, NOT_KNOWN, Fact
from macros.engine.model.tree import Tree


class Count(TypedDict):
    """How some of the situations end. `direct` and `weaker` are the two police actions."""

    situations: int
    unsettled: int
    direct: int
    weaker: int


class Level(TypedDict):
    """How the situations end that come to one level."""

    of: int
    count: Count


class Concern(TypedDict):
    """How the situations of one concern end: all of them, and those in which nothing makes the practitioner wonder."""

    of: str
    count: Count
    quiet: Count


class Lived(TypedDict):
    """A situation with where it ends.

    `certain`: no question that bears on the level is answered “not known”. `shown` is an answer that the result names
    and that walking shows to decide, where something made the practitioner wonder. `doubted` tells whether it is
    settled with each blank answered “not known”, where nothing did.
    """

    concern: str
    answers: dict[str, Value]
    blanks: list[str]
    wonders: list[str]
    end: Ending
    certain: bool
    shown: str
    doubted: bool


class Noise(TypedDict):
    """All that is measured.

    `quiet` are situations in which nothing makes the practitioner wonder, `certain` those of them in which no question
    that bears on the level is answered “not known” at all (the age may be), `wondering` all but the quiet ones.
    `causes` counts, of unsettled quiet ones, by what they are open, and `by_blank` those that name a blank; `named`
    counts unsettled wondering ones that name what truly decides. `noisy` counts the quiet ones that end unsettled with
    each blank answered “not known”. `shown` are some at random.
    """

    all: Count
    levels: list[Level]
    concerns: list[Concern]
    quiet: Count
    certain: Count
    causes: dict[str, int]
    by_blank: int
    wondering: Count
    named: int
    noisy: int
    shown: list[Lived]


Row = tuple[str, list[Ending | None]]
"""An answer, and what comes of it: with nothing else open, then with one other question open (None: two would be)."""


def lived(tree: Tree, weights: Weights, concern: str) -> list[Lived]:
    """The situations of a concern."""
    ends, facts = Endings(tree), tree.library.facts
    found: list[Lived] = []
    for one in situations(tree, weights, concern):
        end = _end(ends, one.answers)
        open_facts = [fact for fact, value in one.answers.items() if facts[fact].is_not_known(value)]
        named = [named["fact"] for named in end["named"]] if one.wonders else []
        found.append({
            "concern": concern,
            "answers": dict(one.answers),
            "blanks": list(one.blanks),
            "wonders": list(one.wonders),
            "end": end,
            "certain": not any("level" in facts[fact].bears_on for fact in open_facts),
            "shown": next((fact for fact in named if decides(tree, one.answers, fact)), ""),
            "doubted": bool(one.wonders) or is_settled(tree, _doubted(tree, one, weights)),
        })  # fmt: skip
    return found


def noise_in(made: Sequence[Lived], weights: Weights) -> Noise:
    """The noise of a tool, from the situations of all its concerns."""
    quiet = [one for one in made if not one["wonders"]]
    wondering = [one for one in made if one["wonders"]]
    causes = Counter(cause for one in quiet for cause in {named["cause"] for named in one["end"]["named"]})
    return {
        "all": _count(made),
        "levels": [
            {"of": level, "count": _count([one for one in made if one["end"]["level"] == level])}
            for level in sorted({one["end"]["level"] for one in made})
        ],
        "concerns": [
            {
                "of": concern["id"],
                "count": _count([one for one in made if one["concern"] == concern["id"]]),
                "quiet": _count([one for one in quiet if one["concern"] == concern["id"]]),
            }
            for concern in weights["concerns"]
        ],
        "quiet": _count(quiet),
        "certain": _count([one for one in quiet if one["certain"]]),
        "causes": dict(sorted(causes.items(), key=lambda item: (-item[1], item[0]))),
        "by_blank": sum(any(named["fact"] in one["blanks"] for named in one["end"]["named"]) for one in quiet),
        "wondering": _count(wondering),
        "named": sum(bool(one["shown"]) for one in wondering if not settled(one["end"])),
        "noisy": sum(not one["doubted"] for one in quiet),
        "shown": some(made, weights["shown"], weights["seed"]),
    }


def one_open(tree: Tree, weights: Weights) -> list[Row]:
    """A row for each answer to one question: nothing else open, then each of the others answered “not known”."""
    ends, facts, beside = Endings(tree), tree.library.facts, weights["one_open"]["beside"]
    nothing = nothing_found(tree, weights)
    rows: list[Row] = []
    for value in facts[beside].values:
        quiet = {**nothing, beside: value}
        many = [] if facts[beside].is_open(value) else weights["one_open"]["of"]
        cells = [_end(ends, quiet), *(_end(ends, {**quiet, one: answer_of(facts[one], NOT_KNOWN)}) for one in many)]
        rows.append((value, [*cells, *[None] * (1 + len(weights["one_open"]["of"]) - len(cells))]))
    return rows


def nothing_found(tree: Tree, weights: Weights) -> dict[str, Value]:
    """An answer to every question: that nothing is there; where that is no answer, the first one of the table."""
    facts = tree.library.facts
    first = {fact: answer_of(facts[fact], next(iter(draw["weights"]))) for fact, draw in weights["questions"].items()}
    return {fact: next((no for no in _options(facts[fact]) if no in NO), value) for fact, value in first.items()}


def _options(fact: Fact) -> list[Value]:
    return [(value,) if fact.kind == "any_of" else value for value in fact.values]


def _doubted(tree: Tree, one: Situation, weights: Weights) -> Mapping[str, Value]:
    """The answers of a situation with each blank answered “not known”; to what is then asked besides: nothing found."""
    facts = tree.library.facts
    doubts = {fact: answer_of(facts[fact], NOT_KNOWN) for fact in one.blanks}
    return {**nothing_found(tree, weights), **one.answers, **doubts}


def _end(ends: Endings, answers: Mapping[str, Value]) -> Ending:
    found = ends.of(answers)
    if found is None:
        raise ValueError(f"these answers come to no level: {answers}")
    return found


def _count(some: Sequence[Lived]) -> Count:
    return {
        "situations": len(some),
        "unsettled": sum(not settled(one["end"]) for one in some),
        "direct": sum(one["end"]["police"] == 2 for one in some),
        "weaker": sum(one["end"]["police"] == 1 for one in some),
    }
