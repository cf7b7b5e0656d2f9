"""The report of a comparison: as text, as Markdown for a pull request, as one page that stands alone, and as JSON.

All four tell the same in the same order: what means less for a child first, words last. What there is no room for is
counted and never left out in silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from macros.authoring.compare.difference import Weight
from macros.authoring.compare.edits import Edit
from macros.authoring.compare.findings import Compared, Finding, InWords
from macros.authoring.sources.diagnostics import Source

FORMAT = 1
MOST_LINES, MOST_FOR_ONE = 60, 20
"""Lines of the findings as text: of all edits together, and of one edit."""
MOST_NAMES = 4
HEADINGS = {
    Weight.ANSWERS: "Answers that only one of the two versions has",
    Weight.POLICE_LESS: "Police action lost or weaker",
    Weight.LEVEL_LOWER: "Level lower, or a higher one no longer possible",
    Weight.RESULT_LESS: "A route, action, deadline or warning dropped or changed",
    Weight.LESS_SETTLED: "More is left unsettled",
    Weight.STRICTER: "More than before: a higher level, a further action, or settled now",
    Weight.QUESTIONS: "Other questions on the way",
    Weight.WORDS: "Only reasons, screens or words",
}
LESS = "Somebody is told less than before, or what must always hold does not."
COMPARED = {
    "level": "the level",
    "police": "the police contact",
    "results": "every other action, deadline and warning",
    "settled": "whether the level is settled",
    "asked": "which questions are asked",
}
"""What is compared, as `TreeDiff.same` names it, in words."""
PROVED = "Nobody's result changes. This is proved for every set of answers that either version can tell apart."


@dataclass(frozen=True)
class Statement:
    """Findings that say the same in one or more tools."""

    sentence: str
    weight: Weight
    findings: tuple[Finding, ...]
    tools: tuple[str, ...]

    @property
    def sets(self) -> int:
        """The sets of answers of all of them."""
        return sum(one.sets for one in self.findings)

    @property
    def first(self) -> Finding:
        """The one with the shortest example."""
        return min(self.findings, key=lambda one: len(one.example[1]) + len(one.example[0]))

    @property
    def edits(self) -> list[Edit]:
        """The edits that bring any of them."""
        return list({edit.path: edit for one in self.findings for edit in one.edits}.values())

    def touches(self) -> dict[str, list[str]]:
        """What they touch, by kind."""
        kinds = ("breaks", "clauses", "properties", "scenarios", "journeys", "links")
        return {
            kind: found
            for kind in kinds
            if (found := list(dict.fromkeys(id for one in self.findings for id in getattr(one.touched, kind))))
        }


class DiffReport:
    """A comparison ready to be written down. `accepted`: why less than before is accepted, if it is."""

    def __init__(self, compared: Compared, accepted: str = "") -> None:
        self.compared, self.accepted = compared, accepted
        titles = {tool.id: tool.title for tool in compared.tools}
        groups: dict[tuple[Weight, str], list[Finding]] = {}
        for one in compared.findings:
            groups.setdefault((one.weight, one.sentence), []).append(one)
        self.statements = [
            Statement(sentence, weight, tuple(found), tuple(titles[one.tool] for one in found))
            for (weight, sentence), found in groups.items()
        ]
        self._mentioned: set[Edit] = set()
        self.sources = [compared.after.authored.sources, compared.before.authored.sources]

    @property
    def refused(self) -> bool:
        """Whether somebody is told less than before and nobody has accepted it."""
        return self.compared.less and not self.accepted

    # ---- what all forms share

    def heading(self) -> str:
        """Which versions are compared, and how much was edited."""
        before, after = self.compared.before, self.compared.after
        count = len(self.compared.edits)
        files = len({edit.file for edit in self.compared.edits})
        much = f"{count} edit{'s' * (count != 1)} in {files} file{'s' * (files != 1)}" if count else "no edit"
        versions = [f"{one.name} (version {one.edition.version})" for one in (before, after)]
        return f"{' → '.join(versions)}: {much}."

    def notes(self) -> Iterator[str]:
        """What a reader has to know of the comparison itself."""
        for tool in self.compared.tools:
            if tool.missing:
                yield f"The tool “{tool.title}” is {'new' if tool.missing == 'before' else 'gone'}."

    def same(self) -> str:
        """What was compared and is the same, in a sentence; nothing if that is nothing."""
        tools = [tool.same for tool in self.compared.tools if not tool.missing]
        names = [name for id, name in COMPARED.items() if all(id in same for same in tools)]
        return f"The same for every set of answers that both versions take: {', '.join(names)}." if names else ""

    def place(self, edit: Edit) -> str:
        """The file and line of an edit, and what was edited."""
        sources: Mapping[str, Source] = self.sources[1 if edit.gone else 0]
        return f"{edit.place(sources)} {edit.what}"

    def by_weight(self) -> list[tuple[str, list[Statement]]]:
        """What is told, under its headings."""
        return [
            (HEADINGS[weight], [one for one in self.statements if one.weight is weight])
            for weight in Weight
            if any(one.weight is weight for one in self.statements)
        ]

    def words(self) -> dict[str, list[Edit]]:
        """The edits that change no result, by their files. Those that do so together stand with what they bring."""
        found: dict[str, list[Edit]] = {}
        together = any(not one.edits and one.weight is not Weight.WORDS for one in self.compared.findings)
        for edit in [one for one in self.compared.unnamed if one.of_words or not together]:
            found.setdefault(edit.file, []).append(edit)
        return found

    # ---- text

    def text(self) -> str:
        """The report for a terminal."""
        lines = [self.heading()]
        if self.compared.same_results:
            lines.append(PROVED)
        elif same := self.same():
            lines.append(same)
        lines += self.shown()
        if any(tool.table for tool in self.compared.tools):
            lines += self._tables()
        lines += [*self._words(), *self.notes()]
        if self.refused:
            lines.append(f'{LESS} If that is meant: make compare ACCEPT="why"')
        elif self.compared.less:
            lines.append(f"{LESS} Accepted: {self.accepted}")
        return "\n".join(lines) + "\n"

    def shown(self) -> list[str]:
        """The findings as lines, as many as there is room for, and what is left out."""
        most = MOST_FOR_ONE if len(self.compared.edits) == 1 else MOST_LINES
        lines: list[str] = []
        folded: list[Statement] = []
        for heading, told in self.by_weight():
            for n, one in enumerate(told):
                more = [f"\n{heading.upper()}"] * (n == 0) + [f"  {line}" for line in self.lines(one)]
                if folded or len(lines) + len(more) > most:
                    folded.append(one)
                else:
                    lines += more
        if folded:
            counts = Counter(HEADINGS[one.weight].lower() for one in folded)
            listed = "; ".join(f"{n} of {heading}" for heading, n in counts.items())
            lines.append(f"\nNot shown here, all in build/compare.html: {len(folded)} more ({listed}).")
        return lines

    def lines(self, one: Statement) -> list[str]:
        """One thing told, as lines: what changes, for how many and for example whom, by which edit, what it touches."""
        tools = ", ".join(one.tools)
        first = one.first
        example = in_line(first.example, first.decisive) or "any"
        found = [
            f"{one.sentence} ({tools}; {one.sets:,} sets of answers)",
            f"  For example: {example}. Before: {first.comes_to[0]}. Now: {first.comes_to[1]}.",
        ]
        if one.edits:
            shown = [self._mention(edit) for edit in one.edits[:MOST_NAMES]]
            more = [f"{len(one.edits) - MOST_NAMES} more"] * (len(one.edits) > MOST_NAMES)
            found.append(f"  By {'; '.join([*shown, *more])}")
        elif one.weight is not Weight.WORDS and self.compared.together:
            shown = [self._mention(edit) for edit in self.compared.together[:MOST_NAMES]]
            found.append(f"  By none alone, only together: {'; '.join(shown)}")
        touches = one.touches()
        if breaks := touches.pop("breaks", []):
            found.append(f"  Breaks what must always hold: {some([f'“{title}”' for title in breaks])}")
        listed = [f"{kind} {some(ids)}" for kind, ids in touches.items()]
        return [*found, *([f"  Concerns {'; '.join(listed)}"] if listed else [])]

    def _mention(self, edit: Edit) -> str:
        """The file and line of an edit; what was edited is said the first time."""
        place = self.place(edit)
        short = place if edit not in self._mentioned else edit.place(self.sources[edit.gone])
        self._mentioned.add(edit)
        return short

    def _tables(self) -> Iterator[str]:
        for tool in self.compared.tools:
            if tool.table:
                yield f"\n{tool.title.upper()}: LEVEL AND POLICE, BEFORE AND AFTER"
                for cell in tool.table:
                    yield f"  {', '.join(cell.before)} → {', '.join(cell.after)}: {cell.sets:,} sets of answers"
                    yield f"    For example: {in_line(cell.example)}"
                    yield from (f"    {sentence}" for sentence in cell.sentences)

    def _words(self) -> list[str]:
        lines = []
        for file, listed in self.words().items():
            lines.append(f"\nEDITS THAT CHANGE NO RESULT, IN decision_trees/{file}: {len(listed)}")
            lines += [f"  {self.place(edit)}" for edit in listed[:MOST_NAMES]]
            if len(listed) > MOST_NAMES:
                lines.append(f"  and {len(listed) - MOST_NAMES} more")
        return lines

    # ---- the other forms

    def markdown(self) -> str:
        """The report for a pull request."""
        return _rendered("report.md", self)

    def page(self, on: date) -> str:
        """The report as one page that stands alone. `on` is the day that it shows."""
        return _rendered("report.html", self, on=on)

    def data(self) -> dict[str, Any]:
        """The report as JSON can hold it: schemas/comparison.schema.json."""
        before, after = self.compared.before, self.compared.after
        return {
            "format": FORMAT,
            "before": {"name": before.name, "version": before.edition.version, "own_engine": before.by_own_engine},
            "after": {"name": after.name, "version": after.edition.version},
            "same_results": self.compared.same_results,
            "less": self.compared.less,
            "accepted": self.accepted,
            "edits": [{"place": one.place(self.sources[one.gone]), "what": one.what} for one in self.compared.edits],
            "tools": [
                {
                    "id": tool.id,
                    "title": tool.title,
                    "missing": tool.missing,
                    "sets": tool.sets,
                    "findings": [self._finding(one) for one in tool.findings],
                    "table": [
                        {
                            "before": list(cell.before), "after": list(cell.after), "sets": cell.sets,
                            "example": [dict(side) for side in cell.example], "sentences": list(cell.sentences),
                        }
                        for cell in tool.table
                    ],
                }
                for tool in self.compared.tools
            ],
        }  # fmt: skip

    def _finding(self, one: Finding) -> dict[str, Any]:
        numbers = {edit.path: n for n, edit in enumerate(self.compared.edits)}
        return {
            "weight": one.weight.name.lower().replace("_", "-"),
            "kind": one.group.kind,
            "about": one.group.about,
            "before": one.group.before,
            "after": one.group.after,
            "sentence": one.sentence,
            "sets": one.sets,
            "example": [dict(side) for side in one.example],
            "comes_to": list(one.comes_to),
            "edits": [numbers[edit.path] for edit in one.edits],
            **{kind: list(ids) for kind, ids in vars(one.touched).items()},
        }


def in_line(example: tuple[InWords, InWords], only: Container[str] | None = None) -> str:
    """The answers of an example in a line, those of the version before and those of the one after once; or only those
    to some questions."""
    both = {**example[0], **example[1]}
    return "; ".join(f"{question} {answer}" for question, answer in both.items() if only is None or question in only)


def some(ids: Sequence[str]) -> str:
    """The first few of some names, and how many more there are."""
    more = f" and {len(ids) - MOST_NAMES} more" if len(ids) > MOST_NAMES else ""
    return f"{', '.join(ids[:MOST_NAMES])}{more}"


def _rendered(template: str, report: DiffReport, **more: Any) -> str:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=template.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["line"] = in_line
    environment.filters["sets"] = lambda count: f"{count:,}"
    return environment.get_template(template).render(
        report=report, compared=report.compared, proved=PROVED, less=LESS, **more
    )
