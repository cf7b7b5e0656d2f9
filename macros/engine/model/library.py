"""The library: everything that editors author, as immutable values.

Knows the shape of facts, results, quantities and trees once they have been validated; refuses to know files
or how validation is done. `read_library` turns the one JSON object that the build bundles into a Library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from .guards import Guard, Value, read_guard

NOT_KNOWN = "not_known"
NONE = "none"


@dataclass(frozen=True)
class Option:
    """One answer that a fact offers; an exclusive one stands alone in a checklist."""

    value: str
    text: str
    hint: str = ""
    exclusive: bool = False


@dataclass(frozen=True)
class Fact:
    """One thing that can be asked. `domain` keeps signs of harm apart from risk and protective factors (s4-13)."""

    id: str
    kind: str
    domain: str
    text: str
    hint: str = ""
    why: str = ""
    short: str = ""
    options: tuple[Option, ...] = ()
    order: tuple[tuple[str, str], ...] = ()
    bears_on: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    basis: str = ""
    find_out: str = ""
    default: str = ""

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(option.value for option in self.options)

    @property
    def exclusive(self) -> tuple[str, ...]:
        return tuple(option.value for option in self.options if option.exclusive)

    def label(self, value: str) -> str:
        """The words of an answer, as its option shows them."""
        return next((option.text for option in self.options if option.value == value), value)

    def is_not_known(self, value: Value) -> bool:
        return NOT_KNOWN in self.values and value in (NOT_KNOWN, (NOT_KNOWN,))


@dataclass(frozen=True)
class Wording:
    """Words that stand in for a result's own where a guard holds (a reader who *is* the police, say)."""

    guard: Guard
    action: str
    basis: str


@dataclass(frozen=True)
class Deadline:
    """A number of elapsed hours after the time that a fact gives."""

    fact: str
    hours: int


@dataclass(frozen=True)
class Result:
    """One thing a reader is told: who does what, when, by which route, on what footing."""

    id: str
    group: str
    action: str
    actor: str
    timescale: str
    route: str
    cites: tuple[str, ...]
    basis: str
    note: str = ""
    contacts: tuple[str, ...] = ()
    tool: str = ""
    points: tuple[str, ...] = ()
    deadline: Deadline | None = None
    wordings: tuple[Wording, ...] = ()


@dataclass(frozen=True)
class Grade:
    """One height of a quantity, with its name and what it says by itself."""

    at: int
    name: str
    short: str = ""
    say: str = ""
    cites: tuple[str, ...] = ()
    basis: str = ""


@dataclass(frozen=True)
class Quantity:
    """An ordered quantity that only goes up: the level, or how urgent the police contact is.

    `label` says what the grades are together, where they are shown as a scale.
    """

    id: str
    grades: tuple[Grade, ...]
    label: str = ""

    @property
    def lowest(self) -> int:
        return self.grades[0].at

    def grade(self, at: int) -> Grade:
        return next(grade for grade in self.grades if grade.at == at)


@dataclass(frozen=True)
class Ask:
    """A fact that a step asks, if its condition holds."""

    fact: str
    guard: Guard | None = None


@dataclass(frozen=True)
class Edge:
    """A way on from a node, taken when its guard holds; its name is tree/node/position (from 1)."""

    name: str
    guard: Guard | None
    to: str
    raises: tuple[tuple[str, int], ...]
    says: tuple[str, ...]
    because: str
    cites: tuple[str, ...]
    basis: str

    @property
    def matters(self) -> bool:
        return bool(self.raises or self.says)


@dataclass(frozen=True)
class Node:
    """A step of a tree, as authored."""

    id: str
    kind: str
    heading: str = ""
    intro: str = ""
    ask: tuple[Ask, ...] = ()
    call: str = ""
    title: str = ""
    text: str = ""
    level: str = ""
    shows: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    edges: tuple[Edge, ...] = ()


@dataclass(frozen=True)
class TreeData:
    """A tree as authored, before the trees it calls are set in place."""

    id: str
    title: str
    summary: str
    start: str
    nodes: tuple[Node, ...]
    tool: bool = True
    budget: tuple[tuple[str, int], ...] = ()

    def node(self, id: str) -> Node:
        return next(node for node in self.nodes if node.id == id)


@dataclass(frozen=True)
class Contact:
    """How to reach somebody; editors own the number."""

    id: str
    name: str
    number: str
    note: str
    last_checked: str = ""
    from_procedure: bool = True


