"""Answers: what a reader may say to a fact, and what is wrong with anything else.

Knows facts and raw values; every fault is a value of its own (`Problem`), never an exception.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .guards import Value
from .library import Fact
from .uktime import FORM, is_skipped, read_time

LONGEST_TEXT = 20_000
MOST_ANSWERS = 500


@dataclass(frozen=True)
class Problem:
    """Something an answer is not: `kind` for machines, `message` for people, `fact` for the place.

    `parts` are the fields that are meant, where a fact has several.
    """

    kind: str
    fact: str
    message: str
    parts: tuple[str, ...] = ()


def read_answer(fact: Fact, raw: object) -> Value | Problem:
    """The value that a raw answer stands for, or the problem with it.

    Takes what a form, a record or a test gave: a string, or a list of strings for a checklist. A checklist comes
    back as a tuple in the order of its options. Never raises.
    """
    if fact.kind == "any_of":
        return _checklist(fact, raw)
    if not isinstance(raw, str):
        return Problem("wrong-type", fact.id, f"“{fact.text}” takes one answer, as text.")
    if fact.kind == "text":
        too_long = Problem("too-long", fact.id, f"Use at most {LONGEST_TEXT:,} characters here.")
        return raw if len(raw) <= LONGEST_TEXT else too_long
    return _time(fact, raw) if fact.kind == "datetime" and raw not in fact.values else _choice(fact, raw)


def _choice(fact: Fact, raw: str) -> Value | Problem:
    raw = fact.formerly.get(raw, raw)
    if not raw:
        too = " “Not known” is an answer too." if "not_known" in fact.values else ""
        return Problem("missing", fact.id, f"Choose an answer.{too}")
    return raw if raw in fact.values else _no_option(fact)


def _no_option(fact: Fact) -> Problem:
    return Problem("impossible-value", fact.id, "That is not one of the answers to this question.")


def _time(fact: Fact, raw: str) -> Value | Problem:
    if not raw:
        return Problem("missing", fact.id, "Give the day and the time, or choose “not known”.")
    time = read_time(raw)
    if not time:
        return Problem("impossible-value", fact.id, "Give a day and a time, such as 26 November 2026, 14:30.")
    if is_skipped(time):
        return Problem("skipped", fact.id, f"There was no {time:%H:%M} that night: the clocks went forward.")
    return time.strftime(FORM)


def _checklist(fact: Fact, raw: object) -> Value | Problem:
    if not isinstance(raw, list | tuple) or not all(isinstance(v, str) for v in raw):
        return Problem("wrong-type", fact.id, f"“{fact.text}” takes a list of answers.")
    if not raw:
        return Problem("missing", fact.id, "Choose at least one. “None of these” and “not known” are answers too.")
    if len(raw) > len(fact.options) or not set(raw) <= set(fact.values):
        return _no_option(fact)
    chosen = tuple(v for v in fact.values if v in raw)
    if len(chosen) > 1 and any(v in fact.exclusive for v in chosen):
        return Problem(
            "not-together",
            fact.id,
            "“None of these” and “not known” stand alone: choose one of them, or the ones that apply.",
        )
    return chosen


def unknown_facts(facts: Mapping[str, Fact], answers: Mapping[str, object]) -> list[Problem]:
    """A problem for each answer to something that is not a fact at all."""
    strange = [name for name in answers if name not in facts]
    return [Problem("unknown-fact", str(name)[:80], "There is no such question.") for name in strange[:20]]
