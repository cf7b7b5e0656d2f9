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
NO = ("no", NONE, (NONE,))
"""The answers that say that something is not there."""


@dataclass(frozen=True)
class Option:
    """One answer that a fact offers; an exclusive one stands alone in a checklist.

    An `open` one leaves the matter open, as "not known" does. What is open is never completed as an answer with
    `completes` false (an adult's age, where the age is not known). `only_in` names the tools that offer it; none: all.
    `read_as` is how it is known where it differs from its fact's.
    """

    value: str
    text: str
    hint: str = ""
    exclusive: bool = False
    open: bool = False
    completes: bool = True
    only_in: tuple[str, ...] = ()
    read_as: str = ""


FIXED, TOLD, WEIGHED, OPEN = "fixed", "told", "weighed", "open"
"""How an answer is known, the firmest first: by law, duty or what was said; by being told; by judgement; not yet."""
FIRMNESS = (FIXED, TOLD, WEIGHED, OPEN)


@dataclass(frozen=True)
class Fact:
    """One thing that can be asked. `domain` keeps signs of harm apart from risk and protective factors (s4-13).

    `default` is the answer that stands where the fact is only offered, until it is answered; no form shows it.
    `formerly` says what answers that are gone are read as, in records that hold them. `read_as` is how its answers are
    known: professionals may weigh the same facts differently (s4-08), but not read otherwise what is told or fixed.
    """

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
    formerly: Mapping[str, str] = field(default_factory=dict)
    read_as: str = ""

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

    def is_open(self, value: Value) -> bool:
        """Whether an answer leaves the matter open."""
        return self.is_not_known(value) or any(option.open and option.value == value for option in self.options)

    def known_by(self, value: Value) -> str:
        """How an answer is known, one of FIRMNESS; of several ticks the firmest."""
        if self.is_open(value):
            return OPEN
        ticked = (value,) if isinstance(value, str) else value
        own = [option.read_as or self.read_as for option in self.options if option.value in ticked]
        return min(own or [self.read_as], key=FIRMNESS.index)

    def completes(self, value: Value) -> bool:
        """Whether something open may turn out to be this answer."""
        return not self.is_open(value) and not any(o.value == value and not o.completes for o in self.options)

    def answers_where(self, offered: bool) -> tuple[str, ...]:
        """The answers that can stand where the fact is offered, or where it must be answered."""
        return tuple(v for v in self.values if offered or self.kind == "offer" or v != self.default)


@dataclass(frozen=True)
class Wording:
    """Words that stand in for a result's own where a guard holds (a reader who *is* the police, say).

    `contacts` stand in for the result's own; None leaves those. Nobody is given their own number.
    """

    guard: Guard
    action: str
    basis: str
    contacts: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Deadline:
    """A number of elapsed hours after the time that a fact gives."""

    fact: str
    hours: int


@dataclass(frozen=True)
class Result:
    """One thing a reader is told: who does what, when, by which route, on what footing.

    `late` is what is said as well once its deadline is over.
    """

    id: str
    group: str
    action: str
    route: str
    basis: str
    cites: tuple[str, ...] = ()
    actor: str = ""
    timescale: str = ""
    note: str = ""
    contacts: tuple[str, ...] = ()
    tool: str = ""
    points: tuple[str, ...] = ()
    deadline: Deadline | None = None
    wordings: tuple[Wording, ...] = ()
    late: tuple[Wording, ...] = ()
    folded: bool = False


@dataclass(frozen=True)
class Grade:
    """One height of a quantity, with its name and what it says by itself.

    `leads_to` is what happens next there, in one line: for a result that may still come to this grade.
    """

    at: int
    name: str
    short: str = ""
    say: str = ""
    leads_to: str = ""
    cites: tuple[str, ...] = ()
    basis: str = ""


@dataclass(frozen=True)
class Advice:
    """What to do, in words that stand by themselves, and what that rests on."""

    text: str
    cites: tuple[str, ...]
    basis: str


@dataclass(frozen=True)
class Quantity:
    """An ordered quantity that only goes up: the level, or how urgent the police contact is.

    `label` says what the grades are together, where they are shown as a scale; `contested` what to do while people see
    the grade differently.
    """

    id: str
    grades: tuple[Grade, ...]
    label: str = ""
    contested: Advice | None = None

    @property
    def lowest(self) -> int:
        return self.grades[0].at

    @property
    def highest(self) -> int:
        return self.grades[-1].at

    @property
    def is_shown(self) -> bool:
        """Whether a reader is told how high it ended: as a scale, or by what a grade says."""
        return bool(self.label) or any(grade.say for grade in self.grades)

    def grade(self, at: int) -> Grade:
        return next(grade for grade in self.grades if grade.at == at)


@dataclass(frozen=True)
class Ask:
    """A fact that a step asks, if its condition holds. One that is `offered` stops no journey: it has a default."""

    fact: str
    guard: Guard | None = None
    offered: bool = False


