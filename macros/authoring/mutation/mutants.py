"""Mutants: every way to spoil a tree at one place, found by operators. A mutant is data: where, what, and the value.

Knows the shape of tree data; refuses to know what would notice a change. OPERATORS is the table; each operator takes
every site there is, in the order of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from macros.authoring.sources.diagnostics import pointer
from macros.authoring.sources.places import At, Part, places, reached
from macros.engine.model.guards import COMBINING

Data = Mapping[str, Any]
NOT_KNOWN = "not_known"


@dataclass(frozen=True)
class Mutant:
    """A tree spoiled at one place: instead of what stands at `path` in its file there is `value`.

    `site` is the path of what the change is about, which may lie inside; `what` says the change in words.
    """

    operator: str
    tree: str
    node: str
    site: At
    what: str
    path: At
    value: Any

    @property
    def pointer(self) -> str:
        return pointer(self.site)

    @property
    def place(self) -> str:
        """Where it is, with the node's id in place of its number, so that it stays when nodes are added."""
        return f"{self.tree}/{self.node}{pointer(self.site[2:])}"

    def applied(self, data: Data) -> Data:
        """The tree with the change; all that lies off its path is shared."""
        changed: Data = put(data, self.path, self.value)
        return changed


def put(data: Any, path: Sequence[Part], value: Any) -> Any:
    """The data with another value at a path."""
    if not path:
        return value
    copy: Any = dict(data) if isinstance(data, Mapping) else list(data)
    copy[path[0]] = put(data[path[0]], path[1:], value)
    return copy


@dataclass(frozen=True)
class Lookups:
    """What operators look up: the facts, the quantities, and the ids that may be cited, in the order of the source."""

    facts: Mapping[str, Data]
    quantities: Mapping[str, Data]
    clauses: Sequence[str]

    def grades(self, quantity: str) -> list[int]:
        return [grade["at"] for grade in self.quantities[quantity]["grades"]]

    def instead_of_not_known(self, fact: str) -> list[str]:
        """The answers that "not known" could wrongly pass for: those that the fact's order sets below it, else all."""
        values = [option["value"] for option in self.facts[fact].get("options", ())]
        below = [low for low, high in self.facts[fact].get("order", ()) if high == NOT_KNOWN]
        return below or [value for value in values if value != NOT_KNOWN]


@dataclass(frozen=True)
class Spoiling:
    """What an operator finds: the site, the words, and the value to put at a path (the site itself, if not said)."""

    site: At
    what: str
    value: Any
    path: At | None = None


Found = Iterator[Spoiling]
Operator = Callable[[Data, Lookups], Found]


def mutants_of(tree: Data, lookups: Lookups) -> list[Mutant]:
    """Every mutant of a tree, operator by operator."""
    return [
        Mutant(name, tree["id"], tree["nodes"][c.site[1]]["id"], c.site, c.what, c.path or c.site, c.value)
        for name, operator in OPERATORS.items()
        for c in operator(tree, lookups)
    ]


# ---- the sites --------------------------------------------------------------------------------------------------

EDGES, ASKS = "nodes/*/next/*", "nodes/*/ask/*"


def guards(tree: Data) -> Iterator[tuple[At, Data]]:
    """Every guard of a question or an edge, and every guard within it."""
    for path, guard in places(tree, f"{ASKS}/if", f"{EDGES}/if"):
        yield from within(path, guard)


def within(path: At, guard: Data) -> Iterator[tuple[At, Data]]:
    """A guard and every guard inside it."""
    yield path, guard
    for inner, part in places(guard, "not", "all|any/*"):
        yield from within((*path, *inner), part)


def lists(tree: Data) -> Iterator[tuple[At, list[str]]]:
    """Every list of answers in a guard."""
    for path, guard in guards(tree):
        if not guard.keys() & {*COMBINING, "floor"}:
            for inner, body in places(guard, "*", "*/*"):
                if isinstance(body, list):
                    yield (*path, *inner), body


# ---- helpers ----------------------------------------------------------------------------------------------------


def without(data: Data, *keys: str) -> Data:
    """An object without some of its keys."""
    return {key: value for key, value in data.items() if key not in keys}


def less(items: Sequence[Any], i: Part) -> list[Any]:
    """A list without its item `i`."""
    return [item for j, item in enumerate(items) if j != i]