@dataclass(frozen=True)
class Library:
    """Facts, results, quantities, contacts and trees, and where each clause stands on the site.

    `most_left` is what `analysis.outlook.most_left` counts, by tree: the build does, because that takes a walk through
    the whole tree. Without it no question can be shown but the first. `sorter` is the data of what the sorter says.
    `since` is, by an earlier version and by tree, what became of results: a sentence under what changed and how.
    """

    facts: Mapping[str, Fact]
    results: Mapping[str, Result]
    quantities: Mapping[str, Quantity]
    contacts: Mapping[str, Contact]
    trees: Mapping[str, TreeData]
    clauses: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    approval: Mapping[str, str] = field(default_factory=dict)
    version: str = ""
    most_left: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    sorter: Mapping[str, Any] = field(default_factory=dict)
    since: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)

    def routes(self) -> dict[str, tuple[str, ...]]:
        """Each route with the results that name it."""
        found: dict[str, tuple[str, ...]] = {}
        for result in self.results.values():
            found[result.route] = (*found.get(result.route, ()), result.id)
        return found


T = TypeVar("T")


class Read(Mapping[str, T]):
    """Parts of the library by id, each read from its data when it is first wanted: no reader wants them all."""

    def __init__(self, data: Mapping[str, Any], read: Callable[[str, Any], T]) -> None:
        self._data, self._read = data, read
        self._parts: dict[str, T] = {}

    def __getitem__(self, id: str) -> T:
        if id not in self._parts:
            self._parts[id] = self._read(id, self._data[id])
        return self._parts[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def __contains__(self, id: object) -> bool:
        return id in self._data


def read_library(data: Mapping[str, Any]) -> Library:
    """The Library that validated data describes.

    Takes an object with the parts facts, results, quantities, contacts and trees (id to object), and optionally
    clauses, approval, version, most_left, sorter and since. Raises KeyError or TypeError only where the data does not
    follow the schemas: at once where a part is missing, and otherwise when what is wrong is first wanted.
    """
    return Library(
        facts=Read(data["facts"], _fact),
        results=Read(data["results"], _result),
        quantities=Read(data["quantities"], _quantity),
        contacts=Read(data["contacts"], lambda id, d: Contact(id=id, **d)),
        trees=Read(data["trees"], lambda _, d: read_tree(d)),
        clauses=data.get("clauses", {}),
        approval=data.get("approval", {}),
        version=data.get("version", ""),
        most_left=data.get("most_left", {}),
        sorter=data.get("sorter", {}),
        since=data.get("since", {}),
    )


def read_tree(data: Mapping[str, Any]) -> TreeData:
    """The TreeData that validated tree data describes."""
    return TreeData(
        id=data["id"],
        title=data["title"],
        summary=data.get("summary", ""),
        start=data["start"],
        nodes=tuple(_node(data["id"], d) for d in data["nodes"]),
        tool=data.get("tool", True),
        budget=tuple(data.get("budget", {}).items()),
    )


def _fact(id: str, d: Mapping[str, Any]) -> Fact:
    plain = {
        k: d[k] for k in ("kind", "domain", "text", "hint", "why", "short", "basis", "find_out", "default") if k in d
    }
    return Fact(
        id=id,
        options=tuple(Option(**option) for option in d.get("options", ())),
        order=tuple((low, high) for low, high in d.get("order", ())),
        bears_on=tuple(d.get("bears_on", ())),
        cites=tuple(d.get("cites", ())),
        **plain,
    )


def _result(id: str, d: Mapping[str, Any]) -> Result:
    wordings = tuple(Wording(read_guard(w["if"]), w["action"], w["basis"]) for w in d.get("wordings", ()))
    lists: dict[str, Any] = {k: tuple(d.get(k, ())) for k in ("cites", "contacts", "points")}
    deadline = Deadline(**d["deadline"]) if "deadline" in d else None
    plain = {k: v for k, v in d.items() if k not in ("wordings", "deadline", *lists)}
    return Result(id=id, wordings=wordings, deadline=deadline, **lists, **plain)


def _quantity(id: str, d: Mapping[str, Any]) -> Quantity:
    grades = tuple(Grade(**{**g, "cites": tuple(g.get("cites", ()))}) for g in d["grades"])
    return Quantity(id, grades, d.get("label", ""))


def _node(tree: str, d: Mapping[str, Any]) -> Node:
    plain = {k: d[k] for k in ("id", "kind", "heading", "intro", "call", "title", "text", "level") if k in d}
    edges = tuple(_edge(f"{tree}/{d['id']}/{i}", e) for i, e in enumerate(d.get("next", ()), 1))
    return Node(
        ask=tuple(_ask(a) for a in d.get("ask", ())),
        cites=tuple(d.get("cites", ())),
        shows=tuple(d.get("shows", ())),
        edges=edges,
        **plain,
    )


def _ask(d: str | Mapping[str, Any]) -> Ask:
    return Ask(d) if isinstance(d, str) else Ask(d["fact"], read_guard(d["if"]))


def _edge(name: str, d: Mapping[str, Any]) -> Edge:
    return Edge(
        name=name,
        guard=read_guard(d["if"]) if "if" in d else None,
        to=d["to"],
        raises=tuple(d.get("raise", {}).items()),
        says=tuple(d.get("say", ())),
        because=d["because"],
        cites=tuple(d.get("cites", ())),
        basis=d["basis"],
    )
