"""Findings: each group of a comparison in words, with how many sets of answers it holds, the shortest of them, the
edits that bring it, and what it touches.

Counts are of sets of answers that can be told apart: never a share, and never of children.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from macros.authoring.compare.answers import AFTER, BEFORE, Renamed, Side
from macros.authoring.compare.conditions import condition, narrowed, said
from macros.authoring.compare.difference import LEVEL, Example, Group, TreeDiff, Weight
from macros.authoring.compare.edition import Unreadable
from macros.authoring.compare.edits import Edit, edits
from macros.authoring.compare.sentences import WHOEVER, grade, in_sentence, sentence
from macros.authoring.compare.touches import Blame, References, Touched, placed, touched
from macros.authoring.compare.versions import Version
from macros.engine.model.guards import Value

MOST_ALONE = 20
"""Edits that are each tried alone. Of more, nobody asks which one did it: then a table says what became of levels."""

LATE = ("meanwhile", "could-be", "leads", "named")
"""Kinds that are told after others of the same weight."""
InWords = Mapping[str, str]
"""Answers by their questions, both in words."""


@dataclass(frozen=True)
class Finding:
    """One group in words.

    `example` are the answers of one set, before and after, and `comes_to` what they come to; `decisive` are its
    questions on which the group hangs. `edits` bring it, or some of it, each alone; `more_together` says that they do
    not bring all of it so. Then, or where there are none, several do together: `together` are those that bring nothing
    of this tool alone.
    """

    tool: str
    group: Group
    sentence: str
    sets: int
    example: tuple[InWords, InWords]
    comes_to: tuple[str, str] = ("", "")
    decisive: frozenset[str] = frozenset()
    edits: tuple[Edit, ...] = ()
    touched: Touched = field(default_factory=Touched)
    more_together: bool = False
    together: tuple[Edit, ...] = ()

    @property
    def weight(self) -> Weight:
        return self.group.weight


@dataclass(frozen=True)
class Cell:
    """Sets of answers with one level and one police contact before, and another after; each named in words."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    sets: int
    example: tuple[InWords, InWords]
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Tool:
    """What the comparison of one tool found.

    `same` is what differs for no set of answers that both versions take (`TreeDiff.same`); `missing` the version that
    has no such tool, "before" or "after".
    """

    id: str
    title: str
    sets: int = 0
    findings: tuple[Finding, ...] = ()
    table: tuple[Cell, ...] = ()
    same: frozenset[str] = frozenset()
    missing: str = ""


@dataclass(frozen=True)
class Compared:
    """All that the comparison of two versions found."""

    before: Version
    after: Version
    edits: tuple[Edit, ...]
    tools: tuple[Tool, ...]
    clauses: Mapping[str, str] = field(default_factory=dict)
    """The titles of clauses by their ids."""

    @property
    def findings(self) -> list[Finding]:
        """Every finding of every tool, what means less for a child first."""
        found = [one for tool in self.tools for one in tool.findings]
        return sorted(found, key=lambda one: (one.weight, one.group.kind in LATE, -one.sets))

    @property
    def less(self) -> bool:
        """Whether anybody is told less than before, or what must always hold does not."""
        return self.means_less or bool(self.broken)

    @property
    def means_less(self) -> bool:
        """Whether anybody is told less than before, or a tool is gone."""
        return any(one.weight.less for one in self.findings) or any(tool.missing == "after" for tool in self.tools)

    @property
    def broken(self) -> list[str]:
        """The titles of the safety properties that no longer hold for answers that a finding is about."""
        return list(dict.fromkeys(title for one in self.findings for title in one.touched.breaks))

    @property
    def same_results(self) -> bool:
        """Whether it is proved that nobody's result changes: all that differs are words, and no action's own words."""
        words = all(one.weight is Weight.WORDS and one.group.kind != "changed-result" for one in self.findings)
        return words and not any(tool.missing for tool in self.tools)

    @property
    def unnamed(self) -> list[Edit]:
        """The edits that no finding names: none of them changes a result alone."""
        named = [edit for one in self.findings for edit in one.edits]
        return [edit for edit in self.edits if edit not in named]


def compare(
    before: Version,
    after: Version,
    renamed: Renamed,
    known: References,
    progress: Callable[[str], None] = lambda _: None,
) -> Compared:
    """What differs between two versions, tool by tool. Raises Unreadable where one has gaps or overlaps."""
    changed = edits(before.authored.tables, after.authored.tables)
    tools = []
    was, now = before.edition.trees, after.edition.trees
    for id in {**was, **now}:
        progress(id)
        found = TreeDiff((was.get(id) or now[id], now.get(id) or was[id]), renamed)  # one alone stands beside itself
        for version, behaviour in zip((before, after), found.sides, strict=True):
            if id in version.edition.trees and not behaviour.sound:
                raise Unreadable(
                    f"In the tool “{id}” of {version.name} there are answers for which no edge holds or several do, "
                    "so what it comes to cannot be compared: make check says where."
                )
        if id in was and id in now:
            tools.append(_tool(found, before, after, changed, known, progress))
        else:
            tools.append(Tool(id, found.tree.title, missing="after" if id in was else "before"))
    return Compared(before, after, tuple(changed), tuple(tools), known.clauses)


