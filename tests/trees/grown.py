"""Trees grown at random, each valid, with every journey through them found by trying all answers.

The slow and obvious way to know what a tree does. What the engine works out cleverly must agree with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product
from random import Random
from typing import Any

from macros.engine.model.guards import Value
from macros.engine.model.library import Fact, read_library
from macros.engine.model.tree import Tree, inline
from macros.engine.model.walk import Journey, walk

Answers = dict[str, Value]
Guard = dict[str, Any]
ENDS = ("settled", "also-settled", "no-level")
POLICE = [{"at": 0, "name": "None"}, *({"at": n, "name": f"Police {n}", "say": f"police-{n}"} for n in (1, 2))]
QUANTITIES = {
    "level": {"grades": [{"at": n, "name": f"Level {n}"} for n in (1, 2, 3, 4)]},
    "police": {"grades": POLICE},
}
RESULT = {"group": "now", "action": "A.", "actor": "You", "timescale": "Now", "cites": [], "basis": "source"}
RESULTS = {
    id: {**RESULT, "route": route}
    for id, route in {"police-1": "police", "police-2": "police", "one": "cads", "two": "engage"}.items()
}
RAISED = [{}, {}, {"level": 2}, {"level": 3}, {"level": 4}, {"police": 1}, {"police": 2}]
READ = [{"any": ["this"]}, {"any": ["this", "that"]}, {"all": ["this", "that"]}]
BEYOND = {"unclear": {"open": True}, "grown": {"completes": False}}
"""Answers that leave a matter open without being "not known", or that nothing open ever turns out to be."""


def _options(*values: str) -> list[dict[str, Any]]:
    exclusive = {"none", "not_known"} if "none" in values else set()
    return [
        {"value": v, "text": v, **({"exclusive": True} if v in exclusive else {}), **BEYOND.get(v, {})} for v in values
    ]


KINDS: dict[str, dict[str, Any]] = {
    "one_of": {"options": _options("no", "yes", "not_known"), "order": [["no", "not_known"], ["no", "yes"]]},
    "one_of_known": {"options": _options("low", "middle", "high"), "order": [["low", "middle"], ["middle", "high"]]},
    "any_of": {
        "options": _options("this", "that", "none", "not_known"), "order": [["none", "not_known"], ["none", "*"]],
    },
    "offer": {"options": _options("no", "yes"), "default": "no"},
    "text": {},
}  # fmt: skip
RICH: dict[str, dict[str, Any]] = {
    "one_of_unclear": {"options": _options("no", "yes", "unclear", "not_known")},
    "one_of_growing": {"options": _options("small", "tall", "grown", "not_known")},
    "one_of_tapped": {"options": _options("unsaid", "no", "yes"), "default": "unsaid"},
}
"""Further kinds, for rich trees: with what is open or never the outcome, and one that may be offered."""


KIND_OF = {kind: "one_of" for kind in (KINDS | RICH) if kind.startswith("one_of")}


def facts(dice: Random, rich: bool = False) -> dict[str, dict[str, Any]]:
    """Two to four facts; checklists are two at most, for their answers are many."""
    more = [*RICH, *RICH] if rich else []
    kinds = [dice.choice([*KINDS, "one_of", "one_of", "any_of", *more]) for _ in range(dice.randint(2, 4))]
    kinds[0] = dice.choice(["one_of", "any_of"])
    plain = {"domain": "person", "cites": [], "basis": "source", "bears_on": ["level"]}
    return {
        f"fact_{i}": {"kind": KIND_OF.get(kind, kind), "text": f"Fact {i}?", **plain, **(KINDS | RICH)[kind]}
        for i, kind in enumerate(kinds)
        if kind != "any_of" or kinds[:i].count("any_of") < 2
    }


class Grower:
    """Grows one tree from the start to the ends; knows at each node which facts every way there has asked.

    A rich one offers facts, asks by what is answered above on the same screen, and has edges that open a "no".
    """

    def __init__(
        self,
        dice: Random,
        facts: dict[str, dict[str, Any]],
        nodes: list[str],
        part: Grower | None,
        rich: bool = False,
    ) -> None:
        self.dice, self.facts, self.part, self.rich = dice, facts, part, rich
        self.sure: dict[str, set[str]] = {nodes[0]: set()}
        self.after = self.later = [*nodes, *ENDS]
        self.nodes = [self.node(name) for name in nodes if name in self.sure]
        self.nodes += [self.end(end) for end in ENDS if end in self.sure]

    @property
    def asked(self) -> set[str]:
        """The facts that every journey through the tree asks."""
        return set.intersection(*(self.sure[end] for end in ENDS if end in self.sure))

    def end(self, id: str) -> dict[str, Any]:
        return {"id": id, "kind": "outcome", "title": id, **({} if id == "no-level" else {"level": "level"})}

    def node(self, id: str) -> dict[str, Any]:
        self.later = self.after[self.after.index(id) + 1 :]
        kind = self.dice.choice(["ask", "ask", "branch", *(["call"] if self.part else [])])
        known = set(self.sure[id])
        body: dict[str, Any] = {}
        if kind == "ask":
            body["ask"] = self.asks(known)
        elif kind == "call":
            assert self.part
            body["call"], known = "part", known | self.part.asked
        edges = [self.edge(guard, known) for guard in self.cells(known)]
        return {"id": id, "kind": kind, **body, "next": edges}

    def asks(self, known: set[str]) -> list[Any]:
        """One or two facts, some only under a condition; `known` gains those that are asked in every case."""
        before, asked = set(known), []
        for fact in self.dice.sample(list(self.facts), self.dice.randint(1, 2)):
            condition = self.dice.choice([None, None, *self.cells(known if self.rich else before)])
            offered = self.facts[fact]["kind"] != "offer" and "default" in self.facts[fact] and self.dice.random() < 0.6
            ask = {"fact": fact, **({"if": condition} if condition else {}), **({"offered": True} if offered else {})}
            asked.append(fact if ask == {"fact": fact} else ask)
            if condition is None:
                known.add(fact)
        return asked

    def edge(self, guard: Guard | None, known: set[str]) -> dict[str, Any]:
        to = self.dice.choice([*self.later[:2], *self.later[:2], *self.later])
        self.sure[to] = self.sure.get(to, known) & known
        raised = self.dice.choice(RAISED)
        said = self.dice.choice([[], [], ["one"], ["two"]])
        edge = {"to": to, "raise": raised, "say": said, "because": "So it is.", "basis": "source"}
        if self.rich and self.dice.random() < 0.3:
            edge["opens"] = self.dice.sample(list(self.facts), self.dice.randint(1, len(self.facts)))
        return edge if guard is None else {"if": guard, **edge}

    def cells(self, known: set[str], finer: bool = True) -> list[Guard | None]:
        """Guards of which exactly one holds, whatever is known; None alone stands for no guard."""
        readable = sorted(name for name in known if self.facts[name]["kind"] != "text")
        fact = self.dice.choice([None, "", *readable, *readable, *readable])
        if fact is None:
            return [None]
        cells = self.floor_cells() if not fact else self.fact_cells(fact)
        if finer and self.dice.random() < 0.5:
            first, *rest = cells
            parts = [part for part in self.cells(known, finer=False) if part is not None]
            cells = [*([{"all": [first, part]} for part in parts] or [first]), *rest]
        return list(cells)

    def floor_cells(self) -> list[Guard]:
        floor = {"floor": self.dice.choice([{"level": 2}, {"level": 4}, {"police": 1}])}
        return [floor, {"not": floor}]

    def fact_cells(self, fact: str) -> list[Guard]:
        values = [option["value"] for option in self.facts[fact]["options"]]
        if self.facts[fact]["kind"] == "any_of":
            read = {fact: self.dice.choice(READ)}
            alone = {fact: ["none", "not_known"]}
            rest = {"not": {"any": [alone, read]}}
            apart = self.dice.random() < 0.5
            return [read, rest, *([{fact: ["none"]}, {fact: ["not_known"]}] if apart else [alone])]
        cut = self.dice.randint(1, len(values) - 1)
        parts = [part for part in (values[:cut], values[cut:]) if part]
        return [{fact: part} for part in parts]


@cache
def tree(seed: int) -> Tree:
    """A random tree that is free of gaps, overlaps and cycles; half of them may call another."""
    return inline(read_library(grown_data(seed)), "whole")


@cache
def rich(seed: int) -> Tree:
    """Such a tree that has, beside all that others have, what may be open, offered or asked by the same screen."""
    return inline(read_library(grown_data(seed, rich=True)), "whole")


@cache
def grown_data(seed: int, rich: bool = False) -> dict[str, Any]:
    """The data of that tree, which is called “whole”."""
    dice = Random(seed)
    known = facts(dice, rich)
    part = Grower(dice, known, _names("part", dice.randint(1, 3)), None, rich) if dice.random() < 0.5 else None
    whole = Grower(dice, known, _names("node", dice.randint(3, 6)), part, rich)
    return data(known, {"whole": whole, **({"part": part} if part else {})})


def _names(stem: str, count: int) -> list[str]:
    return [f"{stem}-{i}" for i in range(1, count + 1)]


def data(known: dict[str, dict[str, Any]], grown: dict[str, Grower]) -> dict[str, Any]:
    trees = {
        id: {"id": id, "title": id, "start": tree.nodes[0]["id"], "nodes": tree.nodes} for id, tree in grown.items()
    }
    return {"facts": known, "results": RESULTS, "quantities": QUANTITIES, "contacts": {}, "trees": trees}


def answers_to(fact: Fact) -> list[Value]:
    """Every answer that a reader can give to a fact; for a text, one."""
    if fact.kind != "any_of":
        return list(fact.values) or [""]
    options = [value for value in fact.values if value not in fact.exclusive]
    chosen = [some for n in range(1, len(options) + 1) for some in combinations(options, n)]
    return [*chosen, *((value,) for value in fact.exclusive)]


@dataclass(frozen=True)
class Tried:
    """A set of answers, one to every fact of the tree, and the journey it leads to."""

    answers: Answers
    journey: Journey

    @property
    def level(self) -> int:
        return self.journey.level or 0


def try_all(tree: Tree) -> list[Tried]:
    """Every journey through a tree, by trying every answer to every fact it may ask.

    Left out are those that end at a question, for "unsaid" is no answer to one that is not only offered.
    """
    asked = [tree.library.facts[name] for name in tree.facts()]
    every = [
        Tried(answers, walk(tree, answers))
        for values in product(*(answers_to(fact) for fact in asked))
        for answers in [dict(zip((fact.id for fact in asked), values, strict=True))]
    ]
    return [one for one in every if one.journey.state != "asking"]


NOT_KNOWN = ("not_known", ("not_known",))
NEVER = (*NOT_KNOWN, "unclear", "grown", "unsaid")
"""What nothing open ever turns out to be: "unsaid" is no answer."""


def open_in(journey: Journey) -> tuple[str, ...]:
    """The facts whose answer leaves the matter open, told without the engine."""
    opened = {name for edge in journey.taken for name in edge.opens}
    return tuple(
        name
        for name, value in journey.answers.items()
        if value in (*NOT_KNOWN, "unclear") or (name in opened and value in ("no", ("none",)))
    )


def completions(
    tree: Tree, tried: list[Tried], journey: Journey, opened: Collection[str] | None = None
) -> Iterator[Tried]:
    """What a journey may turn out to be: what is not open stays, all else is known, no offer is taken up.

    `opened` are the facts that are free, if not all that are open.
    """
    facts = tree.library.facts
    free = open_in(journey) if opened is None else opened
    fixed = {name: value for name, value in journey.answers.items() if name not in free}

    def stays(one: Tried, name: str, value: Value) -> bool:
        """A fact left unsaid where it was offered is answered where a form asks it."""
        unsaid = facts[name].kind != "offer" and value == facts[name].default and value != ""
        in_a_form = name in one.journey.answers and name not in one.journey.offers
        return one.answers[name] == value or (unsaid and in_a_form)

    for one in tried:
        new = {name: value for name, value in one.journey.answers.items() if name not in fixed}
        if all(stays(one, name, value) for name, value in fixed.items()) and all(
            value == facts[name].default if facts[name].kind == "offer" else value not in NEVER
            for name, value in new.items()
        ):
            yield one
