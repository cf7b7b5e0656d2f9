"""What a journey could still turn out to be: the levels that are open, what would settle them, the screens left.

Clients of the state space. What a reader knows stays as it is and what they do not know becomes free; the ends that
can then be reached are what the level could turn out to be.

`walk` knows nothing of this. Whoever wants to tell a reader of a result asks `settle` for the Conclusion: it alone has
`settled`, `could_be` and the final `said`, so that a level cannot be shown as settled by a call that was forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..model.guards import Value
from ..model.library import NOT_KNOWN, Fact, Node
from ..model.tree import Tree
from ..model.walk import Journey
from .state_space import PENDING, SOME_TIME, Liveness, State, Transition, explore, liveness

UNSETTLED = "not-settled"
"""The id of the result that an unsettled journey says by itself."""


@dataclass(frozen=True, kw_only=True)
class Conclusion(Journey):
    """A journey that came to an outcome, with all that a reader is told of it.

    `said` are the results in the library's order; `could_be` the levels that it could turn out to be once all is known
    (0: no level).
    """

    outcome: Node
    said: tuple[str, ...]
    could_be: tuple[int, ...]

    @property
    def settled(self) -> bool:
        """Whether no known answer in place of a "not known" one would change the level."""
        return self.could_be == (self.level or 0,)


def settle(tree: Tree, journey: Journey) -> Conclusion | None:
    """The conclusion of a journey through `tree`; None if it came to no outcome.

    An unsettled one says so among its results too, where the library has a result for it. A Conclusion comes back as
    it is.
    """
    if isinstance(journey, Conclusion):
        return journey
    if journey.outcome is None:
        return None
    levels = _could_be(tree, journey, frozenset(journey.not_known))
    said = set(journey.said_on_the_way)
    if levels != (journey.level or 0,):
        said.add(UNSETTLED)
    in_order = tuple(result for result in tree.library.results if result in said)
    return Conclusion(**vars(journey), said=in_order, could_be=levels)


def would_settle(tree: Tree, ended: Conclusion) -> tuple[str, ...]:
    """The facts not known that an unsettled level hangs on, in the order they were asked.

    A fact counts if the levels the journey could turn out to be are others once this fact stays as it is: what only
    goes along with something else that is not known is left out. Where no fact counts by itself, all do that can.
    """
    bearing = tuple(name for name in ended.not_known if "level" in tree.library.facts[name].bears_on)
    ahead = _levels_ahead(tree, ended, frozenset(ended.not_known), bearing)
    alone = tuple(name for name in bearing if ahead[name] != ahead[None])
    return alone or tuple(n for n in bearing if _could_be(tree, ended, frozenset({n})) != (ended.level,)) or bearing


def _could_be(tree: Tree, journey: Journey, unknown: frozenset[str]) -> tuple[int, ...]:
    """The levels at the ends once the facts in `unknown` are known, whatever they are, and every other answer stays.

    Questions that then open may have any known answer (property 22). With nothing unknown: the journey's own level.
    """
    if not unknown:
        return (journey.level or 0,)
    return tuple(sorted(_levels_ahead(tree, journey, unknown)[None]))


LevelsAhead = dict[str | None, frozenset[int]]
"""The levels at the ends that can be reached (0: no level): under None once all is known, under a fact once all is
known but that fact."""


def _levels_ahead(tree: Tree, journey: Journey, unknown: frozenset[str], but: tuple[str, ...] = ()) -> LevelsAhead:
    """The levels ahead of a journey whose answers stay, those to the facts in `unknown` excepted: these become known.

    Under each fact in `but`, one of those in `unknown`, stands another set. All come from one look at each state: what
    is not known branches into that as well, and from there on everything else is known.
    """
    live, facts, given = liveness(tree, "level"), tree.library.facts, journey.answers
    level = live.quantities.index("level")

    def domain(fact: Fact) -> Iterable[Value] | None:
        if fact.id in given and fact.id not in unknown:
            return [given[fact.id]]
        if fact.kind == "offer":
            return [fact.default]
        known = _known_values(live, fact)
        return known if known is None or fact.id not in but else [*known, given[fact.id]]

    found = explore(live, domain)
    ahead: dict[tuple[str, State], LevelsAhead] = {
        (step.key, state): dict.fromkeys((None, *but), frozenset({state[1][level] if step.node.level else 0}))
        for step, state in found.ends()
    }
    for step in reversed(tuple(tree.steps.values())):
        for state in () if step.is_end else found.predecessors[step.key]:
            ends: dict[str | None, set[int]] = {name: set() for name in (None, *but)}
            for transition in found.transitions.get((step.key, state), ()):
                further = ahead[transition.move.to, transition.to]
                read = {name: bits for name, bits in transition.bits if bits != PENDING and name in but}
                # Answers that nothing tells from "not known" stand for it too.
                stay = {name for name, bits in read.items() if bits == live.bits(step, facts[name], given[name])}
                open_yet = {
                    name for name, value in transition.given if name in read and facts[name].is_not_known(value)
                }
                if not open_yet:
                    ends[None] |= further[None]
                for name in but:
                    if open_yet <= {name} and (name in stay or name not in read):
                        ends[name] |= further[None if name in stay else name]
            ahead[step.key, state] = {name: frozenset(levels) for name, levels in ends.items()}
    return ahead[tree.start, live.project({}, live.lowest, tree.start)]


def _known_values(live: Liveness, fact: Fact) -> Iterable[Value] | None:
    """Every answer but "not known", one of each class; None where that is any answer at all."""
    if fact.kind == "any_of":
        return [c.witness for c in live.every_class(fact) if not fact.is_not_known(c.witness)]
    if NOT_KNOWN not in fact.values:
        return None
    if fact.kind == "datetime":
        return [SOME_TIME]
    return [value for value in fact.values if value != NOT_KNOWN]


def most_left(tree: Tree) -> dict[str, int]:
    """By step: the most screens that a journey can still ask once that step asks, its own included.

    Over every set of answers that leads there, so that an answer may shorten the way and never lengthens it. An offer
    made from there on is not taken up: whoever does so chooses a longer way. Steps that never ask are left out.
    """
    found, facts = explore(Liveness(tree)), tree.library.facts
    most: dict[str, int] = {}
    left: dict[tuple[str, State], int] = {}

    def takes_up(transition: Transition, state: State) -> bool:
        before = dict(state[0])
        return any(facts[n].kind == "offer" and v != facts[n].default and n not in before for n, v in transition.given)

    for key in reversed(tuple(tree.steps)):
        for state in found.predecessors[key]:
            onward = [one for one in found.transitions.get((key, state), ()) if not takes_up(one, state)]
            left[key, state] = max((one.screen + left[one.move.to, one.to] for one in onward), default=0)
            if any(one.screen for one in onward):
                most[key] = max(left[key, state], most.get(key, 0))
    return most
