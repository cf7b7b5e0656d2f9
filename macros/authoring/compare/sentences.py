"""Sentences: what a group says, to somebody who knows the questions and not the trees.

A group is told relative to what it has in common already, whichever way is the shortest: "all that are level 2 now and
answer X to Y were level 3 before", or the other way round. Where no condition is short enough the sentence says "some",
and the example says more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from macros.authoring.compare.answers import AFTER, BEFORE, Side
from macros.authoring.compare.behaviour import NOWHERE
from macros.authoring.compare.conditions import Part, condition, in_words, narrowed
from macros.authoring.compare.diagrams import Function
from macros.authoring.compare.difference import LEVEL, Group, TreeDiff

WHO = "{who}"
"""Where a template says what those it is about answer: “ answers X to Y and”, or nothing."""
LONGEST = 160
"""Characters of somebody's words that a sentence quotes."""
MOST = 400
"""Characters of a sentence that still says more than an example."""


def sentence(found: TreeDiff, group: Group, prefer: Sequence[int]) -> str:
    """What a group says. `prefer` are the questions, by number, that are named rather than others."""
    ways, otherwise = _WAYS[group.kind](found, group)
    shown = []
    for template, within in ways.items():
        parts = condition(found.d, group.where, found.d.both(within, found.both), prefer)
        if parts is not None:
            shown.append(in_sentence(found, template, [narrowed(found.d, part, group.where) for part in parts]))
    short = min(shown, key=len, default=otherwise)
    return short if len(short) <= MOST else otherwise


def in_sentence(found: TreeDiff, template: str, parts: Sequence[Part]) -> str:
    """A template with those of whom one of the parts holds; with everybody, where a part asks for nothing."""
    questions = list(found.questions.values())
    who = [" and ".join(map(str, in_words(part, questions))) for part in parts]
    return template.replace(WHO, f" answers {', or '.join(who)} and" if all(who) else "")


Ways = tuple[Mapping[str, Function], str]
"""Templates, each with those that it speaks of anyway; and what is said where no condition is short enough."""


def _quantity(found: TreeDiff, group: Group) -> Ways:
    d = found.d
    before, after = found.quantity_functions()[group.about]
    a, b = (grade(found, group.about, value) for value in (group.before, group.after))
    was, now = ("was", "is") if group.kind == LEVEL else ("had", "has")
    return {
        f"Whoever{WHO} {now} {b} now {was} {a} before.": d.having(after, group.after),
        f"Whoever{WHO} {was} {a} before {now} {b} now.": d.having(before, group.before),
        f"Whoever{WHO} {was} {a} before, and {now} {b} now.": d.yes,
    }, f"Some that {'were' if was == 'was' else was} {a} before {'are' if now == 'is' else 'have'} {b} now."


def _result_ways(found: TreeDiff, group: Group) -> Ways:
    assert found.before is not None
    assert found.after is not None
    verb = "told" if group.kind == "result" else "shown on the way"
    words = f"“{_quoted(_result(found, group.about).action)}”"
    side = found.before if group.before else found.after
    having = (side.results if group.kind == "result" else side.shown)[group.about]
    now = f"{'no longer' if group.before else 'now'} {verb} {words}"
    relative = f"was {verb} {words} is not now" if group.before else f"is {verb} {words} now was not before"
    within = found.d.either(found.calm, group.where)
    ways = {f"Whoever{WHO} is {now}.": within, f"Whoever{WHO} {relative}.": found.d.both(within, having)}
    return ways, f"Some are {now}."


def _end(found: TreeDiff, group: Group) -> Ways:
    assert found.before is not None
    a, b = (_title(found, side, id) for side, id in ((BEFORE, group.before), (AFTER, group.after)))
    within = found.d.both(found.calm, found.d.having(found.before.ends, group.before))
    return {f"Whoever{WHO} came to “{a}” before comes to “{b}” now.": within}, (
        f"Some that came to “{a}” before come to “{b}” now."
    )


HIGHEST = {
    "lower": " A higher level was possible and is not any more.",
    "same": "",
    "higher": " A higher level is possible than before.",
}


def _settled(found: TreeDiff, group: Group) -> Ways:
    words = "settled before and is not now" if group.before else "not settled before and is now"
    more = HIGHEST[group.about]
    return {f"Whoever{WHO} has a level that was {words}.{more}": found.calm}, f"For some the level was {words}.{more}"


