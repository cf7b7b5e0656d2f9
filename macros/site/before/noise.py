"""How often the level stays open: what was measured over plausible situations, and over every story of this project.

Puts figures and situations into words; what is measured, and how, is for `macros/authoring/plausible/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from macros.authoring.load import Project
from macros.authoring.plausible.endings import Ending, settled
from macros.authoring.plausible.measure import Count, Lived, Noise
from macros.authoring.plausible.measure import Row as OneOpen
from macros.authoring.remembered.answers import ends_of, noise_of
from macros.engine.html.markup import Markup
from macros.engine.model.library import NO, Fact, Library
from macros.site.before.render import render

Row = tuple[str, ...]
"""The cells of a row of a table."""

MET = {True: "met", False: "not met"}

StoryEnding = tuple[str, Ending | None, list[str]]
"""The name of a journey or a scenario, where it ends (None: at no level), and what truly decides of what is named."""


def noise(project: Project, journeys: Iterable[Mapping[str, Any]]) -> Markup:
    """The part of the assurance page that tells it."""
    weights, library = project.plausible, project.library
    measured, rows = noise_of(project.tables, weights)
    titles = {one["id"]: one["title"] for one in weights["concerns"]}
    ended = story_ends(project, weights["tool"], journeys)
    told = list(stories(library, ended))
    one_open = weights["one_open"]
    return render(
        "noise.html",
        made=f"{weights['situations']:,}",
        targets=list(targets(measured, weights["target"])),
        again=f"{measured['noisy']:,}",
        quiet=f"{measured['quiet']['situations']:,}",
        quiet_open=f"{measured['quiet']['unsettled']:,}",
        certain=f"{measured['certain']['situations']:,}",
        certain_open=f"{measured['certain']['unsettled']:,}",
        by_blank=f"{measured['by_blank']:,}",
        causes=[
            (weights["causes"].get(cause) or cause_in_words(library, cause), f"{many:,}")
            for cause, many in measured["causes"].items()
        ],
        levels=[
            *((f"Level {one['of']}", *_figures(one["count"])) for one in measured["levels"]),
            ("All", *_figures(measured["all"])),
        ],
        concerns=[
            (titles[one["of"]], *_figures(one["count"]), _of(one["quiet"]["unsettled"], one["quiet"]["situations"]))
            for one in measured["concerns"]
        ],
        one_open_titles=[
            library.facts[one_open["beside"]].text,
            "Nothing else is open",
            *(f"Not sure {_short(library.facts[fact])}" for fact in one_open["of"]),
        ],
        one_open=list(_one_open(library, one_open["beside"], rows)),
        shown=[situation(library, titles[one["concern"]], one) for one in measured["shown"]],
        stories=told,
        with_level=sum(end is not None for _, end, _ in ended),
        without=sum(end is None for _, end, _ in ended),
        undecided=sum(shown == "no" for _, _, _, shown, _ in told),
    )


def targets(measured: Noise, target: int) -> Iterator[Row]:
    """What is aimed at, of how many it should be true, of how many it is, and whether that is enough."""
    quiet, named, wondering = measured["quiet"], measured["named"], measured["wondering"]["unsettled"]
    still = quiet["situations"] - quiet["unsettled"]
    met = 100 * still >= target * quiet["situations"]
    words = "Nothing makes the practitioner wonder: the level is settled"
    yield words, f"{target}%", _of(still, quiet["situations"]), MET[met]
    words = "Something does, and the level is not settled: the result names an answer that truly decides it"
    yield words, "all", _of(named, wondering), MET[named == wondering]


def stories(library: Library, ended: Iterable[StoryEnding]) -> Iterator[Row]:
    """The journeys and scenarios that end unsettled: where each does, what decides and whether that was shown, and what
    is open besides.
    """
    facts = library.facts
    for name, end, decides in ended:
        if end and not settled(end):
            named = [one["fact"] for one in end["named"]]
            idle = [fact for fact in end["idle"] if "level" in facts[fact].bears_on]
            shown = "yes" if named and named == decides else "no"
            yield name, _level(end), _shorts(facts, named), shown, _shorts(facts, idle)


def story_ends(project: Project, tool: str, journeys: Iterable[Mapping[str, Any]]) -> list[StoryEnding]:
    """Every journey through a tool, and every check and what-if of a scenario, by name, with where it ends."""
    given = [(one["name"], one["answers"]) for one in journeys if one["tree"] == tool]
    for scenario in project.scenarios.values():
        for replay in scenario.replays:
            if replay.tree == tool:
                changed = scenario.data["what_ifs"][replay.index]["what"] if replay.changed else ""
                judged = project.library.facts[replay.open].label(replay.value) if replay.open else ""
                beside = ": ".join(part for part in (scenario.data["title"], changed, judged) if part)
                given.append((beside, replay.answers))
    ends = ends_of(project.tables, tool, [dict(answers) for _, answers in given])
    return [(name, *end) for (name, _), end in zip(given, ends, strict=True)]


def situation(library: Library, concern: str, one: Lived) -> dict[str, Any]:
    """A situation in the words of its questions and answers: what is `known`, what the practitioner wonders about and
    what is blank (`lists`), and how it `ended`.
    """
    facts, answers = library.facts, one["answers"]
    known = []
    for name, given in answers.items():
        fact = facts[name]
        value = tuple(given) if isinstance(given, list) else given  # as it was before JSON made a list of it
        if "level" not in fact.bears_on or name in one["wonders"] or name in one["blanks"]:
            continue
        if value not in NO:
            labels = [fact.label(one) for one in ((value,) if isinstance(value, str) else value)]
            known.append((_capital(_short(fact)), "; ".join(labels)))
    lists = [
        ("Not sure: something makes them wonder", _shorts(facts, one["wonders"])),
        ("Left blank", _shorts(facts, [fact for fact in one["blanks"] if fact in answers])),
        ("The level hangs on", _shorts(facts, [named["fact"] for named in one["end"]["named"]])),
    ]
    police = library.quantities["police"].grade(one["end"]["police"]).name
    said = [(title, words) for title, words in lists if words]
    return {"concern": concern, "known": known, "lists": said, "ended": f"{_level(one['end'])}. {police}."}


def cause_in_words(library: Library, cause: str) -> str:
    """By what a level is open: the title of a node, or a question with its answer."""
    fact, equals, value = cause.partition("=")
    if equals:
        return f"{library.facts[fact].text} “{library.facts[fact].label(value)}”"
    tree, node = cause.split("/")
    return library.trees[tree].node(node).title


def _one_open(library: Library, beside: str, rows: Iterable[OneOpen]) -> Iterator[Row]:
    for value, ends in rows:
        yield library.facts[beside].label(value), *(_level(end) if end else "–" for end in ends)


def _level(end: Ending) -> str:
    could = [str(level) for level in end["could_be"]]
    if settled(end):
        return f"Level {end['level']}, settled"
    return f"Level {end['level']}, could be {', '.join(could[:-1])}{' or ' if len(could) > 1 else ''}{could[-1]}"


def _figures(count: Count) -> list[str]:
    none = count["situations"] - count["direct"] - count["weaker"]
    return [f"{many:,}" for many in (count["situations"], count["unsettled"], count["direct"], count["weaker"], none)]


def _of(some: int, whole: int) -> str:
    """A share, never rounded up."""
    return f"{some:,} of {whole:,}" + (f" ({100 * some // whole}%)" if whole else "")


def _shorts(facts: Mapping[str, Fact], names: Iterable[str]) -> str:
    return "; ".join(_short(facts[name]) for name in names)


def _short(fact: Fact) -> str:
    return fact.short or fact.text


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
