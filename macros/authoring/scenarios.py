"""Scenarios: the training bank, one situation a file, each held to what the trees make of it.

Knows the folder decision_trees/scenarios and the engine that replays it; refuses to know how a scenario is shown.
A scenario says what its answers come to; a check that leaves a judgement to the room says it of every answer. Where
the trees now say otherwise the build stops, until somebody has read the scenario again and says so with `make
scenarios`.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from macros.authoring.checks import Context, check_cites
from macros.authoring.citations.uses import Passage, Passages
from macros.authoring.left_open import check_left_open
from macros.authoring.sources.diagnostics import Diagnostic, Source, did_you_mean
from macros.authoring.sources.places import At
from macros.authoring.sources.reading import read_named
from macros.authoring.sources.schemas import Schemas
from macros.engine.api import summary
from macros.engine.model.answers import Problem, read_answer
from macros.engine.model.library import FIXED, OPEN, TOLD, WEIGHED, Fact, Library
from macros.engine.model.tree import Tree
from macros.engine.model.walk import Journey, walk

FOLDER = "decision_trees/scenarios"
FEWEST_WORDS, MOST_WORDS = 60, 140
PARTS = {"outcome": None, "level": None, "could_be": [0], "police": 0, "results": []}
"""What a scenario expects of a tool, each part with what it is where it is left out."""
JUDGEMENT = "judgement"
"""The domain of facts that ask a professional for their own judgement."""


@dataclass(frozen=True)
class Replay:
    """A way through a tool that a scenario tells of: a check, or a check with something changed.

    `part` and `index` are its place in the file, `written` the answers that stand there for it, each part by its
    place, `answers` all that go into the tool. Of a check that leaves the fact `open` to the room there is one for each
    answer `value`: it stands in a `branch` of the check, and `first` says whether it is the first answer there.
    """

    part: str
    index: int
    tree: str
    written: tuple[tuple[At, Mapping[str, Any]], ...]
    answers: Mapping[str, Any]
    expect: Mapping[str, Any]
    footing: Mapping[str, str] = field(default_factory=dict)
    footing_at: At = ()
    branch: int | None = None
    open: str = ""
    value: str = ""
    first: bool = True

    @property
    def at(self) -> At:
        place = (self.part, self.index)
        return place if self.branch is None else (*place, "branches", self.branch)

    @property
    def changed(self) -> bool:
        """Whether this is a check with something changed."""
        return self.part == "what_ifs"

    @property
    def answers_at(self) -> At:
        """Where an answer that is missing would stand."""
        return self.written[-1][0]

    def answered(self) -> Iterator[tuple[At, str, Any]]:
        """Each answer that stands in the file: its place, the fact, the answer."""
        return (((*at, name), name, raw) for at, answers in self.written for name, raw in answers.items())


@dataclass(frozen=True)
class Scenario:
    """One situation of the bank: its data, which follows the schema, and the file it stands in."""

    id: str
    data: Mapping[str, Any]
    source: Source

    @property
    def checks(self) -> tuple[Replay, ...]:
        """The checks in their order; of one that leaves a fact open, each answer to that."""
        return tuple(replay for i, one in enumerate(self.data["checks"]) for replay in _ways(i, one))

    @property
    def what_ifs(self) -> tuple[Replay, ...]:
        """The checks with something changed; those of a tool that no check speaks of change nothing given.

        What a branch alone answers is not among what is given: a change says for itself what the room judges.
        """
        given = {check["tree"]: check["answers"] for check in self.data["checks"]}
        changes = [(one["tree"], one["change"], one["expect"]) for one in self.data["what_ifs"]]
        return tuple(
            Replay(
                "what_ifs", i, tree, ((("what_ifs", i, "change"), change),), {**given.get(tree, {}), **change}, expect
            )
            for i, (tree, change, expect) in enumerate(changes)
        )

    @property
    def replays(self) -> tuple[Replay, ...]:
        return (*self.checks, *self.what_ifs)


def _ways(index: int, check: Mapping[str, Any]) -> Iterator[Replay]:
    """A check; or, if it leaves a fact open, the ways that its branches tell of."""
    tree, answers, footing = check["tree"], check["answers"], check["footing"]
    shared, footing_at = (("checks", index, "answers"), answers), ("checks", index, "footing")
    if "open" not in check:
        yield Replay("checks", index, tree, (shared,), answers, check["expect"], footing, footing_at)
    for n, branch in enumerate(check.get("branches", ())):
        at: At = ("checks", index, "branches", n)
        own = ((*at, "answers"), branch["answers"]) if "answers" in branch else (at, {})
        for fact, values in branch["if"].items():
            for value in values:
                yield Replay(
                    "checks", index, tree, (shared, own),
                    answers={**answers, **own[1], fact: value},
                    expect=branch["expect"],
                    footing=branch.get("footing", footing),
                    footing_at=(*at, "footing") if "footing" in branch else footing_at,
                    branch=n, open=fact, value=value, first=value == values[0],
                )  # fmt: skip


# ---- reading ----------------------------------------------------------------------------------------------------


def read_scenarios(root: Path, schemas: Schemas) -> tuple[dict[str, Scenario], list[Diagnostic]]:
    """The scenarios of a project by their ids, and what is wrong in the files of those that cannot be read."""
    read = [read_scenario(path, f"{FOLDER}/{path.name}", schemas) for path in sorted((root / FOLDER).glob("*.json"))]
    return {s.id: s for s, _ in read if s}, [diagnostic for _, diagnostics in read for diagnostic in diagnostics]


def read_scenario(path: Path, name: str, schemas: Schemas) -> tuple[Scenario | None, list[Diagnostic]]:
    """The scenario in a file, or None with what is wrong: no JSON, not as the schema has it, an id of its own."""
    file = read_named(path, name, "scenario", "scenario", schemas)
    return Scenario(path.stem, file.data, file.source) if file.sound else None, list(file.diagnostics)


def passages_of_scenarios(scenarios: Mapping[str, Scenario]) -> dict[str, Passages]:
    """Each scenario as a place that cites, named `scenarios/id`."""
    return {f"scenarios/{s.id}": (Passage(tuple(_words(s.data)), tuple(s.data["cites"])),) for s in scenarios.values()}


def _words(data: Mapping[str, Any]) -> Iterator[str]:
    """All that trainers and the room are told."""
    yield from (data["title"], data["vignette"], *data["teaches"], *data["notes"], *data["prompts"])
    yield from (data["views"],) if "views" in data else ()
    yield from (one["debrief"] for check in data["checks"] for one in check.get("branches", (check,)))
    yield from (words for one in data["what_ifs"] for words in (one["what"], one["why"]))


# ---- checking ---------------------------------------------------------------------------------------------------


def check_scenarios(
    context: Context,
    trees: Mapping[str, Tree],
    scenarios: Mapping[str, Scenario],
    true: Container[tuple[str, str]] = (),
) -> list[Diagnostic]:
    """What is wrong in scenarios that follow the schema. `trees` are the tools that can be walked.

    `true` are pairs of a scenario and a tree of which it is known that the one comes to what it says in the other.
    """
    return [d for scenario in scenarios.values() for d in check_scenario(context, trees, scenario, true)]


def check_scenario(
    context: Context, trees: Mapping[str, Tree], scenario: Scenario, true: Container[tuple[str, str]] = ()
) -> list[Diagnostic]:
    """What is wrong in one scenario: what it names first; where that is sound, what its answers come to."""
    named = [
        *_length(scenario),
        *check_left_open(context.library, scenario.source, scenario.data),
        *_tools(context.library, scenario),
        *check_cites(context, scenario.source, scenario.data),
        *_names(context.library, scenario),
        *_said_twice(scenario),
    ]
    named = list(dict.fromkeys(named))  # what branches share is looked at for each of them
    if any(diagnostic.kind not in ("vignette-length", "giveaway") for diagnostic in named):
        return named
    for id in dict.fromkeys(replay.tree for replay in scenario.replays):
        if id in trees and (scenario.id, id) not in true:
            named += _all_replayed(trees[id], scenario)
    return named


def comes_true(tree: Tree, scenario: Scenario) -> bool:
    """Whether a scenario that names only what is there comes to what it says in a tree."""
    return not _all_replayed(tree, scenario)


def _all_replayed(tree: Tree, scenario: Scenario) -> list[Diagnostic]:
    """What the replays of a scenario in a tree find, without what-ifs of a check that comes to a halt: they would only
    halt at the same place.
    """
    found: list[Diagnostic] = []
    halted = False
    for replay in (one for one in scenario.replays if one.tree == tree.id):
        if replay.changed and halted:
            break
        known = {(diagnostic.kind, diagnostic.pointer) for diagnostic in found}
        own = [one for one in _replayed(tree, scenario, replay) if (one.kind, one.pointer) not in known]
        halted = halted or any(diagnostic.kind == "unanswered" for diagnostic in own if not replay.changed)
        found += own
    return found


def _length(scenario: Scenario) -> Iterator[Diagnostic]:
    count = len(scenario.data["vignette"].split())
    if not FEWEST_WORDS <= count <= MOST_WORDS:
        told = f"The vignette has {count} words; it is read aloud, so {FEWEST_WORDS} to {MOST_WORDS} are wanted."
        fix = "add what an answer rests on." if count < FEWEST_WORDS else "take out what no answer rests on."
        yield scenario.source.diagnostic("vignette-length", ("vignette",), told, fix)


def _tools(library: Library, scenario: Scenario) -> Iterator[Diagnostic]:
    """Trees that are no tool, a tool checked twice, and a change to a tool that no check speaks of."""
    tools = [id for id, tree in library.trees.items() if tree.tool]
    checked = [check["tree"] for check in scenario.data["checks"]]
    for replay in (one for one in scenario.replays if one.first and not one.branch):
        at = (replay.part, replay.index, "tree")
        if replay.tree not in tools:
            yield scenario.source.unknown("tree", at, replay.tree, tools, f"There is no tool “{replay.tree}”.")
        elif replay.changed and replay.tree not in checked:
            told = f"No check of this scenario speaks of the tool “{replay.tree}”, so nothing can be changed in it."
            yield scenario.source.unknown("check", at, replay.tree, checked, told)
        elif not replay.changed and replay.tree in checked[: replay.index]:
            told = f"Another check speaks of the tool “{replay.tree}” already."
            yield scenario.source.diagnostic("duplicate-id", at, told, "keep one of them; make the other a what-if.")


def _names(library: Library, scenario: Scenario) -> Iterator[Diagnostic]:
    """Facts, answers, outcomes and results that are not there."""
    for replay in scenario.replays:
        yield from _named(library, scenario.source, replay)


def _named(library: Library, source: Source, replay: Replay) -> Iterator[Diagnostic]:
    for at, name, raw in replay.answered():
        if name not in library.facts:
            yield source.unknown("fact", at, name, library.facts)
        elif isinstance(problem := read_answer(library.facts[name], raw), Problem):
            told = f"{json.dumps(raw, ensure_ascii=False)} is not an answer to “{name}”: {problem.message}"
            yield source.diagnostic("unknown-value", at, told, _answer(library.facts[name], raw))
    tree, id = library.trees.get(replay.tree), replay.expect["outcome"]
    outcomes = [node.id for node in tree.nodes if node.kind == "outcome"] if tree else []
    if tree and tree.tool and id not in outcomes:
        told = f"There is no outcome “{id}” in “{tree.id}”."
        yield source.unknown("outcome", (*replay.at, "expect", "outcome"), id, outcomes, told)
    for i, id in enumerate(replay.expect["results"]):
        if id not in library.results:
            yield source.unknown("result", (*replay.at, "expect", "results", i), id, library.results)


def _answer(fact: Fact, raw: object) -> str:
    if fact.kind == "any_of" and not isinstance(raw, list):
        return f'write a list: ["{raw}"].'
    wrong = next((v for v in (raw if isinstance(raw, list) else [raw]) if v not in fact.values), None)
    if wrong and fact.values:
        return did_you_mean(str(wrong), fact.values)
    return "write an answer that this question takes."


def _said_twice(scenario: Scenario) -> Iterator[Diagnostic]:
    """Answers that two checks give differently: a scenario tells one situation."""
    first: dict[str, Replay] = {}
    for check in scenario.checks:
        for at, name, value in check.answered():
            before = first.setdefault(name, check)
            if before.answers[name] != value and name != check.open:
                told = f"“{name}” is {in_words(value)} here and {in_words(before.answers[name])} for “{before.tree}”."
                fix = "a scenario tells one situation: let both be the same, or make one a what-if."
                yield scenario.source.diagnostic("told-otherwise", at, told, fix)


def _replayed(tree: Tree, scenario: Scenario, replay: Replay) -> Iterator[Diagnostic]:
    """What a replay finds: a question left open, an answer that nothing asks for, another result, a wrong footing."""
    journey = walk(tree, replay.answers)
    if journey.state != "outcome":
        yield _halted(tree, scenario, replay, journey)
        return
    for at, name, _ in replay.answered():
        if name in journey.unused:
            told = f"No question on this way through “{tree.id}” asks for “{name}”."
            fix = "take it out, or correct the answers before it."
            yield scenario.source.diagnostic("stale-answer", at, told, fix)
    if moved := differences(tree, replay, journey):
        told = "; ".join(change_in_words(*one) for one in moved)
        told = f"The scenario “{scenario.id}” comes to something else. {told}."
        confirm = f'then confirm what comes now: make scenarios CONFIRM="{scenario.id}".'
        fix = f"correct the tree or the answers; or read its story and debrief again, {confirm}"
        if not replay.first:
            told, fix = f"{told} (The answer is “{replay.value}”.)", "give this answer a branch of its own."
        yield scenario.source.diagnostic("other-result", (*replay.at, "expect"), told, fix)
    elif not replay.changed:
        yield from _footing(tree, scenario, replay, journey)
        yield from _exceptions(tree, scenario, replay)


def _halted(tree: Tree, scenario: Scenario, replay: Replay, journey: Journey) -> Diagnostic:
    open_facts = [fact for screen in journey.screens[-1:] for fact in screen.facts if fact not in journey.answers]
    asked = ", ".join(f"“{name}” ({tree.library.facts[name].text})" for name in open_facts) or f"“{journey.step}”"
    told = f"The scenario “{scenario.id}” has no answer to what “{tree.id}” asks here: {asked}"
    fix = "answer it as the story tells it; not_known where it tells nothing."
    return scenario.source.diagnostic("unanswered", replay.answers_at, f"{told.rstrip('.')}.", fix)


def _footing(tree: Tree, scenario: Scenario, check: Replay, journey: Journey) -> Iterator[Diagnostic]:
    """Parts that are called fixed although another judgement of what one asks for judgement would change them.

    For the police that is a judgement without which the contact would be less urgent: floors only rise.
    """
    footing, floors = check.footing, journey.floors
    fixed = [part for part in ("outcome", "police") if footing[part] == "procedure"]
    asked = [tree.library.facts[name] for name in journey.answers]
    judged = [fact for fact in asked if fact.domain == JUDGEMENT and fact.kind == "one_of"]
    for fact in judged if fixed else ():
        others = [walk(tree, {**check.answers, fact.id: value}).floors for value in fact.values]
        swayed = {
            "outcome": any(other["level"] != floors["level"] for other in others),
            "police": any(other["police"] < floors["police"] for other in others),
        }
        for part in fixed:
            if swayed[part]:
                told = f"The {part} is marked as fixed (“procedure”), and another answer to “{fact.text}” changes it."
                at = (*check.footing_at, part)
                yield scenario.source.diagnostic("not-fixed", at, told, "mark it “judgement”.")


def _exceptions(tree: Tree, scenario: Scenario, check: Replay) -> Iterator[Diagnostic]:
    """Facts of which it is not said how they are known, and exceptions to that which are none."""
    data = scenario.data["checks"][check.index]
    for name in check.answers:
        if tree.library.facts[name].options and not tree.library.facts[name].read_as:
            told = f"facts.json does not say how answers to “{name}” are known."
            yield scenario.source.diagnostic("not-read-as", check.answers_at, told, "give the fact “read_as” there.")
            return
    for kind in (TOLD, WEIGHED):
        for i, name in enumerate(data.get(kind, ())):
            fact, value = tree.library.facts.get(name), check.answers.get(name)
            if name in data.get("open", ()):
                told, fix = f"“{name}” is left to the room.", "take it out."
            elif fact is None or value is None:
                told, fix = f"The check has no answer to “{name}”.", "name a fact that it answers, or take it out."
            elif (own := fact.known_by(value)) in (FIXED, OPEN, kind):
                told, fix = f"{in_words(value)} to “{fact.text}” is {own} in every story.", "take it out."
            else:
                continue
            yield scenario.source.diagnostic("no-exception", ("checks", check.index, kind, i), told, fix)


# ---- confirming -------------------------------------------------------------------------------------------------


def differences(tree: Tree, replay: Replay, journey: Journey) -> list[tuple[str, Any, Any]]:
    """The parts of a replay that came out otherwise than expected: the part, what was expected, what comes now."""
    now = summary(tree, journey)
    expected = {part: replay.expect.get(part, otherwise) for part, otherwise in PARTS.items()}
    return [(part, was, now[part]) for part, was in expected.items() if now[part] != was]


def recorded(scenario: Scenario, trees: Mapping[str, Tree]) -> str:
    """The text of a scenario's file with what comes now in place of what was expected; all else as it stands."""
    text = scenario.source.text
    places = []
    for replay in scenario.replays:
        tree = trees[replay.tree]
        journey = walk(tree, replay.answers)
        if replay.first and journey.outcome and differences(tree, replay, journey):
            now = {part: value for part, value in summary(tree, journey).items() if part in PARTS}
            kept = {part: now[part] for part in PARTS if now[part] != PARTS[part] or part in ("police", "results")}
            places.append((*scenario.source.span((*replay.at, "expect")), kept))
    for start, end, kept in sorted(places, reverse=True, key=lambda place: place[0]):
        line = text[text.rfind("\n", 0, start) + 1 : start]
        indent = line[: len(line) - len(line.lstrip())]
        rows = [f'{indent}  "{part}": {json.dumps(value)}' for part, value in kept.items()]
        text = text[:start] + "{\n" + ",\n".join(rows) + f"\n{indent}}}" + text[end:]
    return text


def change_in_words(part: str, was: Any, now: Any) -> str:
    """How one part of a result moved; of the results said, those alone that came or went."""
    if part == "results":
        gone, come = [r for r in was if r not in now], [r for r in now if r not in was]
        moves = [*(f"no longer {id}" for id in gone), *(f"now also {id}" for id in come)]
        return f"results: {', '.join(moves) or 'in another order'}"
    return f"{part.replace('_', ' ')}: expected {in_words(was)}, now {in_words(now)}"


def in_words(value: object) -> str:
    """A part of an expectation, as a message has it."""
    if value is None:
        return "none"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "nothing"
    return str(value)
