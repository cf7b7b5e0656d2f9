"""`make scenarios`: where stories come to something else than they say. `make scenarios CONFIRM="two-years-on"`.

Without ids it shows each change, part by part. With ids ("all": every one) somebody confirms that they read those
scenarios again: what comes now is written into their files.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from macros.authoring.load import Project, load_project
from macros.authoring.scenarios import Scenario, change_in_words, differences, recorded
from macros.authoring.sources.diagnostics import did_you_mean
from macros.engine.model.walk import walk

ROOT = Path(__file__).resolve().parents[3]


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Show what moved, or record it for the scenarios named. Returns 0, or 1 if that cannot be done."""
    project = load_project(root)
    if not project.trees:
        print("\n".join(map(str, project.diagnostics)))
        return 1
    stories = {**project.scenarios, **project.pairs}
    wanted = list(stories) if arguments == ["all"] else arguments
    if unknown := [id for id in wanted if id not in stories]:
        for id in unknown:
            print(f"“{id}” is no scenario and no pair: {did_you_mean(id, list(stories))}")
        print("Nothing was recorded.")
        return 1
    moved = [(s, lines) for s in stories.values() if (lines := list(_moved(project, s)))]
    for scenario, lines in moved if not arguments else ():
        print("\n".join([scenario.source.name, *lines]))
    if not arguments:
        print(f"{len(moved)} of {len(stories)} scenarios and pairs come to something else.")
        return 0
    named = [scenario for scenario, _ in moved if scenario.id in wanted]
    for scenario in named:
        (root / scenario.source.name).write_text(recorded(scenario, project.trees), "utf-8")
    print(f"Confirmed: {', '.join(scenario.id for scenario in named) or 'nothing had changed'}.")
    return 0


def _moved(project: Project, scenario: Scenario) -> Iterator[str]:
    """A line for each part of each replay that came out otherwise."""
    for replay in scenario.replays:
        tree = project.trees.get(replay.tree)
        if tree is None:
            continue
        journey = walk(tree, replay.answers)
        beside = scenario.data["what_ifs"][replay.index]["what"] if replay.changed else replay.value
        where = f"  {replay.tree}{', ' + beside if beside else ''}"
        if journey.outcome is None:
            yield f"{where} stops at the question “{journey.step}”: answer it by hand."
            continue
        for part, was, now in differences(tree, replay, journey):
            yield f"{where} {change_in_words(part, was, now)}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
