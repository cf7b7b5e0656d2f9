"""Diagnostics: what is wrong with authored data, where, and how to fix it.

Knows places in text files. A diagnostic is a value; as text it reads "file:line:column: [pointer] what. Fix: how".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

import yaml

from macros.authoring.sources.places import At, Part, everywhere
from macros.engine.record.reader import deepest

DEEPEST = 40
"""More brackets than authored data ever has in one another, and few enough for every reader of it."""
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
    def _root(self) -> yaml.Node | None:
        """The file as marked nodes. JSON is YAML here but for tabs; it is composed only when a place is asked for.

        The quick reader knows no half of a character; the slow one does.
        """
        for loader in (getattr(yaml, "CSafeLoader", yaml.SafeLoader), yaml.SafeLoader):
            try:
                return yaml.compose(self.text.replace("\t", " "), Loader=loader)
            except (yaml.YAMLError, ValueError):
                continue
        return None

    def place(self, path: Sequence[Part]) -> tuple[int, int]:
        """Line and column of the value at a path; of its nearest parent where the path goes nowhere."""
        node, mark = self._root, (1, 1)
        for part in path:
            if node is not None:
                mark = _mark(node)
            key, node = _child(node, part)
            if node is None:
                return mark
            mark = _mark(key or node)
        return _mark(node) if node is not None and not path else mark

    def span(self, path: Sequence[Part]) -> tuple[int, int]:
        """Where in the text the value at a path begins and ends. Raises KeyError if there is none."""
        node = self._root
        for part in path:
            _, node = _child(node, part)
        if node is None:
            raise KeyError(pointer(path))
        return node.start_mark.index, node.end_mark.index

    def diagnostic(self, kind: str, path: Sequence[Part], message: str, fix: str) -> Diagnostic:
        """What is wrong with the value at a path of this file."""
        line, column = self.place(path)
        return Diagnostic(kind, self.name, line, column, pointer(path), message, fix)

    def repeated_keys(self) -> Iterator[tuple[At, int, int]]:
        """Every key that an object already has: its path, line and column."""
        yield from _repeats(self._root, ())


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


def no_day(text: str) -> bool:
    """Whether a text, written year-month-day, names no day of the calendar."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return True
    return False


UNREAD = object()
"""Stands for the data of a file that is not JSON (None is JSON's null)."""


def read_source(path: Path, name: str) -> tuple[Source | None, object, list[Diagnostic]]:
    """A JSON file as Source and data, with what is wrong with it as text: encoding, syntax, repeated keys.

    The data is UNREAD where the file is not JSON at all.
    """
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = "This file is not UTF-8 text here."
        return (
            None,
            UNREAD,
            [Diagnostic("not-utf8", name, line, column, "", message, "save the file in the encoding UTF-8.")],
        )
    source = Source(name, text)
    if deepest(text) > DEEPEST:
        message, fix = "This is nested too deeply.", f"use at most {DEEPEST} brackets in one another."
        return source, UNREAD, [Diagnostic("too-deep", name, 1, 1, "", message, fix)]
    try:
        data = json.loads(text, parse_constant=_no_number)
    except ValueError as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        what = getattr(error, "msg", None) or f"{error}"
        fix = "look for a missing or an extra comma, quotation mark or bracket at this place or just before it."
        return source, UNREAD, [Diagnostic("not-json", name, line, column, "", f"This is not JSON: {what}.", fix)]
    repeats = [
        Diagnostic(
            "duplicate-key",
            name,
            line,
            column,
            pointer(path),
            f"“{path[-1]}” stands here a second time.",
            "keep one of the two: only the last would count.",
        )
        for path, line, column in (source.repeated_keys() if _has_repeats(text) else ())
    ]
    return source, data, [*repeats, *_strange(source, data)]


def _no_number(name: str) -> object:
    raise ValueError(f"{name} is no number")


def _strange(source: Source, data: object) -> Iterator[Diagnostic]:
    """A diagnostic for each text, keys among them, with a character that must not stand in authored words."""
    for path, value in everywhere(data):
        for text in (*path[-1:], value):
            if isinstance(text, str) and (found := STRANGE.search(text)):
                message = f"A character stands here that nobody can see or print: U+{ord(found[0]):04X}."
                yield source.diagnostic("strange-character", path, message, "take it out.")


def _has_repeats(text: str) -> bool:
    found = []

    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        found.append(len({key for key, _ in items}) < len(items))
        return dict(items)

    json.loads(text, object_pairs_hook=pairs)
    return any(found)


def _repeats(node: yaml.Node | None, path: At) -> Iterator[tuple[At, int, int]]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield (*path, key.value), *_mark(key)
            seen.add(key.value)
            yield from _repeats(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            yield from _repeats(value, (*path, i))


def _mark(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _child(node: yaml.Node | None, part: Part) -> tuple[yaml.Node | None, yaml.Node | None]:
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == str(part)), (None, None))
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and 0 <= part < len(node.value):
        return None, node.value[part]
    return None, None
