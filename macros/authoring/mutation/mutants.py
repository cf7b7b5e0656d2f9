"""Mutants: every way to spoil a tree at one place, found by operators. A mutant is data: where, what, and the value.

Knows the shape of tree data; refuses to know what would notice a change. OPERATORS is the table; each operator takes
every site there is, in the order of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from macros.authoring.sources.diagnostics import pointer
from macros.authoring.sources.places import At, Part

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


Operator = Callable[[Data, Lookups], Iterator[Spoiling]]


def mutants_of(tree: Data, lookups: Lookups) -> list[Mutant]:
    """Every mutant of a tree, operator by operator."""
    return [
        Mutant(name, tree["id"], tree["nodes"][c.site[1]]["id"], c.site, c.what, c.path or c.site, c.value)
        for name, operator in OPERATORS.items()
        for c in operator(tree, lookups)
    ]


# ---- the sites --------------------------------------------------------------------------------------------------


def edges(tree: Data) -> Iterator[tuple[At, Data]]:
    """Every edge with its path."""
    for i, node in enumerate(tree["nodes"]):
        for j, edge in enumerate(node.get("next", ())):
            yield ("nodes", i, "next", j), edge


def asks(tree: Data) -> Iterator[tuple[At, str | Data]]:
    """Every question of every screen with its path."""
    for i, node in enumerate(tree["nodes"]):
        for j, ask in enumerate(node.get("ask", ())):
            yield ("nodes", i, "ask", j), ask


def guards(tree: Data) -> Iterator[tuple[At, Data]]:
    """Every guard of an edge or a question, and every guard within it."""
    for path, holder in [*asks(tree), *edges(tree)]:
        if isinstance(holder, Mapping) and "if" in holder:
            yield from within((*path, "if"), holder["if"])


def within(path: At, guard: Data) -> Iterator[tuple[At, Data]]:
    """A guard and every guard inside it."""
    yield path, guard
    ((word, body),) = guard.items()
    if word == "not":
        yield from within((*path, word), body)
    elif word in ("all", "any"):
        for i, part in enumerate(body):
            yield from within((*path, word, i), part)


def lists(tree: Data) -> Iterator[tuple[At, list[str]]]:
    """Every list of answers in a guard."""
    for path, guard in guards(tree):
        ((word, body),) = guard.items()
        if word in ("all", "any", "not", "floor"):
            continue
        if isinstance(body, Mapping):
            ((how, values),) = body.items()
            yield (*path, word, how), values
        else:
            yield (*path, word), body


def citing(tree: Data) -> Iterator[tuple[At, list[str]]]:
    """Every list of cited clauses, of nodes and of edges."""
    for path, holder in [*((("nodes", i), node) for i, node in enumerate(tree["nodes"])), *edges(tree)]:
        if "cites" in holder:
            yield (*path, "cites"), holder["cites"]


# ---- helpers ----------------------------------------------------------------------------------------------------


def without(data: Data, *keys: str) -> Data:
    """An object without some of its keys."""
    return {key: value for key, value in data.items() if key not in keys}


def less(items: Sequence[Any], i: int) -> list[Any]:
    """A list without its item `i`."""
    return [*items[:i], *items[i + 1 :]]


def shortened(holder: Data, key: str, kept: Any) -> Data:
    """A node or edge with what is kept of one of its parts; the part goes where nothing is left."""
    return {**holder, key: kept} if kept else without(holder, key)


def leading_to(tree: Data, id: str) -> set[str]:
    """A node and all from which it can be reached: an edge from it back to one of them would close a circle."""
    found, before = {id}, -1
    while len(found) > before:
        before = len(found)
        found |= {node["id"] for node in tree["nodes"] for edge in node.get("next", ()) if edge["to"] in found}
    return found


# ---- the operators ----------------------------------------------------------------------------------------------


def edge_elsewhere(tree: Data, lookups: Lookups) -> Iterator[Spoiling]:
    """Each edge to each other node of its tree, but for those from which it would lead back to itself."""
    ids = [node["id"] for node in tree["nodes"]]
    for path, edge in edges(tree):
        circle = leading_to(tree, ids[int(path[1])])
        for id in ids:
            if id != edge["to"] and id not in circle:
                yield Spoiling((*path, "to"), f"to “{id}”, not “{edge['to']}”", id)


def answer_dropped(tree: Data, lookups: Lookups) -> Iterator[Spoiling]:
    """Each answer out of each list of two or more in a guard."""
    for path, values in lists(tree):
        for i, value in enumerate(values if len(values) > 1 else ()):
            yield Spoiling((*path, i), f"without “{value}”", less(values, i), path)


def part_dropped(tree: Data, lookups: Lookups) -> Iterator[Spoiling]:
    """Each part out of each "all" and "any" of a guard."""
    for path, guard in guards(tree):
        ((word, body),) = guard.items()
        for i in range(len(body) if word in ("all", "any") and len(body) > 1 else 0):
            yield Spoiling((*path, word, i), f"without {_words(body[i])}", {word: less(body, i)}, path)


def guard_negated(tree: Data, lookups: Lookups) -> Iterator[Spoiling]:
    """Each guard, and each guard inside one, turned round. What stands in a "not" is turned with the "not"."""
    for path, guard in guards(tree):
        if path[-1] != "not":
            turned = guard.get("not", {"not": guard})
            yield Spoiling(path, f"{_words(turned)}, not {_words(guard)}", turned)


def _words(guard: Data) -> str:
    """A guard in a few words: what is left of its JSON once the quotation marks are gone."""
    return str(dict(guard)).replace("'", "").replace("[", "(").replace("]", ")")[1:-1]


def floor_dropped(tree: Data, lookups: Lookups) -> Iterator[Spoiling]:
    """Each floor that an edge raises, not raised."""
    for path, edge in edges(tree):
        for quantity, at in edge.get("raise", {}).items():
            left = shortened(edge, "raise", without(edge["raise"], quantity))
            yield Spoiling((*path, "raise", quantity), f"no {quantity} {at}", left, path)


def floor_lowered(tree: Data, lookups: Lookups) -> Iterator[Spoiling]:
    """Each floor that an edge raises, raised one grade less, where that is more than nothing."""
    for path, edge in edges(tree):
        for quantity, at in edge.get("raise", {}).items():
            grades = lookups.grades(quantity)
            lower = grades[grades.index(at) - 1]
            if lower > grades[0]:
                yield Spoiling((*path, "raise", quantity), f"{quantity} {lower}, not {at}", lower)


def not_known_taken_for(tree: Data, lookups: Lookups) -> Iterator[Spoiling]:
    """At each node that reads a "not known", let it pass for each answer it could be taken for."""
    for i, node, fact, low in _not_known(tree, lookups):
        taken = _reread(node, fact, lambda values, low=low: _membership(values, low in values))  # type: ignore[misc]
        if taken != node:
            yield Spoiling(("nodes", i), f"{fact}: “not known” as “{low}”", taken)


def not_known_exchanged(tree: Data, lookups: Lookups) -> Iterator[Spoiling]:
    """At each node that reads a "not known", exchange it with each answer it could be taken for."""
    for i, node, fact, low in _not_known(tree, lookups):
        other = {low: NOT_KNOWN, NOT_KNOWN: low}
        taken = _reread(node, fact, lambda values, other=other: [other.get(v, v) for v in values])  # type: ignore[misc]
        if taken != node and _sorted(taken) != _sorted(node):
            yield Spoiling(("nodes", i), f"{fact}: “not known” exchanged with “{low}”", taken)


def _not_known(tree: Data, lookups: Lookups) -> Iterator[tuple[int, Data, str, str]]:
    """Each node whose guards read a fact's "not known", with the fact and each answer it could be taken for."""
    for i, node in enumerate(tree["nodes"]):
        read = {path[-1]: None for path, values in lists({"nodes": [node]}) if NOT_KNOWN in values}
        for fact in read:
            for low in lookups.instead_of_not_known(str(fact)):
                yield i, node, str(fact), low


