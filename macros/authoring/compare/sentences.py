"""Sentences: what a group says, to somebody who knows the questions and not the trees.

A group is told relative to what it has in common already, whichever way is the shortest: "all that are level 2 now and
answer X to Y were level 3 before", or the other way round. Where no condition is short enough the sentence says "some",
and the example says more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from macros.authoring.compare.answers import AFTER, BEFORE, Side
from macros.authoring.compare.behaviour import UNTOLD
from macros.authoring.compare.conditions import Part, condition, in_words, narrowed
from macros.authoring.compare.diagrams import Function
from macros.authoring.compare.difference import LEVEL, Group, TreeDiff

WHO, WHOEVER = "{who}", "{whoever}"
"""Where a template says what those it is about answer: “ answers X to Y and”, or nothing; and where it says no more of
them than that: “Whoever answers X to Y”, or everybody."""
LONGEST = 160
"""Characters of somebody's words that a sentence quotes."""
MOST_ENDS = 2
"""Outcomes by which a sentence says whom it speaks of."""
MOST = 400
"""Characters of a sentence that still says more than an example."""


def sentence(found: TreeDiff, group: Group, prefer: Sequence[int]) -> str:
    """What a group says. `prefer` are the questions, by number, that are named rather than others."""
    ways, otherwise = _WAYS[group.kind](found, group)
    asked = list(found.asked_at_all)
    if group.kind == "asked":  # whether it is put is what is told, so no answer to it says of whom
        asked[found.ids.index(group.about)] = found.d.yes
    shown = []
    for template, within in ways.items():
        parts = condition(found.d, group.where, found.d.both(within, found.both), prefer, asked)
        if parts is not None:
            shown.append(in_sentence(found, template, [narrowed(found.d, part, group.where) for part in parts]))
    short = min(shown, key=len, default=otherwise)
    return short if len(short) <= MOST else otherwise


def in_sentence(found: TreeDiff, template: str, parts: Sequence[Part]) -> str:
    """A template with those of whom one of the parts holds; with everybody, where a part asks for nothing."""
    questions = list(found.questions.values())
    who = [in_words(part, questions) for part in parts]
    answers = f" answers {', or '.join(who)}" if all(who) else ""
    everybody = "Everybody" if found.calm == found.both else "Everybody whose level and police contact stay the same"
    whoever = f"Whoever{answers}" if answers else everybody
    return template.replace(WHO, answers and f"{answers} and").replace(WHOEVER, whoever)


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
    verb = "told" if group.kind == "result" else "shown on the way"
    words = f"“{_quoted(_result(found, group.about).action)}”"
    side = found.before if group.before else found.after
    having = (side.results if group.kind == "result" else side.shown)[group.about]
    now = f"{'no longer' if group.before else 'now'} {verb} {words}"
    relative = f"was {verb} {words} before is not now" if group.before else f"is {verb} {words} now was not before"
    within = found.d.either(found.calm, group.where)
    ways = {f"{WHOEVER} is {now}.": within, f"Whoever{WHO} {relative}.": found.d.both(within, having)}
    for whose, among in _common(found, group):
        ways[f"Whoever{WHO} {whose} is {now}."] = found.d.both(within, among)
    return ways, f"Some are {now}."


def _common(found: TreeDiff, group: Group) -> Iterator[tuple[str, Function]]:
    """What the members of a group come to now, where that is one level, or one or two outcomes: in words, with all
    who come to it."""
    d, level = found.d, found.after.level
    if len(levels := found.values(level, group.where)) == 1 and levels != [0]:
        yield f"is {grade(found, LEVEL, levels[0])}", d.having(level, levels[0])
    ends = sorted(found.values(found.after.ends, group.where))
    if len(ends) <= MOST_ENDS:
        titles = _listed([f"“{_title(found, AFTER, end)}”" for end in ends])
        yield f"comes to {titles}", d.map(lambda end: end in ends, ("ends", tuple(ends)), found.after.ends)


def _end(found: TreeDiff, group: Group) -> Ways:
    a, b = (_title(found, side, id) for side, id in ((BEFORE, group.before), (AFTER, group.after)))
    within = found.d.both(found.calm, found.d.having(found.before.ends, group.before))
    ways = {f"Whoever{WHO} came to “{a}” before comes to “{b}” now.": within}
    return ways, f"Some that came to “{a}” before come to “{b}” now."


HIGHEST = {
    "lower": " A higher level was possible and is not any more.",
    "same": "",
    "higher": " A higher level is possible than before.",
}


def _settled(found: TreeDiff, group: Group) -> Ways:
    words = "settled before and is not now" if group.before else "not settled before and is now"
    more = HIGHEST[group.about]
    ways = {f"{WHOEVER} has a level that was {words}.{more}": found.calm}
    for whose, among in _common(found, group):
        ways[f"Whoever{WHO} {whose} has a level that was {words}.{more}"] = found.d.both(found.calm, among)
    return ways, f"For some the level was {words}.{more}"


def _could_be(found: TreeDiff, group: Group) -> Ways:
    how, highest = group.about.split(", ")
    levels = {"more": "more levels than before", "fewer": "fewer levels than before", "others": "other levels"}
    return {}, f"For some whose level is not settled, {levels[how]} are possible.{HIGHEST[highest]}"


