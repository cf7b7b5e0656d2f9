"""The assurance page: what was proved, checked and measured for the version that is published. All of it counted
at build; the mutation score is the last one measured, with the version it was measured on.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from macros.engine.api import summary
from macros.engine.html.markup import Markup, el, join
from macros.engine.html.view import View, basis, cites
from macros.engine.model.walk import walk

if TYPE_CHECKING:
    from macros.authoring.load import Project

JOURNEYS = "tests/journeys"
MUTATION = "decision_trees/mutation.json"


def assurance(project: Project, base: str) -> Markup:
    """The whole of the page's generated part."""
    view = View(next(iter(project.trees.values())), base)
    return join(
        overview(project),
        el("h2", "Safety properties", id="properties"),
        properties(project, view),
        el("h2", "Screens to each result", id="screens"),
        screens(project),
        el("h2", "Safest readings and design choices taken", id="readings"),
        readings(project, view),
        el("h2", "Do the tests notice?", id="mutation"),
        mutation(project),
    )


def overview(project: Project) -> Markup:
    """The figures at a glance."""
    ends = [summary(tree := project.trees[j["tree"]], walk(tree, j["answers"])) for j in journeys(project.root)]
    outcomes = [end for end in ends if end["state"] == "outcome" and end["level"] is not None]
    unsettled = sum(not end["settled"] for end in outcomes)
    waived = len(project.lock.waived) if project.lock else 0
    states = sum(r.states for r in project.reaches.values()) + sum(v.states for v in project.verdicts)
    facts = [
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
    return el("table", el("tbody", [el("tr", el("th", name, scope="row"), el("td", value)) for name, value in facts]))


@cache
def journeys(root: Path) -> list[dict[str, Any]]:
    """The journeys that the tests replay."""
    return [json.loads(path.read_text("utf-8")) for path in sorted((root / JOURNEYS).glob("*.json"))]


def properties(project: Project, view: View) -> Markup:
    """Each property with its clauses, the tools it was proved in and its verdict."""
    head = el("tr", [el("th", title, scope="col") for title in ("Property", "Clauses", "Tools", "Verdict", "States")])
    return el("table", el("thead", head), el("tbody", [_property(project, view, p.id) for p in project.properties]))


def _property(project: Project, view: View, id: str) -> Markup:
    verdicts = [verdict for verdict in project.verdicts if verdict.claim.id == id]
    proved = all(verdict.proved for verdict in verdicts)
    return el(
        "tr",
        el("th", verdicts[0].claim.title, scope="row"),
        el("td", cites(view, verdicts[0].claim.cites)),
        el("td", ", ".join(verdict.tree for verdict in verdicts)),
        el("td", "proved" if proved else "not proved"),
        el("td", f"{sum(verdict.states for verdict in verdicts):,}"),
        id=f"property-{id}",
    )


def screens(project: Project) -> Markup:
    """How many screens lead to each result."""
    head = el("tr", [el("th", title, scope="col") for title in ("Tool", "Result", "Fewest", "Most", "Budget")])
    rows = [
        el(
            "tr",
            el("td", length.tree),
            el("td", length.outcome),
            el("td", str(length.fewest)),
            el("td", str(length.most)),
            el("td", str(length.budget)),
        )
        for length in project.lengths()
    ]
    return el("table", el("thead", head), el("tbody", rows))


def readings(project: Project, view: View) -> Markup:
    """Each safest reading and design choice, and in how many places the tools take it."""
    taken = Counter(
        found
        for found in _bases({name: project.tables[name] for name in ("facts", "results", "quantities", "trees")})
        if found != "source"
    )
    order = sorted(taken, key=lambda found: (found[:2], int(found.split("-")[1])), reverse=False)
    head = el("tr", el("th", "Reading or choice", scope="col"), el("th", "Places in the decision data", scope="col"))
    rows = [
        el(
            "tr",
            el(
                "td",
                basis(view, found)
                if found != "DC-0"
                else el("a", "order of the steps (design choice 0)", href=f"{view.base}about/open-questions/#dc-0"),
            ),
            el("td", str(taken[found])),
        )
        for found in order
    ]
    return el("table", el("thead", head), el("tbody", rows))


def _bases(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from [value] if key == "basis" and isinstance(value, str) else _bases(value)
    elif isinstance(data, list):
        for value in data:
            yield from _bases(value)


def mutation(project: Project) -> Markup:
    """The last mutation run: per operator, how many changes to the trees were noticed."""
    path = project.root / MUTATION
    if not path.is_file():
        return el("p", "Not measured yet.")
    data = json.loads(path.read_text("utf-8"))
    current = data["version"] == project.library.version
    head = el(
        "tr",
        [
            el("th", title, scope="col")
            for title in (
                "Change made at every place of the trees",
                "Changes",
                "Noticed",
                "Noticed by",
                "Change nothing a reader can see",
            )
        ],
    )
    rows = [
        el(
            "tr",
            el("th", o["operator"], scope="row"),
            el("td", str(o["mutants"])),
            el("td", str(o["caught"])),
            el("td", ", ".join(f"{name} {count}" for name, count in o["by"].items())),
            el("td", str(o["harmless"])),
        )
        for o in data["operators"]
    ]
    when = "this version" if current else f"an earlier version, {data['version']}"
    return join(
        el(
            "p",
            "Every tree is spoiled in every place, one change at a time, and the checks must notice. "
            f"Measured on {when}: {data['caught']} of {data['mutants']} noticed, "
            f"{data['harmless']} listed as harmless with a reason. Noticed by “citations” means that the site is "
            "not built until somebody has read the clause beside the words that cite it. "
            "No program judges whether it fits.",
        ),
        el("table", el("thead", head), el("tbody", rows)),
    )