def _membership(values: list[str], stays: bool) -> list[str]:
    """A list of answers with or without "not known"."""
    known = [value for value in values if value != NOT_KNOWN]
    return [*known, NOT_KNOWN] if stays else known


def _sorted(data: Any) -> Any:
    """Data to compare where the order of answers does not count."""
    if isinstance(data, Mapping):
        return {key: _sorted(value) for key, value in data.items()}
    if isinstance(data, list):
        return sorted(map(_sorted, data), key=repr)
    return data


def _reread(node: Data, fact: str, change: Callable[[list[str]], list[str]]) -> Data:
    """A node whose guards read a fact's lists of answers otherwise. What can no longer hold is gone."""
    after = {**node, "next": list(_reheld(node["next"], fact, change))}
    if "ask" in node:
        left = _reheld(node["ask"], fact, change)
        after["ask"] = [ask["fact"] if isinstance(ask, Mapping) and "if" not in ask else ask for ask in left]
    return after


def _reheld(holders: Iterable[Any], fact: str, change: Callable[[list[str]], list[str]]) -> Iterator[Any]:
    """The edges or questions whose guards, read otherwise, can still hold."""
    for holder in holders:
        guard = _reguard(holder["if"], fact, change) if isinstance(holder, Mapping) and "if" in holder else None
        if guard is None:
            yield holder
        elif guard is not False:
            yield without(holder, "if") if guard is True else {**holder, "if": guard}


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


