"""What would change a result: for each answer, where another answer in its place could lead.

A client of the state space, like the prover: every answer given stays as it is but one, and questions that then open
may be answered in any way. Nothing of it is written by hand, so it cannot drift from the trees.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..analysis.state_space import Liveness, explore, liveness
from ..model.guards import Value
from ..model.library import Fact
from ..model.tree import Tree
from ..model.walk import Journey
from .answered import answer_words
from .markup import Markup, el, join
from .view import View, either

COUNTED = ("level", "police")


@dataclass(frozen=True)
class End:
    """Where a journey can end, as far as a reader must know: the outcome, its level (None: none), the police."""

    outcome: str
    level: int | None
    police: int


@dataclass(frozen=True)
class Alternative:
    """Another answer to one fact, and the ends it could lead to."""

    fact: str
    value: Value
    ends: tuple[End, ...]


def end_of(journey: Journey) -> End:
    """The end that a journey came to. It must have come to one."""
    assert journey.outcome is not None
    return End(journey.outcome.id, journey.level, journey.floors["police"])


def what_would_change(tree: Tree, journey: Journey) -> tuple[Alternative, ...]:
    """Every other answer, one fact at a time, that could lead to another end than the journey's own.

    Returns them in the order of the questions; the answers in the order of the options. Ends come lowest first.
    """
    live, now = liveness(tree, *COUNTED), (end_of(journey),)
    found = (
        Alternative(name, value, tuple(ends_with(live, journey, name, value)))
        for name, given in journey.answers.items()
        for value in others(tree.library.facts[name], given)
    )
    return tuple(change for change in found if change.ends != now)


def others(fact: Fact, given: Value) -> Iterator[Value]:
    """The other answers that a form shows; of a checklist, each option by itself."""
    if fact.kind not in ("one_of", "any_of"):
        return
    for value in fact.answers_where(offered=False):
        other: Value = (value,) if fact.kind == "any_of" else value
        if other != given:
            yield other


def ends_with(live: Liveness, journey: Journey, name: str, value: Value) -> dict[End, dict[str, Value]]:
    """The ends that can be reached if the fact `name` is answered `value` and every other answer stays.

    A default that stood where a fact was only offered is no answer where the fact must be answered: any other may be
    given there.

    Returns each with the plainest answers that lead there, lowest end first.
    """

    def domain(fact: Fact) -> Iterable[Value] | None:
        if fact.id == name:
            return [value]
        if fact.id in journey.answers:
            return [journey.answers[fact.id]]
        return [fact.default] if fact.kind == "offer" else None

    level, police = (live.quantities.index(quantity) for quantity in COUNTED)
    found = explore(live, domain)
    ends = {
        End(step.node.id, state[1][level] if step.node.level else None, state[1][police]): (step.key, state)
        for step, state in found.ends()
    }
    in_order = sorted(ends, key=lambda end: (end.level or 0, end.police, end.outcome))
    return {end: found.answers_to(*ends[end]) for end in in_order}


# ---- as a reader sees it -----------------------------------------------------------------------------------------


def changes_of(view: View, journey: Journey) -> Markup:
    """For each answer, what another one could lead to, as the inner HTML of its place on the result."""
    changes = what_would_change(view.tree, journey)
    if not changes:
        return el("p", "No other answer to any one of these questions would lead to another result.")
    facts = dict.fromkeys(change.fact for change in changes)
    return join(
        el("p", "One answer is changed at a time; all your other answers stay.", class_="dt-hint"),
        el(
            "dl",
            [_fact_row(view, journey, name, [c for c in changes if c.fact == name]) for name in facts],
            class_="dt-changes",
        ),
    )


def _fact_row(view: View, journey: Journey, name: str, changes: list[Alternative]) -> Markup:
    """One question: what was answered, then each other answer that would count, those with equal ends together."""
    fact = view.library.facts[name]
    alike: dict[tuple[End, ...], list[str]] = {}
    for change in changes:
        alike.setdefault(change.ends, []).append(f"“{answer_words(fact, change.value)}”")
    given = el("span", "You answered: ", answer_words(fact, journey.answers[name]), class_="dt-change-given")
    rows = [
        el("dd", el("span", f"{either(labels)}: ", class_="dt-change-answer"), _ends_words(view, ends))
        for ends, labels in alike.items()
    ]
    return el("div", el("dt", fact.text, " ", given), rows, class_="dt-change-row")


def _ends_words(view: View, ends: tuple[End, ...]) -> str:
    """The ends in words, such as "level 2 or level 4; contact the police directly"."""
    places = list(dict.fromkeys(_place(view, end) for end in ends))
    police = {view.library.quantities["police"].grade(end.police).short for end in ends}
    contact = "" if police == {""} else police.pop() if len(police) == 1 else "what you do about the police can differ"
    return "; ".join(filter(None, [" or ".join(places), contact])) + "."


def _place(view: View, end: End) -> str:
    if end.level is not None:
        return f"level {end.level}"
    title = view.library.trees[view.tree.id].node(end.outcome).title
    return f"“{title}”"
