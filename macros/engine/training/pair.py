"""A matched pair: one story in two versions that differ in one trait that must not matter, and how each half voted.

Knows the two versions in words and the hands of both halves. Refuses to know who raised a hand, and what a gap means:
it says how often chance alone makes one as wide, and that so few hands prove nothing.

Chance, worked out exactly. Suppose the trait moves nobody: whoever raised a hand would have raised it over the other
sheet as well, and luck alone dealt out the sheets. Every way to deal them is then equally likely, and how many of the
raised hands fall to one half follows the hypergeometric distribution. The figure is the share of all deals in which the
two halves lie at least as far apart as they did, whichever of them is ahead (an exact permutation test with two sides).
It rests on the hands that were raised: four apart is 18 of 100 at seven and three of ten, 9 of 100 at four and none.
Before anybody votes it is the mean of these over what the room may do: of ten against ten, four hands or more apart
come in 10.8 of 100 if each hand goes up with a chance of 4 in 10, and in 11.5 if with a chance of one half.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..html.markup import Child, Markup, el, join
from ..html.result import outcome_title
from ..html.view import cites, heading
from ..model.library import Library
from .console import buttons, go
from .exercise import Exercise
from .path import EndsAhead
from .scenario import Scene, read_scene
from .session import NO_NUMBER, read_counts

SLOT = re.compile(r"\{([A-Za-z_]+)\}")
TRAITS = {
    "child-sex": "the child’s sex",
    "abuser-sex": "the sex of the older person",
    "family": "the family’s class",
    "manner": "whether the child seems grateful or difficult",
}
"""What the versions of a pair differ in, in words. The schema knows the same ids."""
HALVES = ("a", "b")
NOT_COUNTED = "Count the hands of both halves: for each half, at least one answer."
PROVES_NOTHING = (
    "Counts from a small group prove nothing, either way: chance may make a gap, and may hide one. "
    "They say nothing about anybody in the room."
)
TO_TALK_OVER = "What did each half see first? What would you have said over the other sheet, and why?"
Hands = Mapping[str, int]
"""How many hands went up for which outcome."""


@dataclass(frozen=True)
class Variant:
    """One version of a pair: what the facilitator calls it, and its words for each slot of the story."""

    name: str
    slots: Mapping[str, str]


@dataclass(frozen=True)
class MatchedPair:
    """The story, which still has its slots, as a scene with one check; the trait by its id; why it must not matter."""

    scene: Scene
    trait: str
    why: str
    variants: tuple[Variant, Variant]


# ---- the versions in words --------------------------------------------------------------------------------------


def slots_of(story: str) -> list[str]:
    """The names of the slots of a story, each once, in its order."""
    return list(dict.fromkeys(SLOT.findall(story)))


def in_words(story: str, slots: Mapping[str, str]) -> str:
    """A story with its slots filled. Raises KeyError for a slot without words."""
    return SLOT.sub(lambda slot: slots[slot[1]], story)


def marked(story: str, slots: Mapping[str, str]) -> Markup:
    """The same as HTML, with what fills the slots in bold. Raises KeyError for a slot without words."""
    parts = SLOT.split(story)
    return join(*(el("strong", slots[part]) if i % 2 else part for i, part in enumerate(parts)))


# ---- chance -----------------------------------------------------------------------------------------------------


def chance(raised_a: int, all_a: int, raised_b: int, all_b: int) -> tuple[int, int]:
    """Of all ways to deal the sheets, how many leave the halves at least as far apart; and how many there are.

    Takes of each half how many hands were raised for one answer, of how many in all. A half has one hand at least.
    """
    raised = raised_a + raised_b
    apart = abs(raised_a * all_b - raised_b * all_a)  # of shares, on one denominator
    dealt = range(max(0, raised - all_b), min(raised, all_a) + 1)
    as_far = (
        _ways(all_a, n) * _ways(all_b, raised - n) for n in dealt if abs(n * all_b - (raised - n) * all_a) >= apart
    )
    return sum(as_far), _ways(all_a + all_b, raised)


def _ways(n: int, k: int) -> int:
    """In how many ways k of n can be picked."""
    found = 1
    for i in range(k):
        found = found * (n - i) // (i + 1)
    return found


def chance_in_words(as_far: int, deals: int) -> str:
    """How often chance alone makes such a gap, as a sentence: to the nearest of 100, and never none of them."""
    of_100 = (200 * as_far + deals) // (2 * deals)
    often = f"about {of_100} of 100" if of_100 else "fewer than 1 of 100"
    return (
        "Suppose that what differs moved nobody, and that the sheets were dealt out again at random: "
        f"the halves would lie as far apart as this, or further, in {'all' if as_far == deals else often} deals."
    )


# ---- a request --------------------------------------------------------------------------------------------------


def pair_response(
    library: Library, ahead: Callable[[str], EndsAhead], request: Mapping[str, Any], base: str
) -> dict[str, Any] | None:
    """Both versions side by side with the `counts` of both halves, or what is wrong with these; None if it is no pair.

    `ahead` gives a tool ready for training. Raises NoOutcome if the answers lead to none.
    """
    pair = read_pair(request.get("pair"), library)
    if pair is None:
        return None
    exercise = exercise_of(pair, ahead, base)
    known = [node.id for node in exercise.outcomes]
    hands = [read_hands(known, half, request.get("counts")) for half in HALVES]
    if None in hands:
        return {"ok": True, "problem": NO_NUMBER, "html": ""}
    counted = [half for half in hands if half]
    if len(counted) < len(HALVES):
        return {"ok": True, "problem": NOT_COUNTED, "html": ""}
    return {"ok": True, "problem": "", "html": side_by_side(pair, exercise, counted)}


def exercise_of(pair: MatchedPair, ahead: Callable[[str], EndsAhead], base: str) -> Exercise:
    """The one check of a pair. Both versions give the same answers, so there is one for both."""
    check = pair.scene.checks[0]
    return Exercise(pair.scene, check, ahead(check.tree), base, {})


def read_pair(data: object, library: Library) -> MatchedPair | None:
    """The pair that a page hands over; None if it is not what the build wrote."""
    absent: dict[str, Any] = {"audience": (), "themes": (), "minutes": 0, "teaches": (), "prompts": (), "what_ifs": ()}
    try:
        scene = read_scene({**absent, **data})  # type: ignore[dict-item]
        first, second = (_variant(one) for one in data["versions"])  # type: ignore[index]
        trait = data["trait"]  # type: ignore[index]
        if trait not in TRAITS:
            raise ValueError("no trait of a pair")
        why = data["why"]  # type: ignore[index]
        if not isinstance(why, str):
            raise TypeError("not a text")
        for variant in (first, second):
            in_words(scene.vignette, variant.slots)
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        return None
    tree = library.trees.get(scene.checks[0].tree)
    return MatchedPair(scene, trait, why, (first, second)) if tree and tree.tool else None


def _variant(data: Mapping[str, Any]) -> Variant:
    name, slots = data["name"], dict(data["slots"])
    if not all(isinstance(words, str) for words in (name, *slots.values())):
        raise TypeError("not a text")
    return Variant(name, slots)


def read_hands(outcomes: list[str], half: str, fields: object) -> dict[str, int] | None:
    """The hands of one half that a form holds, by outcome, without those that are none; None if one is no number.

    The fields are named by half and outcome, such as “a-level-4”.
    """
    counts = read_counts(fields, (f"{half}-{id}" for id in outcomes))
    return counts and {id: n for id in outcomes if (n := counts[f"{half}-{id}"])}


# ---- side by side -----------------------------------------------------------------------------------------------


def side_by_side(pair: MatchedPair, exercise: Exercise, hands: Sequence[Hands]) -> Markup:
    """Both versions, how each half voted, what chance makes of it, what both come to, and why."""
    scene = pair.scene
    return join(
        heading("h2", scene.title, focus=True, class_="tr-title"),
        el("p", f"Each half had a sheet of its own. The story is the same but for one thing: {TRAITS[pair.trait]}."),
        el(
            "div",
            [
                el("section", el("h3", f"Version {half.upper()}"), el("p", marked(scene.vignette, one.slots)))
                for half, one in zip(HALVES, pair.variants, strict=True)
            ],
            class_="tr-versions",
        ),
        votes(exercise, hands),
        el("p", " ".join(gap(exercise, hands)), class_="tr-part", data_chance=True),
        el("p", el("strong", PROVES_NOTHING)),
        el("p", TO_TALK_OVER),
        el("h3", "What both come to"),
        el(
            "p",
            f"The tools ask nothing about {TRAITS[pair.trait]}, so both versions give the same answers. ",
            comes_to(exercise),
        ),
        el("p", scene.checks[0].debrief),
        el("h3", "Why it must not matter"),
        el("p", pair.why),
        cites(exercise.view, scene.cites),
        buttons(go("Back to the sheets", "end")),
    )


def comes_to(exercise: Exercise) -> Markup:
    """What the story comes to in the tool, and the police where they are contacted."""
    grade = exercise.tree.library.quantities["police"].grade(exercise.journey.floors["police"])
    police = f" Police: {grade.name}." if grade.say else ""
    return el("strong", f"{outcome_title(exercise.view, exercise.journey)}.{police}")


def votes(exercise: Exercise, hands: Sequence[Hands]) -> Markup:
    """How many hands of each half went up for what, without answers that nobody gave."""
    rows = [node for node in exercise.outcomes if any(node.id in half for half in hands)]
    head: list[Child] = [el("th", "Answer", scope="col")]
    head += [el("th", half.upper(), scope="col") for half in HALVES]
    body = [
        el(
            "tr",
            el("th", node.title, scope="row"),
            [el("td", str(half.get(node.id, 0)), class_="tr-number") for half in hands],
        )
        for node in rows
    ]
    caption = el("caption", f"{exercise.tree.title}: how the hands went up over A and over B")
    return el("table", caption, el("thead", el("tr", head)), el("tbody", body), class_="tr-spread")


def gap(exercise: Exercise, hands: Sequence[Hands]) -> Iterator[str]:
    """How far the halves lie apart over what both versions come to, and how often chance alone does that."""
    raised = [half.get(exercise.outcome.id, 0) for half in hands]
    (all_a, all_b) = (sum(half.values()) for half in hands)
    over = f"{raised[0]} of {all_a} over version A, {raised[1]} of {all_b} over version B"
    yield f"Hands for “{exercise.outcome.title}”: {over}."
    yield chance_in_words(*chance(raised[0], all_a, raised[1], all_b))
