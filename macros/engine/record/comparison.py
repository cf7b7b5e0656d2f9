"""What a record says came of its answers, beside what comes of them today: whether it differs, in what, and why.

Knows a record that was read and a journey walked today; decides nothing. What the reader then sees is today's result.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..analysis.outlook import settle
from ..html.answered import answer_words
from ..html.view import View
from ..model.approval import approval_of
from ..model.library import Library
from ..model.walk import Journey
from .reader import Record, usable
from .record import result_of

OUTCOME = frozenset(
    {"unfinished", "outcome", "level", "settled", "police", "action-new", "action-gone", "action-words"}
)
"""The kinds of difference that make it another outcome; the others say why, or change nothing for now."""


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was: its kind, and a sentence."""

    kind: str
    words: str


@dataclass(frozen=True)
class Comparison:
    """A record beside today's journey of the same answers."""

    differences: tuple[Difference, ...]
    same_version: bool
    approval_then: str
    approval_now: str
    since: tuple[str, ...] = ()
    """What became of such results since the record's version, for whom: known for the last releases alone."""

    @property
    def same_outcome(self) -> bool:
        """Whether a reader would be told the same today."""
        return not any(difference.kind in OUTCOME for difference in self.differences)

    def of(self, *kinds: str) -> tuple[Difference, ...]:
        return tuple(difference for difference in self.differences if difference.kind in kinds)


def compare(view: View, record: Record, journey: Journey) -> Comparison:
    """The comparison of a record with the journey that its answers make today."""
    library = view.library
    return Comparison(
        (*_outcome(view, record.result, journey), *_answers(view, record, journey)),
        record.version == library.version,
        str(record.data["approval"]["notice"]),
        approval_of(library.approval)["notice"],
        tuple(_since(view, record, journey)),
    )


def _since(view: View, record: Record, journey: Journey) -> Iterator[str]:
    """The sentences that a comparison of the record's version with this one has for what differs."""
    known = view.library.since.get(record.version, {}).get(view.tree.id, {})
    ended = settle(view.tree, journey) if known else None
    if ended is None:
        return
    then, now = record.result, result_of(view, ended)
    keys = [f"level/level/{then['level'] or 0:.0f}/{now['level'] or 0:.0f}"]
    keys += [f"quantity/police/{then['police']:.0f}/{now['police']:.0f}"]
    told = [[action["id"] for action in side["actions"]] for side in (then, now)]
    keys += [f"result/{id}/True/False" for id in told[0] if id not in told[1]]
    keys += [f"result/{id}/False/True" for id in told[1] if id not in told[0]]
    yield from (known[key] for key in dict.fromkeys(keys) if key in known)


def _outcome(view: View, then: Mapping[str, Any], journey: Journey) -> Iterator[Difference]:
    ended = settle(view.tree, journey)
    if ended is None:
        facts = journey.screens[-1].facts if journey.screens else ()
        asked = " ".join(view.library.facts[fact].text for fact in facts)
        yield Difference("unfinished", f"Today’s check asks a question that the record does not answer: {asked}")
        if then["police"]:  # what was told stands until something else is found
            yield Difference("police", f"Police: the record says “{then['police_name']}”. Until then, that holds.")
        return
    now = result_of(view, ended)
    yield from _numbers(then, now)
    yield from _actions(then["actions"], now["actions"])
    yield from _reasons(then["reasons"], now["reasons"])


def _numbers(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    if then["police"] != now["police"]:
        yield Difference("police", f"Police: then “{then['police_name']}”, now “{now['police_name']}”.")
    if then["level"] != now["level"]:
        yield Difference("level", f"Level: then {_level(then)}, now {_level(now)}.")
    if _settled(then) != _settled(now):
        yield Difference("settled", f"How sure: then {_settled(then)}, now {_settled(now)}.")
    if then["outcome"] != now["outcome"]:
        yield Difference("outcome", f"Result: then “{then['title']}”, now “{now['title']}”.")


def _level(result: Mapping[str, Any]) -> str:
    return f"level {result['level']:.0f}" if result["level"] is not None else "no level"


def _settled(result: Mapping[str, Any]) -> str:
    if result["settled"]:
        return "settled"
    named = [f"level {n:.0f}" if n else "no level" for n in sorted(result["could_be"], key=lambda n: n or 9)]
    return f"not settled ({' or '.join(named)})"


ACTED_ON = ("action", "actor", "timescale", "by", "points", "contacts")
"""The parts of an action that a reader acts on."""


def _actions(then: list[Any], now: list[Any]) -> Iterator[Difference]:
    old, new = {action["id"]: action for action in then}, {action["id"]: action for action in now}
    for id, action in new.items():
        if id not in old:
            yield Difference("action-new", f"New: {_quoted(action)}")
        elif any(action[part] != old[id][part] for part in ACTED_ON):
            yield Difference(
                "action-words", f"In other words now: {_quoted(action)} The record has: {_quoted(old[id])}"
            )
    for id, action in old.items():
        if id not in new:
            yield Difference("action-gone", f"No longer: {_quoted(action)}")


def _quoted(action: Mapping[str, Any]) -> str:
    """An action, quoted, with its actor and timescale where it has them."""
    who_and_when = [
        f" {what}: {words}." for what, words in (("Who", action["actor"]), ("When", action["timescale"])) if words
    ]
    rest = "; ".join(filter(None, [action["by"], *action["points"], *action["contacts"]]))
    return f"“{action['action']}”{''.join(who_and_when)}{f' ({rest})' if rest else ''}"


def _reasons(then: list[Any], now: list[Any]) -> Iterator[Difference]:
    """Reasons by their words: their ids are places, and a place moves when something is put before it."""
    old, new = ({reason["because"]: None for reason in side} for side in (then, now))
    yield from (Difference("reason-new", f"Counts now: {words}") for words in new if words not in old)
    yield from (Difference("reason-gone", f"No longer counts: {words}") for words in old if words not in new)


def _answers(view: View, record: Record, journey: Journey) -> Iterator[Difference]:
    library = view.library
    ahead = set() if journey.outcome else set(view.tree.facts())
    for given in record.data["answers"]:
        fact, said = given["fact"], f"{given['question']} {given['answer']}"
        if fact not in library.facts:
            yield Difference("answer-unknown", f"No longer asked: {said}")
        elif not usable(library, fact, given["value"]):
            yield Difference("answer-unusable", f"No longer an answer: {said}")
        elif fact not in journey.answers and fact in ahead:
            yield Difference("answer-unused", f"Answered, but today’s check has not come to it yet: {said}")
        elif fact not in journey.answers:
            yield Difference("answer-unused", f"Answered, but today’s check does not come to it: {said}")
        elif _reworded(library, fact, given, journey):
            now = f"{library.facts[fact].text} {answer_words(library.facts[fact], journey.answers[fact])}"
            yield Difference("answer-words", f"Asked in other words now: {now} The record has: {said}")
    for written in record.data["narrative"]:
        if written["text"] and written["fact"] not in journey.answers and written["fact"] not in ahead:
            yield Difference("narrative-unused", f"No longer asked: {written['question']} You wrote: {written['text']}")


def _reworded(library: Library, fact: str, given: Mapping[str, Any], journey: Journey) -> bool:
    """Whether an answer now means something else to whoever reads it: the question's words or the answer's changed."""
    words = str(answer_words(library.facts[fact], journey.answers[fact]))
    return bool((library.facts[fact].text, words) != (given["question"], given["answer"]))
