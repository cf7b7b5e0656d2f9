"""walk(tree, answers) -> Journey: the one interpreter of trees.

Values in, values out; total: whatever the answers are, a Journey comes back. State is the answers so far, so
"back", "change", a record and a test are all this one call. Reasons are the edges taken (s4-10, s4-11: the
professionals who come later can see why).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from .answers import MOST_ANSWERS, Problem, read_answer, unknown_facts
from .guards import HasAll, HasAny, Is, Leaf, Value, evaluate, leaves, truth
from .library import NO, Ask, Edge, Node
from .tree import Move, Step, Tree


@dataclass(frozen=True)
class Screen:
    """A step that asked something on this journey, with the facts it asked and the floors it began with.

    `beside` are those that other answers on the same screen would ask for, or may yet.
    """

    step: str
    facts: tuple[str, ...]
    floors: Mapping[str, int]
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Journey:
    """What the answers so far lead to. `passed` are the keys of all steps on the way, the last one included.

    `state` is asking, outcome or stuck (a defect of the tree, which proofs exclude). `answers` holds the answers
    of this journey alone; `unused` names those given to questions it does not reach. `open` are the facts whose answer
    leaves the matter open: not known, or a "no" that counts as open by an edge taken. `level` is the level to act
    on now (None: no level is given). Whether it could turn out to be another, and all that is then said, is not known
    here: `analysis.outlook.settle` tells.
    """

    tree: str
    state: str
    step: str
    answers: Mapping[str, Value]
    screens: tuple[Screen, ...]
    passed: tuple[str, ...]
    taken: tuple[Edge, ...]
    floors: Mapping[str, int]
    offers: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    unused: tuple[str, ...] = ()
    said_on_the_way: tuple[str, ...] = ()
    not_known: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    outcome: Node | None = None
    level: int | None = None

    @property
    def reasons(self) -> tuple[Edge, ...]:
        """The edges taken that raised a floor or said a result, each once however often its tree was called."""
        return tuple(dict.fromkeys(edge for edge in self.taken if edge.matters))


def walk(tree: Tree, answers: Mapping[str, object]) -> Journey:
    """Replay the answers, keyed by fact, through the tree.

    Returns the Journey to the first question without a usable answer, or to the outcome. Problems (unknown
    facts, impossible values, wrong types, oversized input) are listed in it. Never raises.
    """
    if not isinstance(answers, Mapping) or len(answers) > MOST_ANSWERS:
        answers, strange = {}, [Problem("not-answers", "", "The answers are not a list of answers this page can read.")]
    else:
        strange = unknown_facts(tree.library.facts, answers)
    journey = _Walker(tree, answers).run()
    unused = tuple(fact for fact in answers if fact in tree.library.facts and fact not in journey.answers)
    return replace(journey, problems=(*journey.problems, *strange), unused=unused)


class _Walker:
    """One walk; its fields are the Journey in the making."""

    def __init__(self, tree: Tree, answers: Mapping[str, object]) -> None:
        self.tree, self.library, self.given = tree, tree.library, answers
        self.known: dict[str, Value] = {}
        self.floors = {q.id: q.lowest for q in self.library.quantities.values()}
        self.said: dict[str, None] = {}
        self.screens: list[Screen] = []
        self.passed: list[str] = []
        self.taken: list[Edge] = []
        self.offers: list[str] = []
        self.opened: set[str] = set()
        self.problems: list[Problem] = []

    def run(self) -> Journey:
        key = self.tree.start
        while True:
            step = self.tree.steps[key]
            self.passed.append(key)
            if not self.ask(step):
                return self.journey("asking", key)
            if step.is_end:
                return self.end(step)
            holding = [move for move in step.moves if evaluate(move.edge.guard if move.edge else None, self.look)]
            if len(holding) != 1:
                return self.journey("stuck", key)
            self.take(holding[0])
            key = holding[0].to

    def look(self, leaf: Leaf) -> bool | None:
        return truth(leaf, self.known, self.floors)

    def ask(self, step: Step) -> bool:
        """Take the step's facts from the answers; False if one that must be answered is not.

        One question after the other, for an answer may say whether the next on the same screen is needed.
        """
        before, floors = frozenset(self.known), dict(self.floors)
        new = [ask for ask in step.asks if ask.fact not in before]
        wanted = [ask for ask in new if evaluate(ask.guard, self.look) is not False]
        only_text = all(self.library.facts[ask.fact].kind in ("text", "offer") or ask.offered for ask in wanted)
        facts, beside, answered = [], [], True
        for ask in new:
            offered = ask.offered or self.library.facts[ask.fact].kind == "offer"
            if evaluate(ask.guard, self.look):
                facts += [] if offered else [ask.fact]
                answered = self.answer(ask, only_text) and answered  # each, so that every problem is found
            elif {leaf.fact for leaf in leaves(ask.guard) if isinstance(leaf, Is | HasAny | HasAll)} - before:
                beside.append(ask.fact)
        if facts:
            self.screens.append(Screen(step.key, tuple(facts), floors, tuple(beside)))
        return answered

    def answer(self, ask: Ask, only_text: bool) -> bool:
        name, fact = ask.fact, self.library.facts[ask.fact]
        offered = ask.offered or fact.kind == "offer"
        raw = self.given.get(name)
        if raw is None and offered:
            raw = fact.default
        if raw is None and fact.kind == "text" and not only_text:
            raw = ""
        if raw == fact.default and fact.default and not offered:  # "not said" answers nothing where an answer must be
            raw = None
        if raw is None:
            return False
        value = read_answer(fact, raw)
        if isinstance(value, Problem):
            self.problems.append(value)
            return False
        if ask.offered or (offered and value == fact.default):
            self.offers.append(name)
        self.known[name] = value
        return True

    def take(self, move: Move) -> None:
        if move.edge is None:
            return
        self.taken.append(move.edge)
        for quantity, floor in move.edge.raises:
            self.floors[quantity] = max(self.floors[quantity], floor)
        self.said.update(dict.fromkeys(move.edge.says))
        self.opened.update(move.edge.opens)

    def end(self, step: Step) -> Journey:
        for quantity in self.library.quantities.values():
            if say := quantity.grade(self.floors[quantity.id]).say:
                self.said[say] = None
        journey = self.journey("outcome", step.key)
        return replace(journey, outcome=step.node, level=self.floors[step.node.level] if step.node.level else None)

    def journey(self, state: str, key: str) -> Journey:
        in_order = tuple(result for result in self.library.results if result in self.said)
        facts = self.library.facts
        unknown = tuple(n for n, v in self.known.items() if facts[n].is_not_known(v))
        open_ = tuple(n for n, v in self.known.items() if facts[n].is_open(v) or (n in self.opened and v in NO))
        return Journey(
            self.tree.id,
            state,
            key,
            dict(self.known),
            tuple(self.screens),
            tuple(self.passed),
            tuple(self.taken),
            dict(self.floors),
            tuple(self.offers),
            tuple(self.problems),
            said_on_the_way=in_order,
            not_known=unknown,
            open=open_,
        )
