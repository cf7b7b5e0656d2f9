"""The first answers of a tool, as data: what the engine says to each form of its first screens, asked at build.

A page looks a request up in them until Python is there (overrides/assets/tool/first.mjs), and waits for Python with all
else. Nothing in them rests on words, a time, a record or the present moment: a form is known by its ticks alone.

A file is one JSON object. A *state* is what some answers come to: `[entry, asks, next, wrong, changes]`. `asks` numbers
the `lists` of facts that its form asks or its result offers. `next` leads from the ticks of a form to another state and
`wrong` to the entry that refuses them; `changes` leads from a step before to its question again, `[entry, wrong]`. What
is tapped on a result leads to a state of an entry alone. The ticks of a form are a text: of each fact the places of its
ticked options in `facts`, joined by dots, the facts joined by commas. An *entry* is `[head, piece]`: the numbers of all
of a response but its answers, and of its HTML (pieces.py).
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from itertools import combinations, product
from typing import Any

from macros.engine.html.question import options_of
from macros.engine.html.view import View
from macros.engine.model.guards import Value
from macros.engine.model.library import Fact
from macros.engine.model.tree import Tree
from macros.engine.model.walk import Journey, Screen, walk
from macros.site.runtime.pieces import Pieces

SCREENS = 3
"""How many screens of a tool, one behind the other, are answered without Python."""

BASE = "/-base-/"
"""Stands in the data for a page's own way to the root of the site."""

Form = Mapping[str, tuple[str, ...]]
"""What a form holds: the ticks of each fact that it asks; none where it is not answered, or is for writing."""


def first_name(tree: str) -> str:
    """The name of the file of a tool, in the folder of the engine."""
    return f"first-{tree}.json"


def integrity(file: bytes) -> str:
    """What a page says of a file, so that a browser takes no other in its place."""
    return f"sha256-{b64encode(sha256(file).digest()).decode()}"


class FirstAnswers:
    """The first answers of one tool. `respond` is the engine of this build."""

    def __init__(self, tree: Tree, respond: Callable[[str], str]) -> None:
        self.tree = tree
        self._respond = respond
        self._asked: dict[str, Fact] = {}
        self._lists, self._heads, self._pieces = Numbered(), Numbered(), Pieces()
        first = self._ask({})
        self.data: dict[str, Any] = {
            "base": BASE,
            "root": self._state({}, first, SCREENS),
            "facts": {name: [fact.kind, *fact.values] for name, fact in self._asked.items()},
            "lists": self._lists.rows,
            "heads": self._heads.rows,
            "pieces": self._pieces.written(),
        }

    @property
    def file(self) -> bytes:
        """The data as they are published."""
        return json.dumps(self.data, ensure_ascii=False, separators=(",", ":")).encode()

    def _ask(self, answers: Mapping[str, Value], **part: Any) -> dict[str, Any]:
        request = {"tree": self.tree.id, "base": BASE, "answers": answers, **part}
        said: dict[str, Any] = json.loads(self._respond(json.dumps(request)))
        return said

    def _submit(self, answers: Mapping[str, Value], step: str | None, form: Form) -> dict[str, Any]:
        fields = {name: list(ticked) for name, ticked in form.items() if ticked}
        return self._ask(answers, submit={"node": step, "fields": fields})

    def _state(self, answers: Mapping[str, Value], said: Mapping[str, Any], screens: int) -> list[Any]:
        """The state of some answers, to which the engine has said this; `screens` are still to be answered."""
        journey = walk(self.tree, answers)
        asking = journey.state == "asking"
        names = asked_by(journey.screens[-1]) if asking else journey.offers
        self._asked |= {name: self.tree.library.facts[name] for name in names}
        following: dict[str, Any] = {}
        wrong: dict[str, Any] = {}
        for form in self._forms(journey.screens[-1]) if asking and screens else ():
            then = self._submit(answers, journey.step, form)
            if then["valid"]:
                following[self._key(form)] = self._state(then["answers"], then, screens - 1)
            else:
                wrong[self._key(form)] = self._entry(then)
        for form in () if asking else self._taps(journey):
            following[self._key(form)] = [self._entry(self._submit(answers, None, form))]
        changes = {s.step: self._change(answers, s) for s in journey.screens if not asking or s.step != journey.step}
        return [self._entry(said), self._lists.number(names), following, wrong, changes]

    def _forms(self, screen: Screen) -> Iterator[Form]:
        """Every way to fill in a form, then each with a question left out, then with all. `beside` may be left out."""
        ways = [[*self._ticks(name)] for name in screen.facts]
        others = [[(), *self._ticks(name)] for name in screen.beside]
        found = [*product(*ways, *others)]
        for left in range(len(ways)):
            found += product(*ways[:left], [()], *ways[left + 1 :], *others)
        found.append(((),) * len(asked_by(screen)))
        for ticked in dict.fromkeys(found):
            yield dict(zip(asked_by(screen), ticked, strict=True))

    def _taps(self, journey: Journey) -> Iterator[Form]:
        """At the highest level every answer to what the result offers to be told first: who the reader is."""
        offered = [name for name in journey.offers if self._asked[name].kind != "offer"]
        if offered and journey.level == self.tree.library.quantities["level"].highest:
            for ticked in self._ticks(offered[0]):
                yield {name: ticked if name == offered[0] else () for name in journey.offers}

    def _ticks(self, name: str) -> Iterator[tuple[str, ...]]:
        """Every set of ticks that answers a fact in this tool; of a text, that nothing was written."""
        fact = self._asked[name]
        if fact.kind == "text":
            yield ()
        shown = [o for o in options_of(View(self.tree, BASE), fact) if o.value != fact.default]
        together = [o.value for o in shown if fact.kind == "any_of" and not o.exclusive]
        for many in range(1, len(together) + 1):
            yield from combinations(together, many)
        yield from ((o.value,) for o in shown if o.value not in together)

    def _change(self, answers: Mapping[str, Value], screen: Screen) -> list[Any]:
        """An answered screen again, and how it is refused where the ticks of its lists are taken away."""
        said = self._ask(answers, change=screen.step)
        form = {name: _listed(answers.get(name, "")) for name in asked_by(screen)}
        emptied = {name: () if self._asked[name].kind == "any_of" else ticked for name, ticked in form.items()}
        if emptied == form:
            return [self._entry(said), {}]
        return [self._entry(said), {self._key(emptied): self._entry(self._submit(answers, screen.step, emptied))}]

    def _key(self, form: Form) -> str:
        return ",".join(".".join(str(self._asked[n].values.index(v)) for v in form[n]) for n in form)

    def _entry(self, said: Mapping[str, Any]) -> list[int]:
        head = {name: value for name, value in said.items() if name not in ("answers", "html")}
        return [self._heads.number(head), self._pieces.number(said["html"])]


def asked_by(screen: Screen) -> tuple[str, ...]:
    """The facts that the form of a screen may hold."""
    return (*screen.facts, *screen.beside)


def _listed(value: Value) -> tuple[str, ...]:
    return tuple(filter(None, (value,) if isinstance(value, str) else value))


class Numbered:
    """Rows of JSON, each once, named by its number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, row: Any) -> int:
        """The number of a row, known or new."""
        return self._numbers.setdefault(json.dumps(row), len(self._numbers))

    @property
    def rows(self) -> list[Any]:
        """The rows in the order of their numbers."""
        return [json.loads(row) for row in self._numbers]
