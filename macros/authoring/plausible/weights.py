"""What situations are made up from: the table decision_trees/plausible.json, read and held to the questions.

Knows the table, and which questions the measured tool asks. No decision rests on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from macros.authoring.sources.diagnostics import Diagnostic
from macros.authoring.sources.places import At, places, reached
from macros.authoring.sources.reading import SourceFile, read_authored
from macros.authoring.sources.schemas import Schemas
from macros.engine.model.answers import Problem, read_answer
from macros.engine.model.guards import Value
from macros.engine.model.library import NOT_KNOWN, Fact, Library

Weights = Mapping[str, Any]
"""The table as its schema has it."""
NAMES = (
    "questions", "concerns/*/given", "concerns/*/about", "wonders/questions/weights",
    "wonders/instead", "wonders/instead/*", "blanks/of/*/answers",
    "one_open/of",
)  # fmt: skip
"""Where questions are named."""


def read_weights(root: Path, schemas: Schemas, library: Library) -> tuple[Weights, list[Diagnostic]]:
    """The table of the project in folder `root`, and what is wrong with it. Empty where it cannot be relied on."""
    file = read_authored(root, "plausible", schemas)
    found = list(file.diagnostics) or list(_named(file, library)) or list(_missing(file, library))
    return ({} if found else file.data), found


def answer_of(fact: Fact, key: str) -> Value:
    """The answer that a key of the table stands for: one option, or the ticks of a checklist joined by plus signs."""
    found = read_answer(fact, key.split(" + ") if fact.kind == "any_of" else key)
    if isinstance(found, Problem):
        raise ValueError(found.message)
    return found


def asked_in(library: Library, tool: str) -> tuple[str, ...]:
    """The questions that a tool and its parts may ask and that want one of some answers, in the order of the facts."""
    trees = reached(tool, lambda id: [node.call for node in library.trees[id].nodes if node.call in library.trees])
    asked = {ask.fact for id in trees for node in library.trees[id].nodes for ask in node.ask}
    return tuple(id for id, fact in library.facts.items() if id in asked and fact.kind in ("one_of", "any_of"))


def _named(file: SourceFile, library: Library) -> Iterator[Diagnostic]:
    """Trees, questions and answers that are not there."""
    if file.data["tool"] not in library.trees:
        yield file.source.unknown("tree", ("tool",), file.data["tool"], library.trees)
        return
    for at, name in [*_questions(file.data), (("one_open", "beside"), file.data["one_open"]["beside"])]:
        if name not in library.facts:
            yield file.source.unknown("fact", at, name, library.facts, f"There is no question “{name}”.")
    for cause in file.data["causes"]:
        tree, node = cause.split("/")
        if tree not in library.trees or all(node != one.id for one in library.trees[tree].nodes):
            told = f"There is no node “{cause}”."
            yield file.source.diagnostic("unknown-node", ("causes", cause), told, "name a tree and one of its nodes.")
    for at, fact, key in _answers(file.data):
        if fact in library.facts and not _fits(library.facts[fact], key):
            told = f"“{key}” is not an answer to “{fact}”."
            yield file.source.unknown("value", at, key, library.facts[fact].values, told)


def _questions(data: Weights) -> Iterator[tuple[At, str]]:
    for at, found in places(data, *NAMES):
        for part, name in enumerate(found):
            yield (*at, name if isinstance(found, Mapping) else part), name


def _answers(data: Weights) -> Iterator[tuple[At, str, str]]:
    for at, draw in places(data, "questions/*", "concerns/*/given/*", "wonders/instead/*/*"):
        for key in draw["weights"]:
            yield (*at, "weights", key), str(at[-1]), key
    for at, key in places(data, "blanks/of/*/answers/*"):
        yield at, str(at[-1]), key
    for fact in (*data["wonders"]["questions"]["weights"], *data["one_open"]["of"]):
        yield ("wonders",), fact, NOT_KNOWN


def _fits(fact: Fact, key: str) -> bool:
    return not isinstance(read_answer(fact, key.split(" + ") if fact.kind == "any_of" else key), Problem)


def _missing(file: SourceFile, library: Library) -> Iterator[Diagnostic]:
    """Questions of the tool that the table does not answer."""
    for fact in asked_in(library, file.data["tool"]):
        if fact not in file.data["questions"]:
            told = f"The question “{fact}” of “{file.data['tool']}” has no weights."
            yield file.source.diagnostic("no-weights", ("questions",), told, "add what is usually answered to it.")