def shortened(tree: Data, path: At) -> Data:
    """A node or edge without one item of one of its parts; the part goes where nothing is left."""
    holder, (key, item) = tree, path[-2:]
    for part in path[:-2]:
        holder = holder[part]  # type: ignore[index]
    whole = holder[str(key)]
    kept = without(whole, str(item)) if isinstance(whole, Mapping) else less(whole, item)
    return {**holder, str(key): kept} if kept else without(holder, str(key))


def leading_to(tree: Data, id: str) -> list[str]:
    """A node and all from which it can be reached: an edge from it back to one of them would close a circle."""
    edges = [(node["id"], edge["to"]) for node in tree["nodes"] for edge in node.get("next", ())]
    return reached(id, lambda one: [before for before, to in edges if to == one])


# ---- the operators ----------------------------------------------------------------------------------------------


def edge_elsewhere(tree: Data, lookups: Lookups) -> Found:
    """Each edge to each other node of its tree, but for those from which it would lead back to itself."""
    ids = [node["id"] for node in tree["nodes"]]
    for path, to in places(tree, f"{EDGES}/to"):
        circle = leading_to(tree, ids[int(path[1])])
        yield from (Spoiling(path, f"to “{id}”, not “{to}”", id) for id in ids if id != to and id not in circle)


def answer_dropped(tree: Data, lookups: Lookups) -> Found:
    """Each answer out of each list of two or more in a guard."""
    for path, values in lists(tree):
        for i, value in enumerate(values if len(values) > 1 else ()):
            yield Spoiling((*path, i), f"without “{value}”", less(values, i), path)


def part_dropped(tree: Data, lookups: Lookups) -> Found:
    """Each part out of each "all" and "any" of a guard."""
    for path, guard in guards(tree):
        for inner, part in places(guard, "all|any/*"):
            left = shortened(guard, inner)
            if left:
                yield Spoiling((*path, *inner), f"without {_words(part)}", left, path)


def guard_negated(tree: Data, lookups: Lookups) -> Found:
    """Each guard, and each guard inside one, turned round. What stands in a "not" is turned with the "not"."""
    for path, guard in guards(tree):
        if path[-1] != "not":
            turned = guard.get("not", {"not": guard})
            yield Spoiling(path, f"{_words(turned)}, not {_words(guard)}", turned)


def _words(guard: Data) -> str:
    """A guard in a few words: what is left of its JSON once the quotation marks are gone."""
    return str(dict(guard)).replace("'", "").replace("[", "(").replace("]", ")")[1:-1]


def floor_lowered(tree: Data, lookups: Lookups) -> Found:
    """Each floor that an edge raises, raised one grade less, where that is more than nothing."""
    for path, at in places(tree, f"{EDGES}/raise/*"):
        grades = lookups.grades(str(path[-1]))
        lower = grades[grades.index(at) - 1]
        if lower > grades[0]:
            yield Spoiling(path, f"{path[-1]} {lower}, not {at}", lower)


def _taken_for(low: str, values: list[str]) -> list[str]:
    return [value for value in values if value != NOT_KNOWN] + [NOT_KNOWN] * (low in values)


def _exchanged(low: str, values: list[str]) -> list[str]:
    return [{low: NOT_KNOWN, NOT_KNOWN: low}.get(value, value) for value in values]


def not_known(how: str, change: Callable[[str, list[str]], list[str]], tree: Data, lookups: Lookups) -> Found:
    """Each node whose guards read a fact's "not known", changed for each answer that it could be taken for."""
    for i, node in enumerate(tree["nodes"]):
        for fact in dict.fromkeys(str(path[-1]) for path, values in lists({"nodes": [node]}) if NOT_KNOWN in values):
            for low in lookups.instead_of_not_known(fact):
                taken = _reread(node, fact, partial(change, low))
                if _sorted(taken) != _sorted(node):
                    yield Spoiling(("nodes", i), f"{fact}: “not known” {how} “{low}”", taken)


def _sorted(data: Any) -> Any:
    """Data to compare where the order of answers does not count."""
    if isinstance(data, Mapping):
        return {key: _sorted(value) for key, value in data.items()}
    if isinstance(data, list):
        return sorted(map(_sorted, data), key=repr)
    return data


def _reread(node: Data, fact: str, change: Callable[[list[str]], list[str]]) -> Data:
    """A node whose guards read a fact's lists of answers otherwise. What can no longer hold is gone."""
    held = {key: list(_reheld(node[key], fact, change)) for key in ("ask", "next") if key in node}
    return {**node, **held}