@dataclass(frozen=True)
class Edge:
    """A way on from a node, taken when its guard holds; its name is tree/node/position (from 1).

    `opens` names facts to which a "no" counts as open once the edge is taken: it may well not last.
    """

    name: str
    guard: Guard | None
    to: str
    raises: tuple[tuple[str, int], ...]
    says: tuple[str, ...]
    because: str
    basis: str
    cites: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()

    @property
    def matters(self) -> bool:
        return bool(self.raises or self.says or self.opens)


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
class Budget:
    """The most screens, and answers that must be given, on any way to a result.

    `where` narrows what is meant to journeys that give some facts one of these answers.
    """

    screens: int
    answers: int
    where: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class TreeData:
    """A tree as authored, before the trees it calls are set in place."""

    id: str
    title: str
    summary: str
    start: str
    nodes: tuple[Node, ...]
    tool: bool = True
    budget: tuple[Budget, ...] = ()

    def node(self, id: str) -> Node:
        return next(node for node in self.nodes if node.id == id)


@dataclass(frozen=True)
class Contact:
    """How to reach somebody; editors own the number. `short` is what a step calls them, where the name is long."""

    id: str
    name: str
    number: str
    note: str
    short: str = ""
    last_checked: str = ""
    from_procedure: bool = True
    needed_for_approval: bool = False


@dataclass(frozen=True)
class Library:
    """Facts, results, quantities, contacts and trees, and where each clause stands on the site.

    `sorter` and `call_sheet` are the data of what the sorter and the call sheet say.
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
    sorter: Mapping[str, Any] = field(default_factory=dict)
    call_sheet: Mapping[str, Any] = field(default_factory=dict)
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


OPTIONAL = ("clauses", "approval", "version", "sorter", "call_sheet", "since")


def read_library(data: Mapping[str, Any]) -> Library:
    """The Library that validated data describes.

    Takes an object with the parts facts, results, quantities, contacts and trees (id to object), and perhaps those that
    are OPTIONAL. Raises KeyError or TypeError only where the data does not follow the schemas: at once where a part is
    missing, and otherwise when what is wrong is first wanted.
    """
    return Library(
        facts=Read(data["facts"], _fact),
        results=Read(data["results"], _result),
        quantities=Read(data["quantities"], _quantity),
        contacts=Read(data["contacts"], lambda id, d: Contact(id=id, **d)),
        trees=Read(data["trees"], lambda _, d: read_tree(d)),
        **{name: data[name] for name in OPTIONAL if name in data},
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
        budget=tuple(
            Budget(d["screens"], d["answers"], {f: tuple(values) for f, values in d.get("where", {}).items()})
            for d in data.get("budget", ())
        ),
    )


def _plain(data: Mapping[str, Any], *apart: str) -> dict[str, Any]:
    """The parts of an object that stand as they are, lists as tuples; those named `apart` are read by themselves."""
    return {k: tuple(v) if isinstance(v, list) else v for k, v in data.items() if k not in ("if", *apart)}


def _guard(data: Mapping[str, Any]) -> Guard | None:
    return read_guard(data["if"]) if "if" in data else None


def _fact(id: str, d: Mapping[str, Any]) -> Fact:
    options = tuple(Option(**_plain(option)) for option in d.get("options", ()))
    order = tuple((low, high) for low, high in d.get("order", ()))
    return Fact(id=id, options=options, order=order, **_plain(d, "options", "order"))


def _result(id: str, d: Mapping[str, Any]) -> Result:
    wordings, late = (
        tuple(Wording(read_guard(w["if"]), **_plain(w)) for w in d.get(name, ())) for name in ("wordings", "late")
    )
    deadline = Deadline(**d["deadline"]) if "deadline" in d else None
    return Result(id=id, wordings=wordings, late=late, deadline=deadline, **_plain(d, "wordings", "late", "deadline"))


def _quantity(id: str, d: Mapping[str, Any]) -> Quantity:
    grades = tuple(Grade(**_plain(grade)) for grade in d["grades"])
    contested = Advice(**_plain(d["contested"])) if "contested" in d else None
    return Quantity(id, grades, d.get("label", ""), contested)


def _node(tree: str, d: Mapping[str, Any]) -> Node:
    edges = tuple(_edge(f"{tree}/{d['id']}/{i}", e) for i, e in enumerate(d.get("next", ()), 1))
    return Node(ask=tuple(_ask(a) for a in d.get("ask", ())), edges=edges, **_plain(d, "ask", "next"))


def _ask(d: str | Mapping[str, Any]) -> Ask:
    return Ask(d) if isinstance(d, str) else Ask(guard=_guard(d), **_plain(d))


def _edge(name: str, d: Mapping[str, Any]) -> Edge:
    raises, says = tuple(d.get("raise", {}).items()), tuple(d.get("say", ()))
    return Edge(name, _guard(d), raises=raises, says=says, **_plain(d, "raise", "say"))
