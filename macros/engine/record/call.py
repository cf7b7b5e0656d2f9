"""A call sheet made of a record: the same facts in the order in which they are said aloud, and as plain text.

Knows a record and the words that the library has for its answers; refuses to know the journey, so that a sheet can
hold nothing that a record does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..html.call import Sheet, SheetPart, applies, way_of
from ..html.view import View, basis_words
from ..model.answers import LONGEST_TEXT
from ..model.guards import Guard, leaves, read_guard
from .text import quoted

MOST_WORDS = 228
"""Words of a sheet at most, the head of its text not counted: it is read aloud in two minutes (s4-10: narrative)."""
MOST_UNKNOWN, KEPT_FOR_UNKNOWN = 60, 25
"""Words of what is not known: at most, and what other parts leave to it."""
MOST_REASONS = 2

Data = Mapping[str, Any]


def sheet_of(view: View, record: Data, written: Data) -> Sheet:
    """The sheet of a record. `written` is what the reader wrote on it, by "call-" and the id of the part."""
    return _Maker(view, record).sheet(written)


class _Maker:
    """Makes the sheet of one record."""

    def __init__(self, view: View, record: Data) -> None:
        self.view, self.record, self.data = view, record, view.library.call_sheet
        result = record["result"]
        self.answers = {each["fact"]: each["value"] for each in record["answers"]}
        self.floors = {"level": result["level"] or 0, "police": result["police"]}
        self.notes = {each["fact"]: each["text"].strip() for each in record["narrative"]}
        self.lines = [line for part in self.data["parts"] for line in part.get("lines", ()) if self.applies(line)]
        self.because = self.lines_of_the_reason()
        self.left, self.more = MOST_WORDS, False
        self.stand_ins = {
            "{opening}": way_of(view, self.answers, self.floors)["opening"],
            "{level}": self.level(),
            "{by}": next((action["by"] for action in result["actions"] if action["by"]), ""),
            **{f"{{{each['fact']}}}": each["answer"] for each in record["answers"]},
        }

    def sheet(self, written: Data) -> Sheet:
        data, parts = self.data, self.data["parts"]
        before = tuple(line["text"] for line in data["before"] if self.applies(line))
        titles = [part["title"] for part in parts]
        self.left -= _words(*before, *titles, data["ask"]["title"], *data["ask"]["lines"], data["order"])
        said = {part["id"]: [*self.within(map(self.words, self.lines_of(part)), KEPT_FOR_UNKNOWN)] for part in parts}
        self.left = min(self.left, MOST_UNKNOWN)
        for part in parts:
            said[part["id"]] += self.unknown(part["unknown"]) if "unknown" in part else ()
        return Sheet(
            way_of(self.view, self.answers, self.floors)["title"],
            before,
            tuple(self.part(part, said[part["id"]], written.get(f"call-{part['id']}")) for part in parts),
            data,
        )

    def applies(self, line: Data) -> bool:
        return applies(line, self.answers, self.floors)

    def part(self, part: Data, said: list[str], room: object) -> SheetPart:
        return SheetPart(
            part["id"],
            part["title"],
            tuple(said),
            tuple(text for name in part.get("notes", ()) if (text := self.notes.get(name))),
            (room[:LONGEST_TEXT] if isinstance(room, str) else "") if part.get("room") else None,
        )

    def lines_of(self, part: Data) -> list[Data]:
        """The lines of a part that hold; what brought the level is said together with it, and not again."""
        lines = [line for line in part.get("lines", ()) if line in self.lines]
        level_is_here = any("{level}" in line["text"] for line in lines)
        return [line for line in lines if not (level_is_here and line in self.because)]

    def words(self, line: Data) -> str:
        text = str(line["text"])
        for name, words in self.stand_ins.items():
            text = text.replace(name, words)
        return text

    def within(self, texts: Iterable[str], kept: int) -> Iterator[str]:
        """The texts for which there are words left."""
        for text in texts:
            if _words(text) <= self.left - kept:
                self.left -= _words(text)
                yield text
            else:
                self.more = True

    def level(self) -> str:
        """The level in a sentence, with the answers that brought it where it is settled."""
        result, words = self.record["result"], self.data["level"]
        name, _, could_be = result["title"].partition(": ")
        if result["level"] is None:
            return str(words["none"])
        if not result["settled"]:
            return str(words["open"]).replace("{range}", could_be)
        causes = " and ".join(_lower(line["text"].rstrip(".")) for line in self.because)
        because = f", because {causes}" if causes else ""
        return str(words["settled"]).replace("{level}", _lower(name)).replace("{because}", because)

    def lines_of_the_reason(self) -> list[Data]:
        """The lines that say the answers by which the first of the reasons raised a settled level; none if many."""
        result, steps = self.record["result"], self.view.tree.steps.values()
        edges = {move.edge.name: move.edge for step in steps for move in step.moves if move.edge}
        taken = [edges[reason["id"]] for reason in result["reasons"]] if result["settled"] else []
        raising = next((edge for edge in taken if ("level", result["level"]) in edge.raises), None)
        facts = _facts(raising.guard) if raising else set()
        lines = [line for line in self.lines if (own := self.facts_of(line)) and own <= facts]
        return lines if len(lines) <= MOST_REASONS else []

    def facts_of(self, line: Data) -> set[str]:
        return _facts(read_guard(line["if"])) if "if" in line else set()

    def unknown(self, data: Data) -> Iterator[str]:
        """What is not known and was not said already, then what was not asked; and whether there is more to say."""
        said = {fact for line in self.lines for fact in self.facts_of(line)}
        not_known = [each["fact"] for each in self.record["result"]["not_known"]]
        not_asked = [fact for fact in data["facts"] if fact not in self.answers]
        for before, facts in ((data["not_known"], not_known), (data["not_asked"], not_asked)):
            unsaid = [fact for fact in facts if fact not in said]
            names = (data["names"].get(fact) or self.view.library.facts[fact].short for fact in unsaid)
            if named := [*self.within(names, 0)]:
                yield f"{before} {'; '.join(named)}."
        if self.more:
            yield self.data["more"]


def _words(*texts: str) -> int:
    return sum(len(text.split()) for text in texts)


def _facts(guard: Guard | None) -> set[str]:
    return {leaf.fact for leaf in leaves(guard) if hasattr(leaf, "fact")}


def _lower(text: str) -> str:
    return text if text.startswith("I ") else text[:1].lower() + text[1:]


def sheet_text(record: Data, sheet: Sheet) -> str:
    """A sheet as plain text, stamped with the time of its record. What was left empty is left out."""
    return "\n".join(_text(record, sheet)) + "\n"


def _text(record: Data, sheet: Sheet) -> Iterator[str]:
    yield record["approval"]["notice"].upper()
    yield f"{sheet.title}. Made: {record['made']['uk_time']}"
    yield f"{sheet.words['order']} ({basis_words(sheet.words['basis']).capitalize()})"
    yield from sheet.before
    filled = [part for part in sheet.parts if part.said or part.written or (part.room or "").strip()]
    for n, part in enumerate(filled, 1):
        yield from ("", f"{n}. {part.title}")
        yield from [" ".join(part.said)] if part.said else []
        for text in (*part.written, part.room or ""):
            yield from quoted(text) if text.strip() else ()
    ask = sheet.words["ask"]
    yield from ("", ask["title"], *(f"- {question}" for question in ask["lines"]))
