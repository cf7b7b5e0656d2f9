"""Situations: made up one after another from the weights, the same for the same seed.

Knows no question by name. What is drawn is walked, so that nobody wonders about what is never asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from macros.authoring.plausible.weights import Weights, answer_of
from macros.engine.model.guards import Value
from macros.engine.model.library import NOT_KNOWN
from macros.engine.model.tree import Tree
from macros.engine.model.walk import walk

Answers = Mapping[str, Value]


@dataclass(frozen=True)
class Situation:
    """What somebody who came about a concern answers to all that is asked.

    `blanks` are the questions about which they know nothing, answered as a blank is meant; `wonders` those that they
    answered “not sure”.
    """

    concern: str
    answers: Answers
    blanks: tuple[str, ...]
    wonders: tuple[str, ...]


def situations(tree: Tree, weights: Weights, concern: str) -> Iterator[Situation]:
    """Those that begin with a concern: as many as with any other, as near as can be."""
    at = [one["id"] for one in weights["concerns"]].index(concern)
    dice = Random(1_000 * weights["seed"] + at)
    for _ in range(at, weights["situations"], len(weights["concerns"])):
        yield _situation(tree, weights, weights["concerns"][at], dice)


def some(of: Sequence[Any], many: int, seed: int) -> list[Any]:
    """As many at random, in their own order."""
    dice = Random(seed)
    drawn = sorted(range(len(of)), key=lambda _: dice.random())[:many]
    return [of[i] for i in sorted(drawn)]


def _situation(tree: Tree, weights: Weights, concern: Mapping[str, Any], dice: Random) -> Situation:
    facts = tree.library.facts
    draws = {**weights["questions"], **concern["given"]}
    answers = {fact: answer_of(facts[fact], _drawn(draw["weights"], dice)) for fact, draw in draws.items()}
    blanks = _blanks(weights["blanks"], concern["about"], dice)
    answers |= {fact: answer_of(facts[fact], key) for fact, key in blanks.items()}
    for count in range(int(_drawn(weights["wonders"]["many"]["weights"], dice))):
        asked = walk(tree, answers).answers
        may = {
            fact: weight for fact, weight in weights["wonders"]["questions"]["weights"].items()
            if fact in asked and fact not in blanks and not facts[fact].is_not_known(asked[fact])
        }  # fmt: skip
        own = {fact: weight for fact, weight in may.items() if fact in concern["about"]}
        about_it = _drawn(weights["wonders"]["about_concern"]["weights"], dice) == "yes" and count == 0 and own
        if may:
            fact = _drawn(own if about_it else may, dice)
            answers[fact] = answer_of(facts[fact], NOT_KNOWN)
            for other, draw in weights["wonders"]["instead"].get(fact, {}).items():
                if not facts[other].is_not_known(answers[other]):
                    answers[other] = answer_of(facts[other], _drawn(draw["weights"], dice))
    asked = walk(tree, answers).answers
    wonders = weights["wonders"]["questions"]["weights"]
    return Situation(
        concern["id"],
        asked,
        tuple(blanks),
        tuple(fact for fact in asked if fact in wonders and facts[fact].is_not_known(asked[fact])),
    )


def _blanks(blanks: Mapping[str, Any], about: Sequence[str], dice: Random) -> dict[str, str]:
    """What is left blank, each with its answer: nothing that the concern is about."""
    left = [blank["answers"] for blank in blanks["of"] if not set(about) & set(blank["answers"])]
    found: dict[str, str] = {}
    for _ in range(int(_drawn(blanks["many"]["weights"], dice))):
        found |= left.pop(int(dice.random() * len(left)))
    return found


def _drawn(weights: Mapping[str, int], dice: Random) -> str:
    """One of the keys. Of `random` alone, whose numbers Python promises to keep."""
    at = dice.random() * sum(weights.values())
    for key, weight in weights.items():
        at -= weight
        if at < 0:
            return key
    return key
