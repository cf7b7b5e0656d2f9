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
from macros.authoring.compare.findings import Cell, Compared, Finding, InWords
from macros.authoring.sources.diagnostics import Source

FORMAT = 1
MOST_LINES, ENOUGH_LINES = 60, 20
"""Lines of the report as text: never more than the first, nor than the second unless there are as many edits."""
ALIKE, MOST_ALIKE = ("result", "shown", "changed-result", "asked", "named"), 1
"""Kinds of which the same edits often bring several, and how many of them are told at length; of more, the sentence."""
MOST_NAMES = 4
HEADINGS = {
    Weight.ANSWERS: "Answers that only one of the two versions has",
    Weight.POLICE_LESS: "Police action lost or weaker",
    Weight.LEVEL_LOWER: "Level lower, or a higher one no longer possible",
    Weight.RESULT_LESS: "A route, action, deadline or warning dropped or changed",
    Weight.LESS_SETTLED: "More is left unsettled",
    Weight.STRICTER: "More than before: a higher level, a further action or contact, or settled now",
    Weight.QUESTIONS: "Other questions on the way",
    Weight.WORDS: "Only reasons, screens, words, or which open answers are named",
}
COMPARED = {
    "level": "the level",
    "police": "the police contact",
    "results": "every other action, deadline and warning",
    "settled": "whether the level is settled",
    "asked": "which questions are asked",
}
"""What is compared, as `TreeDiff.same` names it, in words."""
COULD_BE = {"more": "more levels", "fewer": "fewer", "others": "others"}
SAY_ENOUGH = ("asked", "leads", "named", "reasons", "screens")
"""Kinds whose sentence needs no example, unless it says “some”, and that touch too much to name it."""
PROVED = "Nobody's result changes. This is proved for every set of answers that either version can tell apart."


Part = tuple[str, Sequence[Sequence[str]]]
"""A heading, and what is told below it: each in one line or more."""


