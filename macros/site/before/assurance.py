"""The assurance page: what was proved, checked and measured for the version that is published. All of it counted
at build; the mutation score is the last one measured, with the version it was measured on.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from macros.authoring.load import Project
from macros.authoring.proofs.proofs import Verdict
from macros.authoring.sources.legible import JOURNEYS, text_of
from macros.engine.api import summary
from macros.engine.html.markup import Markup, el
from macros.engine.html.view import View, basis, cites
from macros.engine.model.walk import walk
from macros.site.before.noise import noise
from macros.site.before.render import render

MUTATION = "decision_trees/mutation.json"


def assurance(project: Project, base: str) -> Markup:
    """The whole of the page's generated part."""
    view, mutated = View(next(iter(project.trees.values())), base), mutation(project.root)
    return render(
        "assurance.html",
        facts=overview(project),
        properties=list(properties(project)),
        cites=partial(cites, view),
        lengths=list(project.lengths()),
        noise=noise(project, journeys(project.root)),
        readings=list(readings(project, view)),
        mutation=mutated,
        operators=[_operator(one) for one in mutated["operators"]] if mutated else [],
        version=project.library.version,
    )


def overview(project: Project) -> list[tuple[str, str]]:
    """The figures at a glance."""
    ends = [summary(tree := project.trees[j["tree"]], walk(tree, j["answers"])) for j in journeys(project.root)]
    outcomes = [end for end in ends if end["state"] == "outcome" and end["level"] is not None]
    unsettled = sum(not end["settled"] for end in outcomes)
    waived = len(project.lock.waived) if project.lock else 0
    states = sum(s.states for s in project.structures.values()) + sum(v.states for v in project.verdicts)
    return [
        ("Version of the decision data and the engine", project.library.version),
        ("Tools", ", ".join(project.library.trees[id].title for id in project.tools)),
        (
            "Proofs that hold over every set of answers",
            f"{len(project.verdicts)}, of {len(project.properties)} safety properties, each in every tool it is for",
        ),
        ("States looked at", f"{states:,}"),
        (
            "Facts of the source carried by a page",
            f"{len(project.register.carried)} of {len(project.source_clauses)}; {waived} waived",
        ),
        ("Journeys replayed, here and in the browser", f"{len(ends)}"),
        ("Journeys to a level that end unsettled", f"{unsettled} of {len(outcomes)}"),
    ]


@cache
def journeys(root: Path) -> list[dict[str, Any]]:
    """The journeys that the tests replay."""
    return [json.loads(text_of(path)) for path in sorted((root / JOURNEYS).glob("*.json"))]


def properties(project: Project) -> Iterator[tuple[list[Verdict], str]]:
    """The verdicts on each property, one for each tool it is for, and how many states were looked at."""
    for one in project.properties:
        verdicts = [verdict for verdict in project.verdicts if verdict.claim.id == one.id]
        yield verdicts, f"{sum(verdict.states for verdict in verdicts):,}"


def readings(project: Project, view: View) -> Iterator[tuple[Markup, int]]:
    """Each safest reading and design choice, and in how many places the tools take it."""
    bases = _bases([project.tables[name] for name in ("facts", "results", "quantities", "trees")])
    taken = Counter(found for found in bases if found != "source")
    steps = el("a", "order of the steps (design choice 0)", href=f"{view.base}about/open-questions/#dc-0")
    for found in sorted(taken, key=lambda found: (found[:2], int(found.split("-")[1]))):
        yield basis(view, found) if found != "DC-0" else steps, taken[found]


def _bases(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from [value] if key == "basis" and isinstance(value, str) else _bases(value)
    elif isinstance(data, list):
        for value in data:
            yield from _bases(value)


def _operator(one: Mapping[str, Any]) -> tuple[Any, ...]:
    by = ", ".join(f"{name} {count}" for name, count in one["by"].items())
    return one["operator"], one["mutants"], one["caught"], by, one["harmless"]


def mutation(root: Path) -> dict[str, Any] | None:
    """The last mutation run: per operator, how many changes to the trees were noticed. None if there was none."""
    path = root / MUTATION
    return json.loads(text_of(path)) if path.is_file() else None
