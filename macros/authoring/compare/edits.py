"""Edits: what somebody changed in the decision data, one by one, each with its file and line, and to apply by itself.

Nodes are known by their ids, edges by what is left of them, wherever they stand. An edit that means nothing alone (an
edge to a node that is new) leads nowhere alone: what it brings is then brought together with others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import chain, takewhile
from typing import Any

from macros.authoring.compare.guards import gained_and_lost, guard_change, guard_in_words
from macros.authoring.sources.diagnostics import Source
from macros.authoring.sources.places import At, Part, everywhere, texts

Tables = Mapping[str, Any]
"""The decision data by table, as it is authored: facts, results, quantities, contacts, and trees by id."""
TABLES = ("trees", "facts", "results", "quantities", "contacts")
KNOWN_BY = {"nodes": "id", "options": "value", "grades": "at"}
"""Lists whose items have a name, and the part that holds it."""
MISSING = object()
WORDS = (
    "text", "hint", "why", "short", "because", "cites", "title", "heading", "intro", "note", "label", "find_out",
    "basis", "summary", "name", "last_checked", "points", "action", "actor", "from_procedure", "needed_for_approval",
    "budget",
)  # fmt: skip
"""Parts of the data that no guard reads."""
LONGEST = 120
"""Characters of a value that a line shows."""
ALIKE = 0.3
"""How much two edges must have in common (0 to 1) to be one edge that was edited."""


@dataclass(frozen=True, eq=False)
class Edit:
    """One thing changed. It equals no other.

    `path` leads to it in the tables after, or before if it is gone. `address` leads to it in the tables before: keys,
    and places in lists as they were. `before` and `after` are its values, MISSING where it is not there. `node` is the
    id of the node that it is part of.
    """

    path: At
    address: At
    before: Any
    after: Any
    what: str = ""
    node: str = ""

    @property
    def gone(self) -> bool:
        """Whether what was there is there no more."""
        return self.after is MISSING

    @property
    def file(self) -> str:
        """The file that it stands in, below decision_trees/."""
        return f"trees/{self.path[1]}.json" if self.path[0] == "trees" else f"{self.path[0]}.json"

    def place(self, sources: Mapping[str, Source]) -> str:
        """The file and the line, in the version after (before, if it is gone). `sources` are by file."""
        inner = self.path[2:] if self.path[0] == "trees" else self.path[1:]
        name = f"decision_trees/{self.file}"
        return f"{name}:{sources[self.file].place(inner)[0]}" if self.file in sources else name

    @property
    def of_words(self) -> bool:
        """Whether it changes nothing but what is written."""
        return self.path[-1] in WORDS

    @property
    def cites(self) -> tuple[str, ...]:
        """The clauses that stand in what was changed."""
        values = [value for value in (self.after, self.before) if value is not MISSING]
        found = [ids for value in values for at, ids in everywhere(value, self.path) if at[-1] == "cites"]
        return tuple(dict.fromkeys(chain.from_iterable(found)))

    @property
    def names(self) -> frozenset[str]:
        """All ids that stand in what was changed, or above it: facts that it asks or reads, results that it says."""
        inside = [one for value in (self.before, self.after) if value is not MISSING for one in texts(value)]
        return frozenset([*(part for part in self.path if isinstance(part, str)), *inside])

    def alone(self, tables: Tables) -> Tables:
        """The tables before with this edit and no other."""
        changed: Tables = self._put(tables, self.address)
        return changed

    def _put(self, data: Any, address: Sequence[Part]) -> Any:
        part, *rest = address
        if rest and isinstance(data, Mapping):
            return {**data, part: self._put(data[part], rest)}
        if rest:
            return [self._put(item, rest) if i == part else item for i, item in enumerate(data)]
        if isinstance(data, Mapping):
            left = {key: value for key, value in data.items() if key != part or not self.gone}
            return left if self.gone else {**left, part: self.after}
        at = int(part)
        if self.gone:
            return [*data[:at], *data[at + 1 :]]
        return [*data[:at], self.after, *data[at + (self.before is not MISSING) :]]


def edits(before: Tables, after: Tables) -> list[Edit]:
    """Every edit between two versions of the tables, table by table."""
    found, facts = [], _facts(before["facts"], after["facts"])
    for table in TABLES:
        for edit in _mapping((table,), (table,), before[table], after[table]):
            root = before if edit.gone else after
            path = edit.address if edit.gone else edit.path
            told = replace(edit, path=path)
            node = root["trees"][path[1]]["nodes"][path[3]]["id"] if path[2:3] == ("nodes",) and len(path) > 3 else ""
            found.append(replace(told, what=_in_words(root, told, facts), node=node))
    if (order := _order(before["results"], after["results"])) is not None:
        found.append(Edit(("results",), ("results",), before["results"], order, "another order of the results"))
    return found


def _mapping(path: At, address: At, before: Any, after: Any) -> Iterator[Edit]:
    """The edits of an object: entries of a table, parts of an entry."""
    for key in dict.fromkeys([*after, *before]):
        old, new = before.get(key, MISSING), after.get(key, MISSING)
        if old != new:
            yield from _value((*path, key), (*address, key), old, new)


def _value(path: At, address: At, before: Any, after: Any) -> Iterator[Edit]:
    last, deep = path[-1], len(path) - (path[0] == "trees")
    if MISSING in (before, after):
        yield Edit(path, address, before, after)
    elif last in KNOWN_BY and isinstance(before, list):
        yield from _named(path, address, before, after, KNOWN_BY[str(last)])
    elif last == "next":
        yield from _items(path, address, before, after, dict(_paired(before, after)))
    elif isinstance(before, Mapping) and isinstance(after, Mapping) and (deep <= 2 or last == "raise"):
        yield from _mapping(path, address, before, after)
    else:
        yield Edit(path, address, before, after)


def _named(path: At, address: At, before: list[Any], after: list[Any], name: str) -> Iterator[Edit]:
    """The edits of a list whose items have a name; another order of options counts, for readers see it."""
    places = {one[name]: j for j, one in enumerate(after)}
    pairs = {i: places[one[name]] for i, one in enumerate(before) if one[name] in places}
    yield from _items(path, address, before, after, pairs)
    if path[-1] == "options" and list(pairs.values()) != sorted(pairs.values()):
        kept = sorted(pairs, key=lambda i: pairs[i])
        ordered = [before[i] for i in [*kept, *(i for i in range(len(before)) if i not in pairs)]]
        yield Edit(path, address, before, ordered)


def _items(path: At, address: At, before: list[Any], after: list[Any], pairs: Mapping[int, int]) -> Iterator[Edit]:
    """The edits of a list, given which items became which, by their places."""
    became = {j: i for i, j in pairs.items()}
    for j, item in enumerate(after):
        if j in became:
            yield from _mapping((*path, j), (*address, became[j]), before[became[j]], item)
        else:
            nearest = max((became[k] + 1 for k in range(j) if k in became), default=0)
            yield Edit((*path, j), (*address, nearest), MISSING, item)
    for i, item in enumerate(before):
        if i not in pairs:
            yield Edit((*path, i), (*address, i), item, MISSING)


def _paired(before: list[Any], after: list[Any]) -> Iterator[tuple[int, int]]:
    """Which edges became which: those that are the same, then those with most in common."""
    left, right = dict(enumerate(before)), dict(enumerate(after))
    for i, edge in enumerate(before):
        j = next((j for j, other in right.items() if edge == other), None)
        if j is not None:
            yield i, j
            del left[i], right[j]
    while left and right:
        likeness, _, i, j = max((_likeness(a, b), -abs(i - j), i, j) for i, a in left.items() for j, b in right.items())
        if likeness < ALIKE:
            return
        yield i, j
        del left[i], right[j]


def _likeness(a: Mapping[str, Any], b: Mapping[str, Any]) -> float:
    keys = {**a, **b}
    same = sum(a.get(key) == b.get(key) for key in keys) / len(keys)
    words = SequenceMatcher(None, a.get("because", ""), b.get("because", ""), autojunk=False).ratio()
    return float(0.7 * same + 0.3 * words)


def _order(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any] | None:
    """The results before in the order that those of them have which are left; None if that is no other."""
    kept = [id for id in after if id in before]
    if kept == [id for id in before if id in after]:
        return None
    return {id: before[id] for id in [*kept, *(id for id in before if id not in after)]}


# ---- in words


def _facts(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as they are now, with those that are gone and the options that are gone."""
    found = {**before}
    for id, fact in after.items():
        now, was = fact.get("options", ()), before.get(id, {}).get("options", ())
        found[id] = {**fact, "options": [*now, *(option for option in was if option not in now)]}
    return found