def _asked(found: TreeDiff, group: Group) -> Ways:
    question = f"“{found.questions[group.about].fact.text}”"
    if group.about not in found.after.asked:
        return {}, f"{question} is no longer asked."
    words = f"{'no longer' if group.before else 'now'} asked {question}"
    ways = {f"{WHOEVER} is {words}.": found.calm}
    d, others = found.d, found.d.negation(group.where)
    for id, asked in found.before.asked.items():  # their functions are many: none is made of them, they are only met
        same = not d.meet(found.calm, asked, others) and not d.meet(group.where, d.negation(asked))
        if id != group.about and same:
            other, more = found.questions[id].fact.text, "" if group.before else " as well"
            ways = {f"Whoever is asked “{other}” is {words}{more}.": group.where}
    new = "" if group.about in found.before.asked else " The question is new."
    return {f"{way}{new}": within for way, within in ways.items()}, f"Some are {words}.{new}"


def _named(found: TreeDiff, group: Group) -> Ways:
    words = found.questions[group.about].fact.text
    if UNTOLD not in (group.before, group.after):
        return {}, f"Some are told another height to which “{words}” could take the level by itself."
    told = "no longer told" if group.after == UNTOLD else "now told"
    return {}, f"Some are {told} that “{words}” can change the level."


def _meanwhile(found: TreeDiff, group: Group) -> Ways:
    words = f"told {'later' if group.before else 'sooner'}, on the way, what to do about the {group.about}"
    words = f"{words}. At the end it is the same."
    return {f"{WHOEVER} is {words}": found.calm}, f"Some are {words}"


def _changed(found: TreeDiff, group: Group) -> Ways:
    words = _quoted(_result(found, group.about).action)
    return {}, f"Whoever is told “{words}” reads something else: {_parts(found, group.about)}."


def _answers(found: TreeDiff, group: Group) -> Ways:
    new = group.about == "new"
    side = AFTER if new else BEFORE
    levels = found.values(found.sides[side].level, group.where)
    come = _listed([grade(found, LEVEL, level) for level in sorted(levels)])
    words = [
        f"“{question.fact.label(name) if new else name}” to “{question.fact.text}”"
        for question in found.questions.values()
        for choice in question.choices
        if (name := choice.names[side]) and choice.names[1 - side] is None
    ]
    if not words:
        return {}, f"Other answers are wanted; with them, the result is {come}."
    how = "can be given now and could not be given before" if new else "can no longer be given"
    return {}, f"The answer {_listed(words)} {how}. With it, the result {'is' if new else 'was'} {come}."


def _reasons(found: TreeDiff, group: Group) -> Ways:
    gone, new = found.reasons(group)
    words = [f"no longer “{_quoted(one)}”" for one in gone[:2]] + [f"now “{_quoted(one)}”" for one in new[:2]]
    reasons = f"Only the reasons given differ: {'; '.join(words)}."
    return {}, reasons if words else "Only the clauses beside a reason differ."


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
    "leads": lambda found, group: (
        {},
        "Some whose level is not settled can come to another level than before once they know more: other open answers "
        "may be named as those that can change it.",
    ),
    "named": _named,
    "meanwhile": _meanwhile,
    "reasons": _reasons,
    "screens": lambda found, group: ({}, "Only the screens on the way differ: their order or headings."),
}


def grade(found: TreeDiff, quantity: str, value: Any) -> str:
    """A height of a quantity in words: “level 3”, “without a level”, or the name that it goes by."""
    if quantity == LEVEL:
        return f"level {value}" if value else "without a level"
    known = [tree.library.quantities[quantity] for tree in found.trees if quantity in tree.library.quantities]
    return next((f"“{one.name}”" for one in known[-1].grades if one.at == value), str(value))


def _result(found: TreeDiff, id: str) -> Any:
    return found.result(AFTER, id) or found.result(BEFORE, id)


def _title(found: TreeDiff, side: Side, id: str) -> str:
    return found.trees[side].steps[id].node.title


def _parts(found: TreeDiff, id: str) -> str:
    """The parts of a result that changed, before and after."""
    was, now = (found.result(side, id) for side in (BEFORE, AFTER))
    told = []
    for name in sorted(found.changed(id)):
        if name == "contacts":
            told.append(f"its contacts, {_contacts(found, id)}")
        elif name in ("wordings", "late", "deadline", "points"):
            told.append(f"its {name}")
        else:
            told.append(
                f"its {name.replace('_', ' ')}, “{_quoted(getattr(was, name))}”, is now “{_quoted(getattr(now, name))}”"
            )
    return "; ".join(told)


def _contacts(found: TreeDiff, id: str) -> str:
    """What became of the contacts of a result."""
    was, now = found.contacts(BEFORE, id), found.contacts(AFTER, id)
    told = [f"“{one.name}” is gone" for key, one in was.items() if key not in now]
    told += [f"“{one.name}” is new" for key, one in now.items() if key not in was]
    for key in [key for key in now if key in was]:
        for part, new in vars(now[key]).items():
            old = getattr(was[key], part)
            if old != new:
                told.append(f"{part.replace('_', ' ')} of “{now[key].name}” {_said(old)} before and {_said(new)} now")
    return "; ".join(told) or "in another order"


def _said(value: Any) -> str:
    return f"“{_quoted(value)}”" if value else "none"


def _listed(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), *names[-1:]] if len(names) > 1 else names)


def _quoted(value: Any) -> str:
    text = ", ".join(value) if isinstance(value, tuple) else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
