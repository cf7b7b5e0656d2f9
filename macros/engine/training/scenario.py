"""A scenario as training needs it: the story, the checks that are done of it, and what is to be talked over.

Knows the shape of `decision_trees/scenarios/*.json` as far as it is shown; refuses to know what an answer comes to:
that is left to the trees. Of a check that leaves a judgement to the room it knows one branch for each answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..model.guards import Value
from ..model.library import FIXED, OPEN, TOLD, WEIGHED, Fact, Library

JUDGEMENT = "judgement"
LEVEL = "level"
"""The tool that most sessions are about."""


@dataclass(frozen=True)
class Branch:
    """How a check goes on with some answers to the fact that it leaves open: all of `values` come to `outcome`.

    `answers` are those that are asked for on this branch alone.
    """

    values: tuple[str, ...]
    answers: Mapping[str, Any]
    outcome: str
    footing: Mapping[str, str]
    debrief: str


@dataclass(frozen=True)
class Check:
    """One tool with the answers that the story gives it. `footing` says what each part of the result rests on.

    `minutes` is how long a room needs for it, its debrief included. `read_as` says of some facts that this story tells
    them outright, or leaves them to judgement, where most do not. `open` is the fact that the story leaves to the room,
    or "", and `branches` what its answers come to, in the order in which they are listed. A check that was taken has
    none left; `shared` are then the answers of all its branches.
    """

    tree: str
    minutes: int
    answers: Mapping[str, Any]
    footing: Mapping[str, str]
    debrief: str
    read_as: Mapping[str, str] = field(default_factory=dict)
    open: str = ""
    branches: tuple[Branch, ...] = ()
    shared: Mapping[str, Any] = field(default_factory=dict)

    def ties(self, tally: Mapping[str, int]) -> tuple[Branch, ...]:
        """The branches whose outcome has the most hands, the first listed for each outcome: one where the hands decide.

        All where the most hands are for what no branch comes to; none of a check that leaves nothing open.
        """
        most = max(tally.values(), default=0)
        if not any(tally.get(branch.outcome, 0) == most > 0 for branch in self.branches):
            return self.branches
        first = {branch.outcome: branch for branch in reversed(self.branches)}
        return tuple(
            branch
            for branch in self.branches
            if first[branch.outcome] is branch and tally.get(branch.outcome, 0) == most
        )

    def taken(self, tally: Mapping[str, int], value: str = "") -> Check:
        """The plain check that a room takes with these hands; itself if it leaves nothing open.

        `value` is an answer that the trainer chose, where branches tie. Without one it is the first of them.
        """
        if not self.branches:
            return self
        branch = next((one for one in self.branches if value in one.values), None) or self.ties(tally)[0]
        answer = value if value in branch.values else branch.values[0]
        return replace(
            self,
            answers={**self.answers, **branch.answers, self.open: answer},
            footing={**self.footing, **branch.footing},
            debrief=branch.debrief,
            branches=(),
            shared=self.answers,
        )

    def known_by(self, fact: Fact, value: Value) -> str:
        """How an answer is known in this story, one of FIRMNESS. What is fixed or open is so in every story, but what
        the story leaves to the room is weighed, whatever it answers.
        """
        if fact.id == self.open:
            return WEIGHED
        own = fact.known_by(value)
        if own in (FIXED, OPEN):
            return own
        return self.read_as.get(fact.id, own)


@dataclass(frozen=True)
class WhatIf:
    """A change to the answers of one check, and why it matters."""

    what: str
    tree: str
    change: Mapping[str, Any]
    why: str


@dataclass(frozen=True)
class Scene:
    """One scenario. `clauses` are those it cites, as a Library has them."""

    id: str
    title: str
    audience: tuple[str, ...]
    themes: tuple[str, ...]
    vignette: str
    checks: tuple[Check, ...]
    teaches: tuple[str, ...]
    cites: tuple[str, ...]
    notes: tuple[str, ...]
    prompts: tuple[str, ...]
    what_ifs: tuple[WhatIf, ...]
    clauses: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def main(self) -> Check:
        """The check that a session does which has time for one a story."""
        return self.checks[main_of([check.tree for check in self.checks])]

    def checks_on(self, short: bool) -> tuple[Check, ...]:
        """The checks that a session does: all of them, or in a short one the main one."""
        return (self.main,) if short else self.checks

    def minutes_on(self, short: bool) -> int:
        """How many minutes a room needs for those checks."""
        return sum(check.minutes for check in self.checks_on(short))

    @property
    def minutes(self) -> int:
        """How many minutes a room needs for the whole story."""
        return self.minutes_on(short=False)

    def check(self, tree: str) -> Check:
        return next(check for check in self.checks if check.tree == tree)

    def what_ifs_of(self, tree: str) -> tuple[WhatIf, ...]:
        return tuple(one for one in self.what_ifs if one.tree == tree)


def main_of(trees: Sequence[str]) -> int:
    """Which of the tools that a story is put to is its main one: that of the level, else the first."""
    return trees.index(LEVEL) if LEVEL in trees else 0


def answers_with(check: Check, what_if: WhatIf | None) -> dict[str, Any]:
    """The answers that go into the tool, with something changed if anything is.

    A change answers for itself what the story leaves open, and all that hangs on it.
    """
    return {**(check.shared or check.answers), **what_if.change} if what_if else dict(check.answers)


def scene_data(data: Mapping[str, Any], clauses: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """What travels of a scenario's file: all but what it expects, for the trees say that themselves. Of a branch its
    outcome travels, by which hands find it.
    """
    plain = {name: value for name, value in data.items() if name not in ("$schema", "views", "checks", "what_ifs")}
    return {
        **plain,
        "checks": [_travelling(one) for one in data["checks"]],
        "what_ifs": [_travelling(one) for one in data["what_ifs"]],
        "clauses": {id: clauses[id] for id in data["cites"] if id in clauses},
    }


def _travelling(one: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: value for name, value in one.items() if name not in ("expect", "branches")}
    branches = [{**_travelling(own), "outcome": own["expect"]["outcome"]} for own in one.get("branches", ())]
    return {**plain, "branches": branches} if branches else plain


def read_scenes(data: object, library: Library) -> dict[str, Scene] | None:
    """The scenes that a page handed over, by their ids; None if they are not what the build wrote."""
    try:
        scenes = {id: read_scene(one) for id, one in data.items()}  # type: ignore[attr-defined]
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        return None
    tools = {id for id, tree in library.trees.items() if tree.tool}
    sound = all(id == scene.id and {check.tree for check in scene.checks} <= tools for id, scene in scenes.items())
    return scenes if sound else None


def read_scene(data: Mapping[str, Any]) -> Scene:
    """The scene that a scenario's data describes.

    Raises KeyError, OverflowError, TypeError or ValueError if it describes none.
    """
    listed = ("audience", "themes", "teaches", "cites", "notes", "prompts")
    words: dict[str, Any] = {name: _text(data[name]) for name in ("id", "title", "vignette")}
    words |= {name: _texts(data[name]) for name in listed}
    scene = Scene(
        **words,
        checks=tuple(_check(one) for one in data["checks"]),
        what_ifs=tuple(_what_if(one) for one in data["what_ifs"]),
        clauses={_text(id): _clause(one) for id, one in _mapping(data.get("clauses", {})).items()},
    )
    if any(check.open and not all(one.values for one in check.branches) for check in scene.checks):
        raise ValueError("a branch for no answer")
    if not scene.checks or not {one.tree for one in scene.what_ifs} <= {check.tree for check in scene.checks}:
        raise ValueError("a scenario without a check, or a change to a check that is not there")
    return scene


def _check(data: Mapping[str, Any]) -> Check:
    footing = _strings(data["footing"])
    (left_open,) = _texts(data.get("open", ())) or ("",)
    return Check(
        _text(data["tree"]),
        int(data["minutes"]),
        _mapping(data["answers"]),
        {"outcome": footing["outcome"], **footing},
        "" if left_open else _text(data["debrief"]),
        {name: kind for kind in (TOLD, WEIGHED) for name in _texts(data.get(kind, ()))},
        left_open,
        tuple(_branch(one, left_open) for one in (data["branches"] if left_open else ())),
    )


def _branch(data: Mapping[str, Any], left_open: str) -> Branch:
    return Branch(
        _texts(data["if"][left_open]),
        _mapping(data.get("answers", {})),
        _text(data["outcome"]),
        _strings(data.get("footing", {})),
        _text(data["debrief"]),
    )


def _what_if(data: Mapping[str, Any]) -> WhatIf:
    return WhatIf(_text(data["what"]), _text(data["tree"]), _mapping(data["change"]), _text(data["why"]))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _texts(values: Iterable[object]) -> tuple[str, ...]:
    if isinstance(values, str):
        raise TypeError("not a list of texts")
    return tuple(_text(value) for value in values)


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError("not an object")
    return value


def _clause(value: object) -> dict[str, str]:
    clause = _strings(value)
    return {**clause, "title": clause["title"], "url": clause["url"]}


def _strings(value: object) -> dict[str, str]:
    return {_text(name): _text(one) for name, one in _mapping(value).items()}
