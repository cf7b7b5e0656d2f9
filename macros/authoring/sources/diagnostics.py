"""Diagnostics: what is wrong with authored data, where, and how to fix it.

Knows places in text files. A diagnostic is a value; as text it reads "file:line:column: [pointer] what. Fix: how".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from typing import NamedTuple

import yaml

from macros.authoring.sources.places import At, Part

STRANGE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
"""Characters that no reader sees, that turn others around, or that are none: what is shown is not what is written."""


@dataclass(frozen=True)
class Diagnostic:
    """One thing wrong. `kind` is for machines; `line` and `column` count from 1."""

    kind: str
    file: str
    line: int
    column: int
    pointer: str
    message: str
    fix: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}:"
        at = f" [{self.pointer}]" if self.pointer else ""
        return STRANGE.sub("\N{REPLACEMENT CHARACTER}", f"{where}{at} {self.message} Fix: {self.fix}")


@dataclass(frozen=True)
class Source:
    """A JSON file with its text, so that any place in its data can be told by line and column."""

    name: str
    text: str

    @cached_property
    def _values(self) -> list[_Marked]:
        """Every value of the file with its marks. JSON is YAML here but for tabs; it is composed only when asked for.

        The quick reader knows no half of a character; the slow one does.
        """
        for loader in (getattr(yaml, "CSafeLoader", yaml.SafeLoader), yaml.SafeLoader):
            with suppress(yaml.YAMLError, ValueError):
                root = yaml.compose(self.text.replace("\t", " "), Loader=loader)
                return list(_marked(root, root)) if root else []
        return []

    @cached_property
    def _by_path(self) -> dict[At, _Marked]:
        """The same by path; of keys that stand twice, the first."""
        return {one.path: one for one in reversed(self._values)}

    def place(self, path: Sequence[Part]) -> tuple[int, int]:
        """Line and column of the value at a path; of its nearest parent where the path goes nowhere."""
        above = (tuple(path[:length]) for length in range(len(path), -1, -1))
        return next((self._by_path[at].place for at in above if at in self._by_path), (1, 1))

    def span(self, path: Sequence[Part]) -> tuple[int, int]:
        """Where in the text the value at a path begins and ends. Raises KeyError if there is none."""
        node = self._by_path[tuple(path)].node
        return node.start_mark.index, node.end_mark.index

    def diagnostic(self, kind: str, path: Sequence[Part], message: str, fix: str) -> Diagnostic:
        """What is wrong with the value at a path of this file."""
        line, column = self.place(path)
        return Diagnostic(kind, self.name, line, column, pointer(path), message, fix)

    def unknown(self, what: str, path: Sequence[Part], id: str, known: Iterable[str], message: str = "") -> Diagnostic:
        """That a place names something that is not there. `message` may say so in words of its own."""
        message = message or f"There is no {what} “{id}”."
        return self.diagnostic(f"unknown-{what}", path, message, did_you_mean(id, list(known)))

    def repeated_keys(self) -> Iterator[Diagnostic]:
        """Every key that its object already has."""
        for one in self._values:
            if one.again:
                told = f"“{one.path[-1]}” stands here a second time."
                fix = "keep one of the two: only the last would count."
                yield Diagnostic("duplicate-key", self.name, *one.place, pointer(one.path), told, fix)


class _Marked(NamedTuple):
    """A value of a file: its path, where it begins (with its key, if it has one), and whether its key stood before."""

    path: At
    begin: yaml.Node
    node: yaml.Node
    again: bool

    @property
    def place(self) -> tuple[int, int]:
        return self.begin.start_mark.line + 1, self.begin.start_mark.column + 1


def _marked(begin: yaml.Node, node: yaml.Node, path: At = (), *, again: bool = False) -> Iterator[_Marked]:
    yield _Marked(path, begin, node, again)
    inside: list[tuple[Part, yaml.Node, yaml.Node]] = []
    if isinstance(node, yaml.MappingNode):
        inside = [(key.value, key, value) for key, value in node.value]
    elif isinstance(node, yaml.SequenceNode):
        inside = [(i, value, value) for i, value in enumerate(node.value)]
    seen: set[Part] = set()
    for part, key, value in inside:
        yield from _marked(key, value, (*path, part), again=part in seen)
        seen.add(part)


def pointer(path: Sequence[Part]) -> str:
    """The JSON pointer (RFC 6901) of a path."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def did_you_mean(wrong: str, known: Sequence[str]) -> str:
    """ "Did you mean …?" for a near miss; else the ids there are, or a few of them."""
    near = get_close_matches(wrong, known, 1, 0.6)
    if near:
        return f"did you mean “{near[0]}”?"
    some = ", ".join(sorted(known)[:12])
    return f"use one of: {some}{', …' if len(known) > 12 else ''}."


DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def no_day(text: str) -> bool:
    """Whether a text names no day of the calendar, written year-month-day."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return True
    return not DAY.fullmatch(text)


def to_come(text: str) -> bool:
    """Whether a text names a day after today, on which nobody can have done anything yet."""
    return not no_day(text) and date.fromisoformat(text) > date.today()