PLURALS = {
    "next": "edge",
    "options": "option",
    "nodes": "node",
    "grades": "grade",
    "wordings": "wording",
    "late": "late wording",
    "ask": "question",
}
NAMES = {"if": "condition", "raise": "raises", "say": "says", "to": "leads to", "ask": "asks", "next": "edges"}


def _in_words(root: Tables, edit: Edit, facts: Mapping[str, Any]) -> str:
    """What was edited and how, in a line: the parts it lies in by their names, then what it was and is."""
    found, data, listed = list[str](), root[str(edit.path[0])], ""
    for n, part in enumerate(edit.path[1:]):
        data = data[part]
        if n == 0 and edit.path[0] == "trees" and len(edit.path) > 2:
            continue
        if isinstance(part, int):
            name = data.get(KNOWN_BY[listed]) if listed in KNOWN_BY else None
            found.append(f"“{name}”" if name else f"{PLURALS.get(listed, listed)} {part + 1}")
        elif part not in PLURALS:
            found.append(f"“{part}”" if not found else NAMES.get(part, part.replace("_", " ")))
        listed = str(part)
    if isinstance(edit.path[-1], str) and edit.path[-1] in PLURALS:
        found.append(NAMES.get(edit.path[-1], f"order of the {edit.path[-1]}"))
    name = ", ".join(found)
    if edit.before is MISSING or edit.gone:
        value, how = (edit.before, "gone") if edit.gone else (edit.after, "new")
        because = value.get("because") if isinstance(value, Mapping) else None
        shown = because or (value if edit.path[-1] in ("raise", "say", "if") else None)
        told = f" ({_short(shown, facts)})" if shown else ""
        return f"{name}{told} is {how}"
    return f"{name}: {_change(edit.path[-1], edit.before, edit.after, facts)}"


