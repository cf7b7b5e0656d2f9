"""Files that editors write, as text and as JSON: read whatever system left them, or named with place and fix.

The one way from bytes to text for data, schemas, locks and pages. A byte-order mark, other line ends and a last line
without an end are read. Two bytes a character, padding and names in other letters are named: git, MkDocs and other
machines would read them otherwise than we do.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from macros.authoring.sources.diagnostics import STRANGE, Diagnostic, Source
from macros.authoring.sources.places import everywhere
from macros.engine.record.reader import deepest
from macros.engine.record.saved import place_in, read_saved

DEEPEST = 40
"""More brackets than authored data ever has in one another, and few enough for every reader of it."""

AS_UTF8 = "save the file again in the encoding UTF-8."
JOURNEYS = "tests/journeys"
WRITTEN = {"decision_trees": ".json", JOURNEYS: ".json", "schemas": ".json", "docs": ".md"}
"""The folders whose files are read, and how the names of those files end. All names are in small letters."""
SETTINGS = "mkdocs.yml"


def text_of(path: Path) -> str:
    """The text of a file that `read_text` has nothing to say against; "" where there is none."""
    return read_saved(path.read_bytes()).text or ""


def read_text(path: Path, name: str) -> tuple[str, list[Diagnostic]]:
    """The text of a file, which diagnostics call `name`, and what keeps it from being taken as it is.

    Raises OSError.
    """
    saved = read_saved(path.read_bytes())
    if saved.text is None:
        told = f"This file is not {saved.encoding} text here."
        return "", [Diagnostic("not-utf8", name, saved.line, saved.column, "", told, AS_UTF8)]
    if saved.encoding != "UTF-8":
        told = f"This file is text in the encoding {saved.encoding}, which other programs here cannot read."
        return saved.text, [Diagnostic("not-utf8", name, 1, 1, "", told, AS_UTF8)]
    if saved.padded:
        told = "Behind the end of this file stand characters that nobody can see: empty bytes or Ctrl-Z."
        return saved.text, [Diagnostic("strange-character", name, *place_in(saved.text), "", told, "take them out.")]
    return saved.text, []


def illegible(root: Path) -> Iterator[Diagnostic]:
    """All that keeps the files of the project in folder `root` from being read as text and found by their names."""
    for folder, ending in WRITTEN.items():
        if other := other_case(root / folder):
            yield misnamed(folder, other)
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.suffix.lower() != ending or not path.is_file():
                continue
            below = path.relative_to(root / folder).as_posix()
            if below != below.lower():
                yield misnamed(f"{folder}/{below.lower()}", below)
            text, found = read_text(path, name)
            yield from found or (_strange(text, name) if ending == ".md" else ())
    if other := other_case(root / SETTINGS):
        yield misnamed(SETTINGS, other)
    elif (root / SETTINGS).is_file():
        yield from read_text(root / SETTINGS, SETTINGS)[1]


def _strange(text: str, name: str) -> Iterator[Diagnostic]:
    """The first character of a page that nobody sees. (Of data, what its strings say is looked at.)"""
    if found := STRANGE.search(text):
        place = place_in(text[: found.start()])
        yield Diagnostic("strange-character", name, *place, "", _nobody_sees(found[0]), "take it out.")


def _nobody_sees(character: str) -> str:
    return f"A character stands here that nobody can see or print: U+{ord(character):04X}."


def other_case(path: Path) -> str:
    """The name in other letters that a file or folder has which is not there as `path` names it; "" if none has.

    Some systems take both for one file, and others do not.
    """
    names = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
    same = (name for name in names if name.casefold() == path.name.casefold())
    return "" if path.name in names else next(same, "")


def misnamed(name: str, other: str) -> Diagnostic:
    """What to do about a file that is called `other` where `name` is looked for."""
    wanted = "/".join(name.split("/")[-1 - other.count("/") :])
    told = f"This is called “{other}” here, and to other systems capital letters are other letters."
    return Diagnostic("wrong-case", name, 1, 1, "", told, f"rename it “{wanted}”.")


# ---- JSON


UNREAD = object()
"""Stands for the data of a file that is not JSON (None is JSON's null)."""


Read = tuple[Source, object, list[Diagnostic]]


def read_source(path: Path, name: str) -> Read:
    """A JSON file as Source and data, with what is wrong with it as text: encoding, syntax, repeated keys.

    The data is UNREAD where the file is not JSON at all.
    """
    text, found = read_text(path, name)
    source = Source(name, text)

    def unread(kind: str, place: tuple[int, int], message: str, fix: str) -> Read:
        return source, UNREAD, [Diagnostic(kind, name, *place, "", message, fix)]

    if found:
        return source, UNREAD, found
    if not text.strip():
        return unread("not-json", (1, 1), "This file is empty.", "bring back what stood in it.")
    if deepest(text) > DEEPEST:
        fix = f"use at most {DEEPEST} brackets in one another."
        return unread("too-deep", (1, 1), "This is nested too deeply.", fix)
    again = False

    def an_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal again
        made = dict(pairs)
        again = again or len(made) < len(pairs)
        return made

    try:
        data = json.loads(text, object_pairs_hook=an_object, parse_constant=_no_number)
    except ValueError as error:
        place = (getattr(error, "lineno", 1), getattr(error, "colno", 1))
        what = getattr(error, "msg", None) or f"{error}"
        fix = "look for a missing or an extra comma, quotation mark or bracket at this place or just before it."
        return unread("not-json", place, f"This is not JSON: {what}.", fix)
    return source, data, [*(source.repeated_keys() if again else ()), *_unseen(source, data)]


def _no_number(name: str) -> object:
    raise ValueError(f"{name} is no number")


def _unseen(source: Source, data: object) -> Iterator[Diagnostic]:
    """A diagnostic for each text, keys among them, with a character that must not stand in authored words."""
    for path, value in everywhere(data):
        for text in (*path[-1:], value):
            if isinstance(text, str) and (found := STRANGE.search(text)):
                yield source.diagnostic("strange-character", path, _nobody_sees(found[0]), "take it out.")