@dataclass(frozen=True)
class Statement:
    """Findings that say the same in one or more tools."""

    sentence: str
    weight: Weight
    findings: tuple[Finding, ...]
    tools: tuple[str, ...]

    @property
    def sets(self) -> int:
        return sum(one.sets for one in self.findings)

    @property
    def first(self) -> Finding:
        """The one with the shortest example."""
        return min(self.findings, key=lambda one: len(one.example[1]) + len(one.example[0]))

    @property
    def edits(self) -> list[Edit]:
        """The edits that bring any of them."""
        return list({edit.path: edit for one in self.findings for edit in one.edits}.values())

    @property
    def more_together(self) -> bool:
        """Whether some of it is brought by several edits together."""
        return any(one.more_together for one in self.findings)

    @property
    def together(self) -> list[Edit]:
        """The edits that bring it, or some of it, together."""
        return list({edit.path: edit for one in self.findings for edit in one.together}.values())

    def touches(self) -> dict[str, list[str]]:
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
        could_be = []
        for one in compared.findings:
            if one.group.kind == "could-be" and one.weight is not Weight.LEVEL_LOWER:
                could_be.append(one)
            else:
                groups.setdefault((one.weight, one.sentence), []).append(one)
        if could_be:
            groups[min(one.weight for one in could_be), _could_be(could_be)] = could_be
        self.statements = [
            Statement(sentence, weight, tuple(found), tuple(dict.fromkeys(titles[one.tool] for one in found)))
            for (weight, sentence), found in groups.items()
        ]
        self._mentioned: set[Edit] = set()
        self._named: set[str] = set()
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
        """What was compared: what differs for some sets of answers, and what is the same for all."""
        tools = [tool.same for tool in self.compared.tools if not tool.missing]
        said: dict[bool, list[str]] = {False: [], True: []}
        for id, name in COMPARED.items():
            said[all(id in same for same in tools)].append(name)
        words = "Different for some sets of answers", "The same for every set of answers that both versions take"
        return " ".join(f"{words[alike]}: {', '.join(names)}." for alike, names in said.items() if names)

    def verdict(self) -> str:
        """Whether somebody is told less, and how much of what must always hold does not."""
        words = f"{'Somebody' if self.compared.means_less else 'Nobody'} is told less than before"
        broken = len(self.compared.broken)
        rules = "1 safety property no longer holds" if broken == 1 else f"{broken} safety properties no longer hold"
        return f"{words}; {rules}." if broken else f"{words}."

    def place(self, edit: Edit) -> str:
        """The file and line of an edit, and what was edited."""
        sources: Mapping[str, Source] = self.sources[1 if edit.gone else 0]
        return f"{edit.place(sources)} {edit.what}"

    def by_weight(self) -> list[tuple[str, list[Statement]]]:
        """What is told, under its headings."""
        by_weight = {weight: [one for one in self.statements if one.weight is weight] for weight in Weight}
        return [(HEADINGS[weight], told) for weight, told in by_weight.items() if told]

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
        last = [*self.notes()]
        if self.refused:
            last.append(f'{self.verdict()} If that is meant: make compare ACCEPT="why"')
        elif self.compared.less:
            last.append(f"{self.verdict()} Accepted: {self.accepted}")
        around = len(lines) + len(last) + 1  # the command names the other forms below
        lines += self.shown(around, [*self._tables(), *self._words()])
        return "\n".join([*lines, *last]) + "\n"

    def shown(self, taken: int = 0, others: Sequence[Part] = ()) -> list[str]:
        """The findings and other parts as lines, as many as there is room for, and what is left out, counted.

        `taken` are the lines around them. Where not all have room, of each kind only the first is told at length.
        """
        room = min(MOST_LINES, max(ENOUGH_LINES, len(self.compared.edits))) - taken
        parts = [*self._findings(brief=False), *others]
        if _size(parts) > room:
            parts = [*self._findings(brief=True), *others]
            room -= _size(parts) > room  # for the line that counts what is left out
        lines: list[str] = []
        left: dict[str, int] = {}
        for heading, blocks in parts:
            for n, block in enumerate(blocks):
                more = [heading.upper()] * (n == 0) + [f"  {line}" for line in block]
                if left or len(lines) + len(more) > room:
                    left[heading] = len(blocks) - n
                    break
                lines += more
        if left:
            listed = "; ".join(f"{n} of {heading[0].lower()}{heading[1:]}" for heading, n in left.items())
            broken = [f"“{title}”" for title in self.compared.broken if f"“{title}”" not in "\n".join(lines)]
            breaks = f" Also breaks what must always hold: {some(broken)}." if broken else ""
            lines.append(f"Not shown here, all in build/compare.html: {sum(left.values())} more ({listed}).{breaks}")
        return lines

    def _findings(self, brief: bool) -> Iterator[Part]:
        self._mentioned.clear()
        self._named.clear()
        for heading, told in self.by_weight():
            alike: Counter[Any] = Counter()
            blocks = []
            for n, one in enumerate(told):
                key = one.first.group.kind, one.first.group.before, *one.edits
                alike[key] += one.first.group.kind in ALIKE
                blocks.append(self.lines(one, alike[key] > MOST_ALIKE or (brief and n > 0)))
            yield heading, blocks

    def lines(self, one: Statement, brief: bool = False) -> list[str]:
        """One thing told, as lines: what changes, for how many and for example whom, by which edit, what it touches.

        What was said of another before (an edit, a property that breaks, a clause) is not said again. `brief`: only
        what changes, and what that breaks.
        """
        kind = one.first.group.kind
        found = [f"{one.sentence} ({', '.join(one.tools)}; {one.sets:,} sets of answers)"]
        follows = kind == "could-be" and len(self.statements) > 1
        if not (brief or follows or one.weight is Weight.WORDS) and (
            kind not in SAY_ENOUGH or one.sentence.startswith("Some ")
        ):
            found.append(f"  For example: {self.example(one)}")
        found += [] if brief else self._brought(one)
        touches = one.touches()
        if breaks := self._first_time(touches.pop("breaks", [])):
            found.append(f"  Breaks what must always hold: {some([f'“{title}”' for title in breaks])}")
        if brief or follows or kind in SAY_ENOUGH:
            return found
        touches["clauses"] = self._first_time(touches.get("clauses", []))
        listed = [f"{kind} {some(self.named(kind, ids))}" for kind, ids in touches.items() if ids]
        return [*found, *([f"  Concerns {'; '.join(listed)}"] if listed else [])]

    def _brought(self, one: Statement) -> Iterator[str]:
        """Which edits bring it; nothing where there is one edit, and it was named."""
        together = one.together[:MOST_NAMES]
        known = self._mentioned.issuperset(together)
        if one.edits and (len(self.compared.edits) > 1 or not self._mentioned):
            shown = [self._mention(edit) for edit in one.edits[:MOST_NAMES]]
            more = [f"{len(one.edits) - MOST_NAMES} more"] * (len(one.edits) > MOST_NAMES)
            partly = [" (some of it; the rest several together)"] * (one.more_together and known)
            yield f"  By {'; '.join([*shown, *more])}{''.join(partly)}"
        if one.together and not known and one.weight is not Weight.WORDS:
            what = "Some of it" if one.edits else "By none alone,"
            yield f"  {what} only together: {'; '.join(map(self._mention, together))}"
        elif one.together and not one.edits and one.weight is not Weight.WORDS:
            yield "  By none alone, only by the same edits together"

    def example(self, one: Statement) -> str:
        """The shortest example of what is told, and what it comes to before and now, in a line."""
        before, now = one.first.comes_to
        comes_to = f"Before and now: {now}." if before == now else f"Before: {before}. Now: {now}."
        answers = in_line(one.first.example, one.first.decisive) or "any answers"
        return f"{answers}. {comes_to if now else ''}".rstrip()

    def named(self, kind: str, ids: Sequence[str]) -> list[str]:
        """What things touched are called: clauses by their ids and titles, all else by its id."""
        titles = self.compared.clauses if kind == "clauses" else {}
        return [f"{id} ({titles[id]})" if id in titles else id for id in ids]

    def _first_time(self, names: Sequence[str]) -> list[str]:
        """Those of some names that were not named before."""
        new = [name for name in names if name not in self._named]
        self._named.update(new)
        return new

    def _mention(self, edit: Edit) -> str:
        """The file and line of an edit; what was edited is said the first time."""
        place = self.place(edit)
        short = place if edit not in self._mentioned else edit.place(self.sources[edit.gone])
        self._mentioned.add(edit)
        return short

    def _tables(self) -> Iterator[Part]:
        for tool in self.compared.tools:
            if tool.table:
                yield f"{tool.title}: level and police, before and after", [self._cell(cell) for cell in tool.table]

    def _cell(self, cell: Cell) -> list[str]:
        change = f"{', '.join(cell.before)} → {', '.join(cell.after)}: {cell.sets:,} sets of answers"
        return [change, f"  For example: {in_line(cell.example)}", *(f"  {sentence}" for sentence in cell.sentences)]

    def _words(self) -> Iterator[Part]:
        if edits := [edit for listed in self.words().values() for edit in listed]:
            yield "Edits that change no result", [[self.place(edit)] for edit in edits]

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
                    "table": [vars(cell) for cell in tool.table],
                }
                for tool in self.compared.tools
            ],
        }

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
            "example": one.example,
            "comes_to": one.comes_to,
            "edits": [numbers[edit.path] for edit in one.edits],
            **vars(one.touched),
        }


def _could_be(found: Sequence[Finding]) -> str:
    """What became of the levels that a level could still turn out to be, in one sentence for all ways."""
    counts = {about: sum(one.sets for one in found if one.group.about.startswith(about)) for about in COULD_BE}
    listed = ", ".join(f"{COULD_BE[about]} for {sets:,}" for about, sets in counts.items() if sets)
    higher = any(one.group.about.endswith("higher") for one in found)
    return (
        "For some whose level stays what it is and is not settled, it could turn out to be other levels than before "
        f"({listed}).{' For some of them a higher one than before.' if higher else ''}"
    )


def in_line(example: tuple[InWords, InWords], only: Container[str] | None = None) -> str:
    """The answers of an example in a line, those of the version before and those of the one after once; or only those
    to some questions."""
    both = {**example[0], **example[1]}
    return "; ".join(f"{question} {answer}" for question, answer in both.items() if only is None or question in only)


def _size(parts: Sequence[Part]) -> int:
    """The lines that parts take, each with its heading."""
    return sum(1 + sum(map(len, blocks)) for _, blocks in parts)


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
    return environment.get_template(template).render(report=report, compared=report.compared, proved=PROVED, **more)
