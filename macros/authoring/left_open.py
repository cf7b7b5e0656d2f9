"""What a story leaves to the room: that it does not give it away, and that each answer to it has one branch.

Knows the data of one scenario; what a branch comes to is for scenarios.py. Only a story whose subject is that people
differ may tell how likely they think harm: it says why under `views`, and whoever confirms it reads that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from macros.authoring.sources.diagnostics import Diagnostic, Source
from macros.authoring.sources.places import At
from macros.engine.model.library import Library

LIKELIHOOD = "likelihood"
"""The fact that every story leaves to the room."""
GIVEAWAY = re.compile(
    r"\b(?:un)?likely\b|\blikelihood\b|\bprobabl[ey]\b"
    r"|\b(?:you|both|all|two|three)(?: both| all| still)? (?:think|judge|believe)\b"
    r"|\b(?:no|no one|nobody|none|neither|without)\b[^.?!;:,]*\b(?:concern|worried)",
    re.IGNORECASE,
)
"""Words by which a vignette tells how likely somebody thinks harm."""


def check_left_open(library: Library, source: Source, data: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """Where a scenario tells what the room is to judge, and where its open checks have a branch too many or too few."""
    told_by = GIVEAWAY.search(data["vignette"])
    if told_by and "views" not in data:
        told = f"“{told_by.group()}” in the vignette tells how likely somebody thinks harm, and that is for the room."
        fix = "tell the facts that it rests on; only a story whose subject is that people differ has “views”."
        yield source.diagnostic("giveaway", ("vignette",), told, fix)
    for i, check in enumerate(data["checks"]):
        if "open" in check:
            yield from _open_check(library, source, ("checks", i), check)
        elif LIKELIHOOD in check["answers"] and "views" not in data:
            told = f"The story answers “{LIKELIHOOD}”, which is for the room."
            fix = f'write "open": ["{LIKELIHOOD}"], and a branch for each of its answers.'
            yield source.diagnostic("not-left-open", ("checks", i, "answers", LIKELIHOOD), told, fix)


def _open_check(library: Library, source: Source, at: At, check: Mapping[str, Any]) -> Iterator[Diagnostic]:
    (name,) = check["open"]
    if name not in library.facts:
        yield source.unknown("fact", (*at, "open", 0), name, library.facts)
        return
    places = [((*at, "branches", n), branch) for n, branch in enumerate(check["branches"])]
    for place, part in ((at, check), *places):
        if name in part.get("answers", {}):
            told = f"“{name}” is left to the room, and is answered here as well."
            yield source.diagnostic("answered-open", (*place, "answers", name), told, "take it out.")
    others = [(*place, "if", fact) for place, branch in places for fact in branch["if"] if fact != name]
    for where in others:
        told = f"This branch is for “{where[-1]}”, and what is left open is “{name}”."
        yield source.diagnostic("other-fact", where, told, f"write “{name}”.")
    if not others:
        values = {(*place, "if", name): branch["if"][name] for place, branch in places}
        yield from _branches(source, at, values, library.facts[name].values)


def _branches(source: Source, at: At, met: Mapping[At, Sequence[str]], values: Sequence[str]) -> Iterator[Diagnostic]:
    """Answers that there are not, that have two branches, or none. `met` are those of each branch, by its place."""
    seen = set[str]()
    for place, some in met.items():
        for n, value in enumerate(some):
            if value not in values:
                yield source.unknown("value", (*place, n), value, values, f"“{value}” is no answer to “{place[-1]}”.")
            elif value in seen:
                told = f"Another branch is for “{value}” already."
                yield source.diagnostic("duplicate-branch", (*place, n), told, "keep one of them.")
            seen.add(value)
    if missing := [value for value in values if value not in seen]:
        told = f"There is no branch for {', '.join(f'“{value}”' for value in missing)}."
        fix = "say what comes of it, or add it to a branch that comes to the same."
        yield source.diagnostic("missing-branch", (*at, "branches"), told, fix)
