"""A file that somebody wants to open: a record that can be trusted to be one, or the reason why not.

Whatever the file holds, nothing is raised, nothing is run, and every refusal has a kind, a sentence and a fix. What
a record says of its answers is checked against what the same version makes of them; of another version, the answers
alone are gone by, and comparison.py says what differs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..analysis.outlook import settle
from ..html.keeping import LONGEST_RECORD
from ..html.view import View
from ..model.answers import Problem, read_answer
from ..model.library import Library
from ..model.remarks import Remarks
from ..model.tree import Tree
from ..model.uktime import read_utc
from ..model.walk import walk
from .record import FORMAT, MARK, record_of
from .saved import place_in, read_saved
from .shape import fault_in

DEEPEST = 20
"""How many objects and lists may stand in one another; a record needs six."""
RESERVED_KEYS = frozenset({"__proto__", "constructor", "prototype"})
"""Keys that mean something to a browser's own objects, and never stand in a record."""

AGAIN = "Choose the file that you downloaded from here, or do the check again."
OTHER_FILE = "Choose another file."
REFUSALS: Mapping[str, tuple[str, str]] = {
    "no-file": ("No file is chosen.", "Choose a file first."),
    "too-large": ("This file is far larger than any record of this check.", OTHER_FILE),
    "not-text": (
        "From one place on this file is no text that can be read: {what}.",
        f"If a program saved it again, save it there as UTF-8 text. If not, it is no record, or damaged. {AGAIN}",
    ),
    "empty": ("This file is empty.", AGAIN),
    "half-characters": ("This file holds pieces of characters, as a damaged file does.", AGAIN),
    "too-deep": ("This file holds more levels within each other than a record has.", OTHER_FILE),
    "cut-short": ("This file ends in the middle: its end is missing.", AGAIN),
    "not-json": ("This file is damaged, or it is another kind of file.", AGAIN),
    "key-twice": ("This file says the same thing twice: “{what}”. A record never does.", AGAIN),
    "reserved-key": (
        "This file holds “{what}”, which no record holds and which could do harm in a browser.",
        OTHER_FILE,
    ),
    "no-number": ("This file holds “{what}” in place of a number.", AGAIN),
    "foreign": ("This file can be read, but it is not a record of this check.", OTHER_FILE),
    "newer-format": (
        "This record was made by a newer version of this site than the one you see.",
        "Reload this page and open the record again. If it is still refused, ask the people who run this site.",
    ),
    "part-missing": ("A part of this record is missing: {what}.", AGAIN),
    "part-unknown": ("This record holds a part that no record has: {what}.", AGAIN),
    "wrong-type": ("A part of this record is of the wrong kind: {what}.", AGAIN),
    "wrong-value": ("A part of this record says something that it cannot say: {what}.", AGAIN),
    "too-long": ("A text in this record is longer than it can be: {what}.", AGAIN),
    "too-many": ("A list in this record is longer than it can be: {what}.", AGAIN),
    "unknown-tool": (
        "This record is of a check that this site does not have: “{what}”.",
        "Use the checks on this site.",
    ),
    "other-tool": ("This record is of another check: “{what}”.", "Open it on the page of that check:"),
    "answered-twice": ("This record answers a question twice: “{what}”.", AGAIN),
    "unknown-question": ("This record answers a question that its version of the check never asked: “{what}”.", AGAIN),
    "impossible-answer": ("This record holds an answer that cannot be given: “{what}”.", AGAIN),
    "nothing-usable": (
        "This record is of another version, and none of its answers can be used in this one.",
        "Do the check again.",
    ),
    "altered": (
        "This record was changed or damaged after it was made: what it says does not follow from its answers.",
        "Do the check again, and do not go by the file.",
    ),
}


@dataclass(frozen=True)
class Refusal:
    """Why a file is not opened: `kind` for machines, `message` and `fix` for people; `tool` where another opens it."""

    kind: str
    message: str
    fix: str
    tool: str = ""


@dataclass(frozen=True)
class Record:
    """A record that was read: `data` has the shape of a record, `answers` are as it gives them, usable or not."""

    data: Mapping[str, Any]
    answers: Mapping[str, str | list[str]]
    remarks: Remarks
    made: datetime | None

    @property
    def version(self) -> str:
        return str(self.data["version"])

    @property
    def result(self) -> Mapping[str, Any]:
        """What it says came of the answers."""
        found: Mapping[str, Any] = self.data["result"]
        return found


class Refused(Exception):
    """Raised on the way, and turned into a Refusal before anybody else can see it."""

    def __init__(self, kind: str, what: str = "", tool: str = "") -> None:
        super().__init__(kind)
        self.kind, self.what, self.tool = kind, what, tool


def refusal(kind: str, what: str = "", tool: str = "") -> Refusal:
    """The refusal of a kind; `what` names the place in the file."""
    message, fix = REFUSALS[kind]
    return Refusal(kind, message.replace("{what}", _short(what)), fix, tool)


def _short(what: str) -> str:
    shown = "".join(c for c in what if c.isprintable())
    return shown if len(shown) <= 80 else f"{shown[:79]}…"


