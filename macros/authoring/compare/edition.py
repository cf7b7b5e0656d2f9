"""An edition: all that decides in one version of the decision data, in the one form in which versions are compared.

Written by the engine of that very version, with calls set in place, so that a later engine need not know how an
earlier one read its trees: schemas/edition.schema.json holds the form. `python -m macros.authoring.compare.edition
[folder]` prints that of a project. Nothing is proved here: a version that was published was proved then.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from macros.authoring.load import version_of
from macros.authoring.sources.diagnostics import Source
from macros.authoring.sources.reading import FOLDER, read_authored, read_file
from macros.authoring.sources.schemas import Schemas
from macros.engine import RULES
from macros.engine.model.library import Library, read_library
from macros.engine.model.tree import CycleFound, Tree, inline

ROOT = Path(__file__).resolve().parents[3]
FORMAT = 1
TABLES = ("facts", "results", "quantities", "contacts")


class Unreadable(Exception):
    """A version that cannot be compared; the text says which, why, and what to do."""


@dataclass(frozen=True)
class Authored:
    """The decision data as it is authored: its tables, and its files by their names below decision_trees/."""

    tables: Mapping[str, Any]
    sources: Mapping[str, Source]


@dataclass(frozen=True)
class Edition:
    """One version of the decision data in the form in which versions are compared."""

    data: Mapping[str, Any]

    @property
    def version(self) -> str:
        """The version that its records name."""
        return str(self.data["version"])

    @cached_property
    def library(self) -> Library:
        """Its library, in which no tree calls another."""
        return read_library(self.data)

    @cached_property
    def trees(self) -> dict[str, Tree]:
        """Its tools, ready to be walked."""
        return {id: inline(self.library, id) for id in self.data["trees"]}


def read_decisions(root: Path) -> Authored:
    """The tables and trees of the project in folder `root`. Raises Unreadable where they do not follow its schemas."""
    schemas, folder = Schemas(root / "schemas"), root / FOLDER
    files = {f"{name}.json": read_authored(root, name, schemas) for name in TABLES}
    for path in sorted((folder / "trees").glob("*.json")):
        files[f"trees/{path.name}"] = read_file(path, f"{FOLDER}/trees/{path.name}", "decision-tree", schemas)
    wrong = [diagnostic for file in files.values() for diagnostic in file.diagnostics]
    if wrong:
        raise Unreadable(str(wrong[0]))
    data = {name: {k: v for k, v in file.data.items() if k != "$schema"} for name, file in files.items()}
    trees = {name[6:-5]: one for name, one in data.items() if name.startswith("trees/")}
    tables = {**{name: data[f"{name}.json"] for name in TABLES}, "trees": trees}
    return Authored(tables, {name: file.source for name, file in files.items()})


def trees_of(tables: Mapping[str, Any]) -> dict[str, Tree]:
    """The tools of authored tables. Raises Unreadable where one cannot be followed."""
    library = read_library(tables)
    try:
        return {id: inline(library, id) for id, tree in tables["trees"].items() if tree.get("tool", True)}
    except CycleFound as circle:
        raise Unreadable(f"its trees go round in a circle ({circle})") from None
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable(f"its trees name something that is not there ({error})") from None


def edition_of(tables: Mapping[str, Any]) -> Edition:
    """The edition of authored tables. Raises Unreadable where a tool cannot be followed."""
    trees = {id: in_place(tree, tables["trees"]) for id, tree in trees_of(tables).items()}
    about = {"format": FORMAT, "rules": RULES, "version": version_of(tables)}
    return Edition({**about, **{name: tables[name] for name in TABLES}, "trees": trees})


def in_place(tree: Tree, authored: Mapping[str, Any]) -> dict[str, Any]:
    """A tool as tree data without calls: each step is a node under its own key."""
    nodes = {(id, node["id"]): node for id, one in authored.items() for node in one["nodes"]}
    steps = []
    for key, step in tree.steps.items():
        node = {k: v for k, v in nodes[step.tree, step.node.id].items() if k not in ("call", "next")}
        ways = []
        for move in step.moves:
            edge = {"because": "", "basis": "DC-0"}
            if move.edge:
                of, at, number = move.edge.name.split("/")
                edge = nodes[of, at]["next"][int(number) - 1]
            ways.append({**edge, "to": move.to})
        kind = node["kind"] if step.is_end or node["kind"] == "ask" else "branch"
        steps.append({**node, "id": key, "kind": kind, **({"next": ways} if ways else {})})
    return {"id": tree.id, "title": tree.title, "start": tree.start, "nodes": steps}


def main(arguments: list[str]) -> int:
    """Print the edition of the project in a folder, or say what is wrong with it. Returns 0, or 1 if it has none."""
    try:
        edition = edition_of(read_decisions(Path(arguments[0]) if arguments else ROOT).tables)
    except Unreadable as wrong:
        print(wrong, file=sys.stderr)
        return 1
    json.dump(edition.data, sys.stdout, ensure_ascii=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
