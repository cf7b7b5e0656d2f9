"""One check of a scenario as the tools see it: its journey, the way there, and where the room's answers part from it.

Everything here is worked out by the practice trees; a scenario's file only gives the answers that go in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from ..analysis.outlook import Conclusion, could_end, settle
from ..html.view import View
from ..model.library import WEIGHED, Node
from ..model.tree import Tree
from ..model.walk import walk
from .path import EndsAhead, Parting, Stop, outcomes, parting, path_of
from .scenario import Check, Scene, WhatIf, answers_with


class NoOutcome(Exception):
    """The answers of a scenario lead to no outcome: the build lets none pass, so a page made it up."""


@dataclass(frozen=True)
class Exercise:
    """A check, with one change to its answers or none, and the hands that went up for each outcome, at first and in a
    second vote."""

    scene: Scene
    check: Check
    ahead: EndsAhead
    base: str
    tally: Mapping[str, int]
    what_if: WhatIf | None = None
    second: Mapping[str, int] = field(default_factory=dict)

    @property
    def tree(self) -> Tree:
        return self.ahead.tree

    @cached_property
    def journey(self) -> Conclusion:
        """The way of the story's answers, to what it came to. Raises NoOutcome."""
        ended = settle(self.tree, walk(self.tree, answers_with(self.check, self.what_if)))
        if ended is None:
            raise NoOutcome
        return ended

    @cached_property
    def path(self) -> tuple[Stop, ...]:
        return path_of(self.ahead, self.journey)

    @cached_property
    def view(self) -> View:
        """What screens are made with; the clauses that the scenario cites are known in it as well."""
        library = self.tree.library
        clauses = {**self.scene.clauses, **library.clauses}
        return View(replace(self.tree, library=replace(library, clauses=clauses)), self.base)

    @property
    def outcome(self) -> Node:
        return self.journey.outcome

    @property
    def outcomes(self) -> tuple[Node, ...]:
        return outcomes(self.tree)

    def title(self, id: str) -> str:
        return next(node.title for node in self.outcomes if node.id == id)

    @cached_property
    def known_by(self) -> dict[str, str]:
        """How each answer of the way is known, but for what is only written."""
        facts = self.tree.library.facts
        given = {name: value for stop in self.path for name, value in stop.answers.items()}
        return {name: self.check.known_by(facts[name], v) for name, v in given.items() if facts[name].kind != "text"}

    @cached_property
    def within(self) -> tuple[str, ...]:
        """The answers that hands went up for and that the tool itself leaves open beside the outcome."""
        could = could_end(self.tree, self.journey)
        return tuple(id for id in self.tally if id in could and id != self.outcome.id)

    @cached_property
    def partings(self) -> dict[str, Parting]:
        """Where each answer parts that hands went up for and that is neither the outcome nor left open beside it.

        The earliest question comes first.
        """
        apart = [id for id in self.tally if id not in (self.outcome.id, *self.within)]
        found = {id: parting(self.ahead, self.path, id, self.known_by) for id in apart}
        return dict(sorted(((id, at) for id, at in found.items() if at), key=lambda one: one[1].at))

    @property
    def hands(self) -> Mapping[str, int]:
        """The last hands: those of the second vote, if there was one."""
        return self.second or self.tally

    @property
    def forks(self) -> tuple[int, ...]:
        """The questions at which hands part, by their numbers on the way.

        Those for judgement come first, for there is something to argue; then those that most hands turn on.
        """
        weighed = {one.at for one in self.partings.values() if one.known_by == WEIGHED}
        ats = {one.at for one in self.partings.values()}
        return tuple(sorted(ats, key=lambda at: (at not in weighed, -self.turning(at), at)))

    def turning(self, at: int) -> int:
        """How many hands turn on a question: those that part there, or those that go on, whichever are fewer."""
        return min(sum(self.tally[id] for id in side) for side in self.sides(at))

    def sides(self, at: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The answers that hands went up for and that part at a question, and those that go on past it."""
        leave = tuple(id for id, one in self.partings.items() if one.at == at)
        gone = {id for id, one in self.partings.items() if one.at <= at}
        return leave, tuple(id for id in self.tally if id not in gone)

    def judging(self, what_if: WhatIf) -> Exercise:
        """The same, with the judgement that a change goes by, so that only what changes is compared."""
        check = self.scene.check(self.check.tree)
        value = what_if.change.get(check.open)
        return replace(self, check=check.taken(self.hands, value)) if isinstance(value, str) else self

    def changed(self, what_if: WhatIf) -> Exercise:
        return replace(self, what_if=what_if)