def read_record(tree: Tree, content: bytes | str | None, size: int = 0) -> Record | Refusal:
    """The record that a file holds, for the tool `tree`, or why it is refused. Never raises.

    Takes the file's bytes, or its text (None: it is no text), and its size in bytes as the page knows it.
    """
    try:
        data = read_json(content, size)
        return _checked(tree, _shaped(data))
    except Refused as refused:
        return refusal(refused.kind, refused.what, refused.tool)


# ---- from text to JSON -------------------------------------------------------------------------------------------

STRINGS = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
"""Strings, the last of which may lack its end: so each character is looked at once, whatever the file holds."""
HALVES = re.compile("[\ud800-\udfff]")


def read_json(content: bytes | str | None, size: int) -> Any:
    """What the text says. Raises Refused if it is no JSON, or JSON that two readers could read in two ways."""
    if size > LONGEST_RECORD or len(content or "") > LONGEST_RECORD:
        raise Refused("too-large")
    content = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    saved = read_saved(b"\xff" if content is None else content)
    text = saved.text
    if text is None or "\0" in text:
        line, column = (saved.line, saved.column) if text is None else place_in(text.partition("\0")[0])
        raise Refused("not-text", f"line {line}, character {column}")
    if not text.strip():
        raise Refused("empty")
    if deepest(text) > DEEPEST:
        raise Refused("too-deep")
    try:
        data = json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except json.JSONDecodeError as error:
        ended = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")
        raise Refused("cut-short" if ended else "not-json") from None
    except (ValueError, RecursionError):  # a number with more digits than Python reads
        raise Refused("not-json") from None
    if HALVES.search(json.dumps(data, ensure_ascii=False)):
        raise Refused("half-characters")
    return data


def deepest(text: str) -> int:
    """How many brackets stand in one another at most, those in strings aside."""
    depth = most = 0
    for bracket in re.findall(r"[\[\]{}]", STRINGS.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        most = max(most, depth)
    return most


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in pairs:
        if key in RESERVED_KEYS:
            raise Refused("reserved-key", key)
        if key in made:
            raise Refused("key-twice", key)
        made[key] = value
    return made


def _constant(name: str) -> Any:
    raise Refused("no-number", name)


# ---- from JSON to a record ---------------------------------------------------------------------------------------


def _shaped(data: Any) -> Record:
    if not isinstance(data, dict) or data.get("record") != MARK:
        raise Refused("foreign")
    version = data.get("format")
    if isinstance(version, int) and version > FORMAT:
        raise Refused("newer-format")
    if fault := fault_in(data):
        raise Refused(fault.kind, fault.place)
    given = [(a["fact"], a["value"]) for a in data["answers"]] + [(n["fact"], n["text"]) for n in data["narrative"]]
    answers: dict[str, str | list[str]] = {}
    for fact, value in given:
        if fact in answers:
            raise Refused("answered-twice", fact)
        answers[fact] = value
    return Record(data, answers, Remarks(**data["judgement"]), read_utc(data["made"]["at"]))


def _checked(tree: Tree, record: Record) -> Record:
    """The record, if it is of this tool and its answers are answers to what its own version asks."""
    library = tree.library
    _of_this_tool(library, tree.id, record.data["tool"])
    unknown = [fact for fact in record.answers if fact not in library.facts]
    wrong = [fact for fact in record.answers if fact not in unknown and not usable(library, fact, record.answers[fact])]
    if record.version == library.version:
        if unknown:
            raise Refused("unknown-question", unknown[0])
        if wrong:
            raise Refused("impossible-answer", library.facts[wrong[0]].text)
        _unaltered(tree, record)
    elif record.answers and len(unknown) + len(wrong) == len(record.answers):
        raise Refused("nothing-usable")
    return record


def _of_this_tool(library: Library, here: str, tool: Mapping[str, str]) -> None:
    if tool["id"] == here:
        return
    if tool["id"] in library.trees and library.trees[tool["id"]].tool:
        raise Refused("other-tool", library.trees[tool["id"]].title, tool["id"])
    raise Refused("unknown-tool", tool["id"])


def usable(library: Library, fact: str, value: object) -> bool:
    """Whether a value is an answer to a fact today."""
    return not isinstance(read_answer(library.facts[fact], value), Problem)


def _unaltered(tree: Tree, record: Record) -> None:
    """Of the same version the whole record follows from its answers, its remarks and its time."""
    ended = settle(tree, walk(tree, record.answers))
    if ended is None:
        raise Refused("altered")
    made = record_of(View(tree, "./", record.remarks), ended, record.data["made"]["at"])
    if _follows(made) != _follows(record.data):
        raise Refused("altered")


def _follows(record: Mapping[str, Any]) -> Any:
    """What follows from the answers: all but the approval and the titles of clauses, which no version counts."""

    def lean(part: Any) -> Any:
        if isinstance(part, Mapping):
            return {key: [c["id"] for c in value] if key == "clauses" else lean(value) for key, value in part.items()}
        return [lean(each) for each in part] if isinstance(part, list) else part

    return lean({key: value for key, value in record.items() if key != "approval"})
