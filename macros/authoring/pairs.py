"""Matched pairs: one story in two versions that differ in one trait, each version held to the trees as a scenario is.

Knows the folder decision_trees/pairs and what only a pair can have wrong: its slots, and words that give away a person,
a place or how likely harm is. What answers come to, scenarios.py knows; refuses to know how a pair is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from macros.authoring.checks import Context
from macros.authoring.citations.uses import Passage, Passages
from macros.authoring.scenarios import Scenario, check_scenario
from macros.authoring.sources.diagnostics import Diagnostic
from macros.authoring.sources.reading import read_named
from macros.authoring.sources.schemas import Schemas
from macros.engine.model.tree import Tree
from macros.engine.training.pair import in_words, slots_of

FOLDER = "decision_trees/pairs"
CAPITAL = re.compile(r"(?<![.?!:“] )(?<!^)(?<!“)\b[A-Z]\w*")
"""A capital letter within a sentence."""
NO_NAMES = {"I", "Social", "Care", "CADS", "Engage", "Team", "Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun"}
"""What has one and is neither a person nor a place; of days what stands before “day”."""


def read_pairs(root: Path, schemas: Schemas) -> tuple[dict[str, Scenario], list[Diagnostic]]:
    """The pairs of a project by their ids, each as a scenario whose story has slots; and what cannot be read."""
    paths = sorted((root / FOLDER).glob("*.json"))
    files = {path.stem: read_named(path, f"{FOLDER}/{path.name}", "pair", "pair", schemas) for path in paths}
    pairs = {id: Scenario(id, {**file.data, "what_ifs": []}, file.source) for id, file in files.items() if file.sound}
    return pairs, [diagnostic for file in files.values() for diagnostic in file.diagnostics]


def versions(pair: Scenario) -> list[Scenario]:
    """Both versions, each a scenario of its own with its slots filled. Raises KeyError for a slot without words."""
    stories = [in_words(pair.data["vignette"], version["slots"]) for version in pair.data["versions"]]
    return [replace(pair, data={**pair.data, "vignette": story}) for story in stories]


def passages_of_pairs(pairs: Mapping[str, Scenario]) -> dict[str, Passages]:
    """Each pair as a place that cites, named `pairs/id`."""
    return {f"pairs/{pair.id}": (Passage(tuple(_words(pair)), tuple(pair.data["cites"])),) for pair in pairs.values()}


def _words(pair: Scenario) -> Iterator[str]:
    """All that trainers and the room are told."""
    yield from (pair.data["title"], pair.data["vignette"])
    yield from (words for version in pair.data["versions"] for words in (version["name"], *version["slots"].values()))
    yield from (pair.data["why"], *pair.data["notes"], pair.data["checks"][0]["debrief"])


def check_pair(context: Context, trees: Mapping[str, Tree], pair: Scenario) -> list[Diagnostic]:
    """What is wrong in one pair that follows the schema: its slots first; where these are sound, what either version
    has wrong as a story. `trees` are the tools that can be walked.
    """
    if wrong := list(_slots(pair)):
        return wrong
    found = [one for v in versions(pair) for one in (*_given_away(v), *check_scenario(context, trees, v))]
    return list(dict.fromkeys(found))


def _slots(pair: Scenario) -> Iterator[Diagnostic]:
    """Slots that a version leaves empty or that the story does not have, and versions that say the same."""
    slots, stated = slots_of(pair.data["vignette"]), pair.data["versions"]
    for i, version in enumerate(stated):
        for name in slots:
            if name not in version["slots"]:
                told = f"This version has no words for the slot {{{name}}} of the story."
                at, fix = ("versions", i, "slots"), f"give “{name}” its words."
                yield pair.source.diagnostic("unfilled-slot", at, told, fix)
        for name in version["slots"]:
            if name not in slots:
                told = f"The story has no slot {{{name}}}."
                yield pair.source.unknown("slot", ("versions", i, "slots", name), name, slots, told)
    if all(stated[0]["slots"].get(name) == stated[1]["slots"].get(name) for name in slots):
        told, fix = "Both versions tell the same story.", "let them differ in the trait, and in nothing else."
        yield pair.source.diagnostic("same-versions", ("versions",), told, fix)


def _given_away(version: Scenario) -> Iterator[Diagnostic]:
    """Words of a version that give away a person or a place."""
    for part in ("title", "vignette"):
        for capital in CAPITAL.findall(version.data[part]):
            if capital.removesuffix("day") not in NO_NAMES:
                told, fix = f"“{capital}” looks like the name of a person or a place.", "say who or what it is instead."
                yield version.source.diagnostic("name-in-story", (part,), told, fix)