def _tool(
    found: TreeDiff, before: Version, after: Version, changed: Sequence[Edit], known: References,
    progress: Callable[[str], None],
) -> Tool:  # fmt: skip
    tree = found.tree
    blame = Blame(found, before.authored.tables, after.authored.tables, changed, progress)
    many = len(changed) > MOST_ALONE
    if found.groups and not many:
        blame.try_alone()
    findings = []
    for group in found.groups:
        by = blame.of(group)
        names = frozenset(name for edit in by or blame.edits for name in edit.names)
        prefer = [v for v, id in enumerate(found.ids) if id in names]
        example = found.telling(group.where)
        findings.append(
            Finding(
                tree.id,
                group,
                sentence(found, group, prefer),
                found.sets(group.where),
                _in_words(found, example),
                _comes_to(found, example, group),
                frozenset(found.questions[found.ids[v]].fact.text for v in found.d.support(group.where)),
                tuple(by),
                touched(found, group, by, before.authored.tables, known),
                bool(by) and not blame.all_of(group, by),
            )
        )
        found.d.forget()
    touches = placed([(one.group, one.touched) for one in findings], known)
    alone = {edit for one in findings for edit in one.edits}
    together = tuple(edit for edit in blame.edits if edit not in alone and not edit.of_words)
    findings = [
        replace(one, touched=of, together=together if one.more_together or not one.edits else ())
        for one, of in zip(findings, touches, strict=True)
    ]
    table = tuple(_table(found)) if many else ()
    return Tool(tree.id, tree.title, found.sets(found.both), tuple(findings), table, found.same)


def _comes_to(found: TreeDiff, example: Example, group: Group) -> tuple[str, str]:
    """What an example comes to before and after: its level, whether that is settled, and each further quantity.

    What is the same in both is left out beside what is not.
    """
    told = [_heights(found, side, example) for side in (BEFORE, AFTER)]
    differ = [id for id in told[BEFORE] if told[BEFORE][id] != told[AFTER].get(id)]
    if group.kind == "answers":
        words = ["; ".join(one.values()) for one in told]
        words[BEFORE if group.about == "new" else AFTER] = "this cannot be answered"
    else:
        words = ["; ".join(one[id] for id in differ or one if id in one) for one in told]
    return words[BEFORE], words[AFTER]


def _heights(found: TreeDiff, side: Side, example: Example) -> dict[str, str]:
    """The level and each other quantity of an example in a version, in words. Where a tool has none, no level."""
    values, could_be = found.result_at(side, example.place)
    words = {id: grade(found, id, value) for id, value in values.items() if value is not None}
    if not any(step.node.level for tree in found.trees for step in tree.steps.values()):
        words.pop(LEVEL, "")
    elif others := could_be - {values[LEVEL] or 0}:
        listed = " or ".join(grade(found, LEVEL, one) for one in sorted(others))
        words[LEVEL] = f"{words.get(LEVEL, grade(found, LEVEL, 0))}, not settled (could be {listed})"
    return words


def _in_words(found: TreeDiff, example: Example) -> tuple[InWords, InWords]:
    """The answers of an example, before and after. Free text is left out."""
    told: list[dict[str, str]] = [{}, {}]
    for question, i in zip(found.questions.values(), example.place, strict=True):
        for side in (BEFORE, AFTER):
            fact = question.facts[side]
            if fact and fact.id in example.given[side] and fact.kind != "text":
                given: list[Value | None] = [None, None]
                given[side] = question.answers[i].given[side]
                told[side][fact.text] = said(question, (given[0], given[1]))
    return told[BEFORE], told[AFTER]


def _table(found: TreeDiff) -> Iterator[Cell]:
    """Every two pairs of level and police contact that differ, with what brings it in up to three sentences."""
    d = found.d
    rows = [found.row(BEFORE), found.row(AFTER)]
    for a, b, where in found.pairs(rows[BEFORE], rows[AFTER]):
        if where == d.no:
            continue
        parts = condition(d, where, d.both(found.both, d.having(rows[AFTER], b)), (), found.asked_at_all)
        told = [in_sentence(found, f"{WHOEVER} has this now.", [narrowed(d, part, where)]) for part in parts or ()]
        yield Cell(
            _row(found, a), _row(found, b), found.sets(where), _in_words(found, found.telling(where)), tuple(told)
        )
        d.forget()


def _row(found: TreeDiff, values: Sequence[Any]) -> tuple[str, ...]:
    return tuple(grade(found, id, value) for id, value in zip(found.quantity_functions(), values, strict=True))
