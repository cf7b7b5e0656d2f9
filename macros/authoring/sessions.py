"""Sessions that trainers choose with one tap: the table decision_trees/sessions.json, each held to the hour.

Knows the table and how long the checks of a story take. No decision rests on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from macros.authoring.scenarios import FOLDER, Scenario
from macros.authoring.sources.diagnostics import Diagnostic
from macros.authoring.sources.reading import SourceFile, read_authored
from macros.authoring.sources.schemas import Schemas
from macros.engine.training.scenario import main_of

Sessions = Mapping[str, Any]
"""The table as its schema has it."""


def read_sessions(root: Path, schemas: Schemas, scenarios: Mapping[str, Scenario]) -> tuple[Sessions, list[Diagnostic]]:
    """The table of the project in folder `root`, and what is wrong with it. Empty where it cannot be relied on."""
    file = read_authored(root, "sessions", schemas)
    known = [path.stem for path in sorted((root / FOLDER).glob("*.json"))]
    found = list(file.diagnostics) or list(_unknown(file, known)) or list(_too_long(file, scenarios))
    return ({} if found else file.data), found


def minutes_of(sessions: Sessions, scenarios: Mapping[str, Scenario], session: Mapping[str, Any]) -> int:
    """How many minutes a session of the table takes: to open, the main check of each of its stories, and to close."""
    hour = sessions["hour"]
    stories = [scenarios[id].data["checks"] for id in session["scenarios"]]
    main = [checks[main_of([check["tree"] for check in checks])] for checks in stories]
    return int(hour["open"] + sum(check["minutes"] for check in main) + hour["close"])


def _unknown(file: SourceFile, known: Sequence[str]) -> Iterator[Diagnostic]:
    for i, session in enumerate(file.data["sessions"]):
        for n, id in enumerate(session["scenarios"]):
            if id not in known:
                yield file.source.unknown("scenario", ("sessions", i, "scenarios", n), id, known)


def _too_long(file: SourceFile, scenarios: Mapping[str, Scenario]) -> Iterator[Diagnostic]:
    """Sessions that do not fit. Of those with a story that cannot be read, that story is what is wrong."""
    fits = file.data["hour"]["minutes"]
    for i, session in enumerate(file.data["sessions"]):
        if not set(session["scenarios"]) <= set(scenarios):
            continue
        minutes = minutes_of(file.data, scenarios, session)
        if minutes > fits:
            told = f"“{session['title']}” takes {minutes} minutes with its opening and its close, and {fits} are there."
            fix = "choose stories whose main checks are shorter."
            yield file.source.diagnostic("over-the-hour", ("sessions", i, "scenarios"), told, fix)
