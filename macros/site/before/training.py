"""The training pages: what they list, where the page script finds it, and the file with the scenarios that the script
hands to the engine. A matched pair stands in its page as data, for the page shows all of it anyway.

Knows the checked scenarios (the markup is in templates/); what their answers come to it takes from the engine.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from macros.authoring.load import Project
from macros.authoring.scenarios import Scenario
from macros.authoring.sessions import minutes_of
from macros.engine.html.markup import Markup
from macros.engine.html.view import cites
from macros.engine.training.pair import HALVES, TRAITS, exercise_of, in_words, read_pair
from macros.engine.training.path import EndsAhead
from macros.engine.training.scenario import Scene, read_scene, scene_data
from macros.engine.training.session import MOST_HANDS
from macros.engine.training.sorter import known_lines
from macros.site.before.render import render
from macros.site.before.sheets import by_title, sheets, way_of

AUDIENCES = ("social_work", "schools", "police", "health", "carers")
GROUPS = ("s5-03", "s5-04", "s5-06", "s5-07", "s5-08", "s5-09", "s5-10")
"""The clauses that name groups of children: lines that are risk at most, and decide nothing by themselves (SR-18)."""
LENGTHS = (10, 15, 20, 30)


@dataclass(frozen=True)
class TrainingPages:
    """The training pages of one project. `engine` is the folder that the engine's files go to."""

    project: Project
    engine: str

    @cached_property
    def scenes(self) -> Mapping[str, Scene]:
        """Every scenario, as the engine reads it."""
        return {id: read_scene(data) for id, data in self.bank.items()}

    @cached_property
    def bank(self) -> dict[str, dict[str, Any]]:
        """Every scenario, as it travels."""
        return {id: self._data(scenario) for id, scenario in self.project.scenarios.items()}

    def _data(self, story: Scenario) -> dict[str, Any]:
        """A scenario or a pair as it travels, with the places of the clauses that it cites."""
        project, carried = self.project, self.project.register.carried
        cited = (clause for clause in story.data["cites"] if clause in carried)
        places = {one: {"title": project.source_clauses[one]["title"], "url": carried[one].url} for one in cited}
        return scene_data(story.data, {**places, **project.library.clauses})

    @cached_property
    def content(self) -> bytes:
        return json.dumps(self.bank, ensure_ascii=False, separators=(",", ":")).encode()

    @property
    def file(self) -> str:
        """Its address under the site: named by what is in it, so that it never serves anything else."""
        return f"assets/training/{sha256(self.content).hexdigest()[:20]}.json"

    # ---- pages ----

    def session(self, base: str) -> Markup:
        """Where a trainer chooses scenarios and runs a session."""
        hour = self.project.sessions["hour"]
        return self._live("session", base, choices=self.choices, filters=self.filters, hour=hour, hours=self.hours)

    def practise(self, base: str) -> Markup:
        """Where somebody works through a scenario alone. To be told beforehand what it comes to would spoil it."""
        filters = {name: shown for name, shown in self.filters.items() if name != "level"}
        return self._live("practise", base, choices=self.choices, filters=filters)

    def sorter(self, base: str) -> Markup:
        """Where the lines of a checklist are sorted."""
        register = self.project.register.carried
        lines = [*known_lines(self.project.library), *(register[id].plain for id in GROUPS)]
        return self._live("sorter", base, lines=lines)

    def pairs(self, base: str) -> Markup:
        """Where the sheets of matched pairs are printed, and where the hands of both halves are counted."""
        pairs = [self._pair(data, base) for data in self.pair_data.values()]
        return self._live("pairs", base, cites=cites, most=MOST_HANDS, pairs=pairs)

    @cached_property
    def pair_data(self) -> dict[str, dict[str, Any]]:
        """Every matched pair by its id, as it travels."""
        return {id: self._data(pair) for id, pair in self.project.pairs.items()}

    def _pair(self, data: dict[str, Any], base: str) -> dict[str, Any]:
        """What the page shows of a pair; `versions` are a letter each, with a name and the story."""
        pair = read_pair(data, self.project.library)
        assert pair, "the checks let no other pass"
        stories = [(one.name, in_words(pair.scene.vignette, one.slots)) for one in pair.variants]
        exercise = exercise_of(pair, lambda tree: EndsAhead(self.project.trees[tree]), base)
        return {
            **way_of(exercise, []),
            "exercise": exercise,
            "data": json.dumps(data, ensure_ascii=False),
            "pair": pair,
            "trait": TRAITS[pair.trait],
            "versions": list(zip(HALVES, stories, strict=True)),
        }

    def sheets(self, base: str) -> Markup:
        """The facilitator's notes and the sheets to print, which need no script."""
        return sheets(self.project, self.scenes.values(), base)

    def _live(self, kind: str, base: str, **shown: object) -> Markup:
        return render(f"{kind}.html", kind=kind, base=base, engine=self.engine, bank=self.file, **shown)

    @cached_property
    def choices(self) -> list[dict[str, Any]]:
        """Every scenario, by title, with all that it can come to; `levels` are those of its level check, if any."""
        return [self._choice(scene) for scene in by_title(self.scenes.values())]

    @cached_property
    def hours(self) -> list[dict[str, Any]]:
        """The sessions that fit an hour, each with the titles of its stories and the minutes that it takes."""
        sessions, scenarios = self.project.sessions, self.project.scenarios
        return [
            {
                **one,
                "titles": [self.scenes[id].title for id in one["scenarios"]],
                "minutes": minutes_of(sessions, scenarios, one),
            }
            for one in sessions["sessions"]
        ]

    def _choice(self, scene: Scene) -> dict[str, Any]:
        outcomes: dict[str, list[str]] = {}
        for check in self.project.scenarios[scene.id].checks:
            outcomes.setdefault(check.tree, []).append(check.expect["outcome"])
        some = {tree: sorted(set(ids), key=ids.index) for tree, ids in outcomes.items()}
        titles = [" or ".join(self._outcome(tree, id) for id in ids) for tree, ids in some.items()]
        return {"scene": scene, "levels": some.get("level", []), "comes_to": "; ".join(titles)}

    def _outcome(self, tree: str, id: str) -> str:
        return self.project.library.trees[tree].node(id).title

    @cached_property
    def filters(self) -> dict[str, tuple[str, list[tuple[str, str]]]]:
        """All that the list of scenarios can be narrowed down by: a label, and options as (value, words)."""
        levels = sorted({level for choice in self.choices for level in choice["levels"]})
        themes = sorted({theme for scene in self.scenes.values() for theme in scene.themes})
        return {
            "level": ("What it comes to", [(id, self._outcome("level", id)) for id in levels]),
            "theme": ("Theme", [(theme, theme.replace("-", " ").capitalize()) for theme in themes]),
            "audience": ("For whom", [(id, id.replace("_", " ").capitalize()) for id in AUDIENCES]),
            "minutes": ("Length", [(str(n), f"{n} minutes at most") for n in LENGTHS]),
        }
