"""A scenario as training needs it: the story, the checks that are done of it, and what is to be talked over.

Knows the shape of `decision_trees/scenarios/*.json` as far as it is shown; refuses to know what an answer comes to:
that is left to the trees.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..model.guards import Value
from ..model.library import FIXED, OPEN, TOLD, WEIGHED, Fact, Library

JUDGEMENT = "judgement"


@dataclass(frozen=True)
class Check:
    """One tool with the answers that the story gives it. `footing` says what each part of the result rests on.

    `read_as` says of some facts that this story tells them outright, or leaves them to judgement, where most do not.
    """

    tree: str
    answers: Mapping[str, Any]
    footing: Mapping[str, str]
    debrief: str
    read_as: Mapping[str, str] = field(default_factory=dict)

    def known_by(self, fact: Fact, value: Value) -> str:
        """How an answer is known in this story, one of FIRMNESS. What is fixed or open is so in every story."""
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
    minutes: int
    vignette: str
    checks: tuple[Check, ...]
    teaches: tuple[str, ...]
    cites: tuple[str, ...]
    notes: tuple[str, ...]
    prompts: tuple[str, ...]
    what_ifs: tuple[WhatIf, ...]
    clauses: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def check(self, tree: str) -> Check:
        return next(check for check in self.checks if check.tree == tree)

    def what_ifs_of(self, tree: str) -> tuple[WhatIf, ...]:
        return tuple(one for one in self.what_ifs if one.tree == tree)


def answers_with(check: Check, what_if: WhatIf | None) -> dict[str, Any]:
    """The answers that go into the tool, with something changed if anything is."""
    return {**check.answers, **(what_if.change if what_if else {})}


def scene_data(data: Mapping[str, Any], clauses: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """What travels of a scenario's file: all but what it expects, for the trees say that themselves."""
    plain = {name: value for name, value in data.items() if name not in ("$schema", "checks", "what_ifs")}
    without = {
        part: [{name: value for name, value in one.items() if name != "expect"} for one in data[part]]
        for part in ("checks", "what_ifs")
    }
    return {**plain, **without, "clauses": {id: clauses[id] for id in data["cites"] if id in clauses}}


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
    scene = Scene(
        id=_text(data["id"]),
        title=_text(data["title"]),
        audience=_texts(data["audience"]),
        themes=_texts(data["themes"]),
        minutes=int(data["minutes"]),
        vignette=_text(data["vignette"]),
        checks=tuple(_check(one) for one in data["checks"]),
        teaches=_texts(data["teaches"]),
        cites=_texts(data["cites"]),
        notes=_texts(data["notes"]),
        prompts=_texts(data["prompts"]),
        what_ifs=tuple(_what_if(one) for one in data["what_ifs"]),
        clauses={_text(id): _clause(one) for id, one in _mapping(data.get("clauses", {})).items()},
    )
    if not scene.checks or not {one.tree for one in scene.what_ifs} <= {check.tree for check in scene.checks}:
        raise ValueError("a scenario without a check, or a change to a check that is not there")
    return scene


def _check(data: Mapping[str, Any]) -> Check:
    footing = _strings(data["footing"])
    return Check(
        _text(data["tree"]),
        _mapping(data["answers"]),
        {"outcome": footing["outcome"], **footing},
        _text(data["debrief"]),
        {name: kind for kind in (TOLD, WEIGHED) for name in _texts(data.get(kind, ()))},
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
