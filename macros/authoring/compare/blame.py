"""Which edit did it: each edit is applied alone, and brings a group if it brings some of the same change by itself.

What no edit brings alone is brought by several together. Following the answers through the trees would name too many,
and too few: what the level could turn out to be changes for answers that never meet the edited place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from macros.authoring.compare.answers import AFTER, BEFORE
from macros.authoring.compare.difference import Group, TreeDiff
from macros.authoring.compare.edition import Unreadable, trees_of
from macros.authoring.compare.edits import Edit, Tables
from macros.authoring.sources.places import reached

WORDS = {"reasons", "screens"}


class Blame:
    """The edits of one tool, each tried alone. `before` are the authored tables before."""

    def __init__(
        self, found: TreeDiff, before: Tables, after: Tables, changed: Sequence[Edit], progress: Callable[[str], None]
    ) -> None:
        self.found = found
        parts = {part for tables in (before, after) for part in _parts(tables["trees"], found.tree.id)}
        self.edits = [edit for edit in changed if edit.path[0] != "trees" or edit.path[1] in parts]
        self._groups: dict[Edit, list[Group]] = {}
        self._before, self._progress = before, progress

    def try_alone(self) -> None:
        """Find the groups that each edit brings alone: none where it means nothing alone."""
        tree = self.found.tree.id
        for n, edit in enumerate(self.edits, 1):
            self._progress(f"{tree}: edit {n} of {len(self.edits)}")
            try:
                alone = self.found.like(trees_of(edit.alone(self._before))[tree])
            except (Unreadable, KeyError, TypeError, ValueError):  # it names what is not there without the others
                continue
            if alone.after and alone.after.sound:
                self._groups[edit] = alone.groups

    def of(self, group: Group) -> list[Edit]:
        """The edits that bring a group, or some of it, alone."""
        if group.kind == "changed-result":
            results = [self.found.result(side, group.about) for side in (BEFORE, AFTER)]
            contacts = {contact for result in results if result for contact in result.contacts}
            places = {("results", group.about), *(("contacts", contact) for contact in contacts)}
            return [edit for edit in self.edits if edit.path[:2] in places]
        if group.kind == "answers":
            facts = [edit for edit in self.edits if edit.path[0] == "facts" and {"options", "kind"} & set(edit.path)]
            about = {str(edit.path[1]) for edit in facts}
            read = [edit for edit in self.edits if edit.path[0] == "trees" and not edit.of_words and about & edit.names]
            return [*facts, *read]
        return [edit for edit, groups in self._groups.items() if any(self._same(one, group) for one in groups)]

    def _same(self, one: Group, other: Group) -> bool:
        alike = one.key == other.key or (one.kind in WORDS and other.kind in WORDS)
        return alike and self.found.d.meet(one.where, other.where)


def _parts(trees: Mapping[str, Any], tool: str) -> list[str]:
    """A tool and every tree that it goes through."""
    return reached(tool, lambda id: [node["call"] for node in trees.get(id, {"nodes": ()})["nodes"] if "call" in node])
