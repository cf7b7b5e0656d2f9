"""The names of our own Python are words of the field: no definition under macros/ carries a home-made or borrowed name.

Looks at definitions alone (modules, classes, functions, parameters, attributes). Texts, permanent ids and names that
Python or a library asks for are not meant.
"""

from __future__ import annotations

import ast
import builtins
import re
import typing
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "macros").rglob("*.py"))

WORDS = {
    "sight": "liveness",
    "arrival": "predecessor",
    "came": "predecessor",
    "told": "observed",
    "mend": "fix",
    "mended": "fixed",
    "defect": "diagnostic",
    "leads on": "redirects",
    "looked at": "confirmed",
    "look at": "confirm",
}
"""Words that no name of ours may hold, and the word of the field. Each is meant in the plural, too."""

CLASSES = {"Way": "Transition", "Origin": "Predecessor", "Class": "EquivalenceClass", "All": "AllOf"}
"""What no class may be called. The words themselves are good English elsewhere."""

MODULE_NAMES = {"requests": "probes"}
"""What no module may be called: it is the name of a library that everybody knows."""

PYTHONS_OWN = {*dir(builtins), *typing.__all__} - {"Text", "format", "id"}
"""What no class, function or parameter may be called. Ids and formats are our own words for our own things, and nobody
says typing.Text any more."""


@dataclass(frozen=True)
class Definition:
    """A name and what it is given to: a module, class, function, method, parameter or attribute."""

    kind: str
    name: str
    line: int

    @property
    def words(self) -> str:
        """The words of the name in lower case, with a space at each end."""
        apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_", " ", self.name)
        return f" {' '.join(apart.lower().split())} "


def definitions(name: str, source: str) -> Iterator[Definition]:
    """Everything that a module defines, itself included. `name` is its file's, without the ending."""
    yield Definition("module", name, 1)
    tree = ast.parse(source)
    methods = {id(part) for owner in ast.walk(tree) if isinstance(owner, ast.ClassDef) for part in owner.body}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield Definition("class", node.name, node.lineno)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Definition("method" if id(node) in methods else "function", node.name, node.lineno)
        elif isinstance(node, ast.arg):
            yield Definition("parameter", node.arg, node.lineno)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield Definition("attribute", node.attr, node.lineno)
        if isinstance(node, ast.Module | ast.ClassDef):
            yield from (
                Definition("attribute", target.id, target.lineno)
                for statement in node.body
                for target in _targets(statement)
            )


def _targets(statement: ast.stmt) -> Iterator[ast.Name]:
    """The plain names that a statement gives a value or a type."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    yield from (target for target in targets if isinstance(target, ast.Name))


def better(definition: Definition) -> str | None:
    """What a definition should be called, or why not what it is; None if its name is good."""
    for word, instead in WORDS.items():
        if f" {word} " in definition.words or f" {word}s " in definition.words:
            return instead
    for name, instead in CLASSES.items():
        if definition.kind == "class" and definition.name in (name, f"{name}s", f"{name}es"):
            return instead
    if definition.kind == "module" and definition.name in MODULE_NAMES:
        return MODULE_NAMES[definition.name]
    if definition.kind in ("class", "function", "parameter") and definition.name in PYTHONS_OWN:
        return "a name of its own: this is Python's"
    return None


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_names_are_words_of_the_field(path: Path) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{definition.line}: {definition.kind} {definition.name}: say {instead}"
        for definition in definitions(path.stem, path.read_text("utf-8"))
        if (instead := better(definition))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a", "class Sight: pass"),
        ("a", "class Ways: pass"),
        ("a", "class LastArrival: pass"),
        ("a", "class Any: pass"),
        ("a", "class All: pass"),
        ("a", "class Class: pass"),
        ("a", "def mend_of(): pass"),
        ("a", "async def f():\n def leads_on(): pass"),
        ("a", "class A:\n def looked_at(self): pass"),
        ("a", "def f(*, told): pass"),
        ("a", "def property(): pass"),
        ("a", "def f(property): pass"),
        ("a", "f = lambda defects: 1"),
        ("a", "class A:\n came: int"),
        ("a", "class A:\n def __init__(self): self.mended = 1"),
        ("a", "LOOKED_AT = 1"),
        ("requests", ""),
        ("defects", ""),
    ],
)
def test_a_home_made_name_is_found_wherever_it_is_given(name: str, source: str) -> None:
    assert [definition for definition in definitions(name, source) if better(definition)] != []


@pytest.mark.parametrize(
    "source",
    [
        "class A:\n def format(self, id): pass",
        "def f(way, origin, class_): return 'a defect that was mended'",
        "class Property: pass",
        "class A:\n property_: int",
        "recommend = became = toldya = 1",
    ],
)
def test_good_names_are_let_be(source: str) -> None:
    assert [definition for definition in definitions("a", source) if better(definition)] == []


def test_no_two_modules_define_a_class_of_one_name() -> None:
    places = defaultdict(list)
    for path in MODULES:
        for definition in definitions(path.stem, path.read_text("utf-8")):
            if definition.kind == "class":
                places[definition.name].append(f"{path.relative_to(ROOT)}:{definition.line}")
    assert {name: where for name, where in places.items() if len(where) > 1} == {}