def action_removed(tree: Data, lookups: Lookups) -> Iterator[Spoiling]:
    """Each result that an edge says or a screen shows, taken out."""
    for path, holder in [*((("nodes", i), node) for i, node in enumerate(tree["nodes"])), *edges(tree)]:
        for key in ("shows", "say"):
            for i, result in enumerate(holder.get(key, ())):
                yield Spoiling(
                    (*path, key, i), f"without “{result}”", shortened(holder, key, less(holder[key], i)), path
                )


def call_removed(tree: Data, lookups: Lookups) -> Iterator[Spoiling]:
    """Each call of another tree left out: its node goes straight on."""
    for i, node in enumerate(tree["nodes"]):
        if node["kind"] == "call":
            straight = {**without(node, "call"), "kind": "branch"}
            yield Spoiling(("nodes", i, "call"), f"without going through “{node['call']}”", straight, ("nodes", i))


def question_removed(tree: Data, lookups: Lookups) -> Iterator[Spoiling]:
    """Each question taken from its screen. A screen that asks nothing more goes straight on."""
    for path, ask in asks(tree):
        node, fact = tree["nodes"][path[1]], ask if isinstance(ask, str) else ask["fact"]
        left = less(node["ask"], int(path[3]))
        straight = {**without(node, "ask", "heading", "intro", "shows"), "kind": "branch"}
        yield Spoiling(path, f"without asking “{fact}”", {**node, "ask": left} if left else straight, path[:2])


def condition_removed(tree: Data, lookups: Lookups) -> Iterator[Spoiling]:
    """Each question with a condition, asked always."""
    for path, ask in asks(tree):
        if not isinstance(ask, str):
            yield Spoiling(path, f"“{ask['fact']}” asked always", ask["fact"])


def clause_swapped(tree: Data, lookups: Lookups) -> Iterator[Spoiling]:
    """Each cited clause replaced by the next one of the source that does not stand beside it already."""
    for path, cites in citing(tree):
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
    "floor dropped": floor_dropped,
    "floor lowered": floor_lowered,
    "“not known” taken for another answer": not_known_taken_for,
    "“not known” exchanged with another answer": not_known_exchanged,
    "action removed": action_removed,
    "call removed": call_removed,
    "question removed": question_removed,
    "condition of a question removed": condition_removed,
    "clause swapped": clause_swapped,
}