def _could_be(found: TreeDiff, group: Group) -> Ways:
    how, highest = group.about.split(", ")
    levels = {"more": "more levels than before", "fewer": "fewer levels than before", "others": "other levels"}
    return {}, f"For some whose level is not settled, {levels[how]} are possible.{HIGHEST[highest]}"


def _asked(found: TreeDiff, group: Group) -> Ways:
    words = f"{'no longer' if group.before else 'now'} asked “{found.questions[group.about].fact.text}”"
    return {f"Whoever{WHO} is {words}.": found.calm}, f"Some are {words}."


def _named(found: TreeDiff, group: Group) -> Ways:
    words = found.questions[group.about].fact.text
    return {}, f"Some are {'no longer' if group.before else 'now'} told that “{words}” would settle the level."


def _meanwhile(found: TreeDiff, group: Group) -> Ways:
    words = f"told {'later' if group.before else 'sooner'}, on the way, what to do about the {group.about}"
    return {f"Whoever{WHO} is {words}. At the end it is the same.": found.calm}, (
        f"Some are {words}. At the end it is the same."
    )


def _changed(found: TreeDiff, group: Group) -> Ways:
    words = _quoted(_result(found, group.about).action)
    return {}, f"Whoever is told “{words}” reads something else: {_parts(found, group.about)}."


def _answers(found: TreeDiff, group: Group) -> Ways:
    new = group.about == "new"
    side = found.after if new else found.before
    assert side is not None
    levels = found.d.values(found.d.choose(group.where, side.level, found.d.constant(NOWHERE)))
    come = _listed([grade(found, LEVEL, level) for level in sorted(level for level in levels if level is not NOWHERE)])
    words = [
        f"“{question.fact.label(name) if new else name}” to “{question.fact.text}”"
        for question in found.questions.values()
        for choice in question.choices
        if (name := choice.names[AFTER if new else BEFORE]) and choice.names[BEFORE if new else AFTER] is None
    ]
    how = (
        "can be given now and could not be given before. With it, the result is"
        if new
        else "can no longer be given. With it, the result was"
    )
    return (
        {},
        f"The answer {_listed(words)} {how} {come}."
        if words
        else f"Other answers are wanted; with them, the result is {come}.",
    )


def _reasons(found: TreeDiff, group: Group) -> Ways:
    gone, new = found.reasons(group)
    words = [f"no longer “{_quoted(one)}”" for one in gone[:2]] + [f"now “{_quoted(one)}”" for one in new[:2]]
    return (
        {},
        f"Only the reasons given differ: {'; '.join(words)}." if words else "Only the clauses beside a reason differ.",
    )


_WAYS: dict[str, Callable[[TreeDiff, Group], Ways]] = {
    LEVEL: _quantity,
    "quantity": _quantity,
    "result": _result_ways,
    "shown": _result_ways,
    "end": _end,
    "settled": _settled,
    "could-be": _could_be,
    "asked": _asked,
    "changed-result": _changed,
    "answers": _answers,
    "named": _named,
    "meanwhile": _meanwhile,
    "reasons": _reasons,
    "screens": lambda found, group: ({}, "Only the screens on the way differ: their order, headings or progress."),
}


def grade(found: TreeDiff, quantity: str, value: Any) -> str:
    """A height of a quantity in words: “level 3”, “without a level”, or the name that it goes by."""
    if quantity == LEVEL:
        return f"level {value}" if value else "without a level"
    known = [tree.library.quantities[quantity] for tree in found.trees if tree and quantity in tree.library.quantities]
    return next((f"“{one.name}”" for one in known[-1].grades if one.at == value), str(value))


def _result(found: TreeDiff, id: str) -> Any:
    return found.result(AFTER, id) or found.result(BEFORE, id)


def _title(found: TreeDiff, side: Side, id: str) -> str:
    tree = found.trees[side]
    return tree.steps[id].node.title if tree else id


def _parts(found: TreeDiff, id: str) -> str:
    """The parts of a result that changed, before and after."""
    was, now = (found.result(side, id) for side in (BEFORE, AFTER))
    told = []
    for name in sorted(found.changed(id)):
        if name in ("contacts", "wordings", "deadline", "points"):
            told.append(f"its {name}")
        else:
            told.append(
                f"its {name.replace('_', ' ')}, “{_quoted(getattr(was, name))}”, is now “{_quoted(getattr(now, name))}”"
            )
    return "; ".join(told)


def _listed(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), *names[-1:]] if len(names) > 1 else names)


def _quoted(value: Any) -> str:
    text = ", ".join(value) if isinstance(value, tuple) else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