def _change(part: Part, before: Any, after: Any, facts: Mapping[str, Any]) -> str:
    """What became of a value: of a list or a condition what came and went, of long words what differs."""
    if part == "if" and (words := guard_change(before, after, facts)):
        return words
    lists = [value for value in (before, after) if isinstance(value, list) and all(isinstance(v, str) for v in value)]
    if len(lists) == 2 and [v for v in before if v in after] == [v for v in after if v in before]:
        return gained_and_lost([v for v in after if v not in before], [v for v in before if v not in after])
    if isinstance(before, str) and isinstance(after, str) and max(len(before), len(after)) > LONGEST:
        a, b = before.split(), after.split()
        same = list(takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))
        before, after = (" ".join(["…", *words[len(same) - 2 :]] if len(same) > 2 else words) for words in (a, b))
    return f"{_short(before, facts)} → {_short(after, facts)}"


def _short(value: Any, facts: Mapping[str, Any]) -> str:
    if isinstance(value, Mapping) and (words := guard_in_words(value, facts)):
        text = words
    elif isinstance(value, Mapping) and not any(isinstance(one, Mapping | list) for one in value.values()):
        text = ", ".join(f"{key} {one}" for key, one in value.items())
    elif isinstance(value, list) and all(isinstance(one, str) for one in value):
        text = ", ".join(value)
    else:
        text = f"“{value}”" if isinstance(value, str) else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
