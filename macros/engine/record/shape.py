"""The shape of a record: what may stand where, and how much of it.

The kinds of shapes first, then the table (RECORD). It is schemas/record.schema.json without the words for people and
without a library: tests/test_record.py makes the one of the other. It refuses to know what a record means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..html.keeping import VALID_HOURS
from ..model.answers import LONGEST_TEXT, MOST_ANSWERS
from ..model.remarks import OPINIONS
from .record import FORMAT, MARK


@dataclass(frozen=True)
class Fault:
    """What is wrong in the shape, and where: `place` names it as "result / level"."""

    kind: str
    place: str


@dataclass(frozen=True)
class Text:
    """Text up to a length, which may have to look like something."""

    longest: int
    looks_like: str = ""

    def faults(self, value: object, place: str) -> Iterator[Fault]:
        if not isinstance(value, str):
            yield Fault("wrong-type", place)
        elif self.looks_like and not re.fullmatch(self.looks_like, value, re.ASCII):
            yield Fault("wrong-value", place)
        elif len(value) > self.longest:
            yield Fault("too-long", place)


@dataclass(frozen=True)
class Whole:
    """A whole number within limits."""

    lowest: int
    highest: int

    def faults(self, value: object, place: str) -> Iterator[Fault]:
        if isinstance(value, bool) or not isinstance(value, int | float) or (value % 1):  # not 1.5, nor infinity
            yield Fault("wrong-type", place)
        elif not self.lowest <= value <= self.highest:
            yield Fault("wrong-value", place)


@dataclass(frozen=True)
class Flag:
    """True or false."""

    def faults(self, value: object, place: str) -> Iterator[Fault]:
        if not isinstance(value, bool):
            yield Fault("wrong-type", place)


@dataclass(frozen=True)
class One:
    """One of some values."""

    values: tuple[object, ...]

    def faults(self, value: object, place: str) -> Iterator[Fault]:
        if isinstance(value, bool) or value not in self.values:
            yield Fault("wrong-value", place)


@dataclass(frozen=True)
class Maybe:
    """Something, or null."""

    shape: Shape

    def faults(self, value: object, place: str) -> Iterator[Fault]:
        if value is not None:
            yield from self.shape.faults(value, place)


@dataclass(frozen=True)
class Many:
    """A list of the same, up to a number."""

    shape: Shape
    most: int

    def faults(self, value: object, place: str) -> Iterator[Fault]:
        if not isinstance(value, list):
            yield Fault("wrong-type", place)
        elif len(value) > self.most:
            yield Fault("too-many", place)
        else:
            for n, each in enumerate(value, 1):
                yield from self.shape.faults(each, f"{place} / {n}")


@dataclass(frozen=True)
class Either:
    """Text, or a list."""

    text: Text
    listed: Many

    def faults(self, value: object, place: str) -> Iterator[Fault]:
        yield from (self.listed if isinstance(value, list) else self.text).faults(value, place)


@dataclass(frozen=True)
class Parts:
    """An object with just these parts, each of its shape."""

    parts: Mapping[str, Shape]

    def faults(self, value: object, place: str) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield Fault("wrong-type", place or "the whole")
            return
        inside = f"{place} / " if place else ""
        yield from (Fault("part-missing", f"{inside}{name}") for name in self.parts if name not in value)
        yield from (Fault("part-unknown", f"{inside}{name[:60]}") for name in value if name not in self.parts)
        for name, shape in self.parts.items():
            if name in value:
                yield from shape.faults(value[name], f"{inside}{name}")


Shape = Text | Whole | Flag | One | Maybe | Many | Either | Parts

WORDS = Text(3_000)
WRITTEN = Text(LONGEST_TEXT)
NAME = Text(80, r"[A-Za-z0-9][A-Za-z0-9_./-]*")
BASIS = Text(10, r"source|(SR|DC)-[0-9]{1,3}")
MOMENT = Text(20, r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
VALUE = Text(80, r"[A-Za-z0-9][A-Za-z0-9_:-]*")  # an option, or a time
CLAUSES = Many(Parts({"id": NAME, "title": WORDS}), 100)

ACTION = Parts(
    {
        "id": NAME,
        "group": NAME,
        "action": WORDS,
        "actor": WORDS,
        "timescale": WORDS,
        "by": WORDS,
        "points": Many(WORDS, 100),
        "note": WORDS,
        "contacts": Many(WORDS, 20),
        "clauses": CLAUSES,
        "basis": BASIS,
    }
)
REASON = Parts({"id": NAME, "because": WORDS, "decided": Flag(), "clauses": CLAUSES, "basis": BASIS})
RESULT = Parts(
    {
        "outcome": NAME,
        "title": WORDS,
        "found": WORDS,
        "text": WORDS,
        "level": Maybe(Whole(1, 4)),
        "level_name": WORDS,
        "settled": Flag(),
        "unsettled": WORDS,
        "could_be": Many(Whole(0, 4), 5),
        "police": Whole(0, 2),
        "police_name": WORDS,
        "actions": Many(ACTION, 100),
        "reasons": Many(REASON, 200),
        "not_known": Many(Parts({"fact": NAME, "question": WORDS, "find_out": WORDS}), MOST_ANSWERS),
    }
)
RECORD = Parts(
    {
        "record": One((MARK,)),
        "format": One((FORMAT,)),
        "notice": WORDS,
        "approval": Parts(
            {"status": One(("draft", "approved")), "approved_by": WORDS, "approved_on": WORDS, "notice": WORDS}
        ),
        "version": Text(80, r"[0-9a-z]*"),
        "tool": Parts({"id": NAME, "title": WORDS}),
        "made": Parts(
            {
                "at": Maybe(MOMENT),
                "uk_time": WORDS,
                "valid_until": Maybe(MOMENT),
                "valid_until_uk_time": WORDS,
                "valid_hours": One((VALID_HOURS,)),
                "basis": BASIS,
            }
        ),
        "answers": Many(
            Parts({"fact": NAME, "question": WORDS, "value": Either(VALUE, Many(VALUE, 50)), "answer": WORDS}),
            MOST_ANSWERS,
        ),
        "narrative": Many(Parts({"fact": NAME, "question": WORDS, "text": WRITTEN}), 50),
        "judgement": Parts({"opinion": One(("", *OPINIONS)), "why": WRITTEN}),
        "result": RESULT,
    }
)


def fault_in(record: Any) -> Fault | None:
    """The first thing wrong in the shape of a record, or None."""
    return next(RECORD.faults(record, ""), None)