def _reheld(holders: Iterable[Any], fact: str, change: Callable[[list[str]], list[str]]) -> Iterator[Any]:
    """The edges or questions whose guards, read otherwise, can still hold."""
    for holder in holders:
        guard = _reguard(holder["if"], fact, change) if isinstance(holder, Mapping) and "if" in holder else None
        if guard is None:
            yield holder
        elif guard is not False:
            yield {**holder, "if": guard} if guard is not True else holder.get("fact") or without(holder, "if")


def _reguard(guard: Data, fact: str, change: Callable[[list[str]], list[str]]) -> Data | bool:
    """A guard that reads a fact's lists of answers otherwise; True or False where nothing is left to read."""
    ((word, body),) = guard.items()
    if word == "not":
        inner = _reguard(body, fact, change)
        return not inner if isinstance(inner, bool) else {"not": inner}
    if word in ("all", "any"):
        return _joined(word, [_reguard(part, fact, change) for part in body])
    if word != fact or not isinstance(body, list):
        return guard
    return {fact: change(body)} if change(body) else False


def _joined(word: str, parts: list[Data | bool]) -> Data | bool:
    """Parts joined by "all" or "any", once those that always or never hold are taken out."""
    decisive = word == "any"
    if decisive in [part for part in parts if isinstance(part, bool)]:
        return decisive
    left = [part for part in parts if not isinstance(part, bool)]
    return {word: left} if left else not decisive


def removed(words: str, patterns: tuple[str, ...], tree: Data, lookups: Lookups) -> Found:
    """Each item at these places, taken out. `words` are about its key {0} and its value {1}."""
    for path, item in places(tree, *patterns):
        yield Spoiling(path, words.format(path[-1], item), shortened(tree, path), path[:-2])


def call_removed(tree: Data, lookups: Lookups) -> Found:
    """Each call of another tree left out: its node goes straight on."""
    for path, call in places(tree, "nodes/*/call"):
        straight = {**without(tree["nodes"][path[1]], "call"), "kind": "branch"}
        yield Spoiling(path, f"without going through “{call}”", straight, path[:-1])


def question_removed(tree: Data, lookups: Lookups) -> Found:
    """Each question taken from its screen. A screen that asks nothing more goes straight on."""
    for path, ask in places(tree, ASKS):
        left = shortened(tree, path)
        if "ask" not in left:
            left = {**without(left, "heading", "intro", "shows"), "kind": "branch"}
        yield Spoiling(path, f"without asking “{ask if isinstance(ask, str) else ask['fact']}”", left, path[:2])


def condition_removed(tree: Data, lookups: Lookups) -> Found:
    """Each question with a condition, asked always; what is only offered stays offered."""
    for path, ask in places(tree, ASKS):
        if "if" in ask and not isinstance(ask, str):
            always = without(ask, "if")
            yield Spoiling(path, f"“{ask['fact']}” asked always", always if len(always) > 1 else ask["fact"])


def clause_swapped(tree: Data, lookups: Lookups) -> Found:
    """Each cited clause replaced by the next one of the source that does not stand beside it already."""
    for path, cites in places(tree, "nodes/*/cites", f"{EDGES}/cites"):
        for i, id in enumerate(cites):
            after = lookups.clauses.index(id) + 1
            others = [*lookups.clauses[after:], *lookups.clauses[:after]]
            other = next(other for other in others if other not in cites)
            yield Spoiling((*path, i), f"“{other}”, not “{id}”", other)


OPERATORS: dict[str, Operator] = {
    "edge sent elsewhere": edge_elsewhere,
    "answer dropped from a guard": answer_dropped,
    "part of a guard dropped": part_dropped,
    "guard negated": guard_negated,
    "floor dropped": partial(removed, "no {0} {1}", (f"{EDGES}/raise/*",)),
    "floor lowered": floor_lowered,
    "“not known” taken for another answer": partial(not_known, "as", _taken_for),
    "“not known” exchanged with another answer": partial(not_known, "exchanged with", _exchanged),
    "action removed": partial(removed, "without “{1}”", ("nodes/*/shows/*", f"{EDGES}/say/*")),
    "call removed": call_removed,
    "question removed": question_removed,
    "condition of a question removed": condition_removed,
    "opening of a question dropped": partial(removed, "“{1}” not opened", (f"{EDGES}/opens/*",)),
    "clause swapped": clause_swapped,
}
