"""Amendments: what changed for readers, by clause; and the clauses that changed while no amendment told of it.

Knows the editors' table, the clause register and the lock. What else a change touches, whoever shows it works out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from macros.authoring.citations.lock import COMMAND, Lock
from macros.authoring.citations.redirects import Redirects
from macros.authoring.pages.clauses import Clause, Register
from macros.authoring.pages.tables import address_of
from macros.authoring.sources.diagnostics import Diagnostic, Source, did_you_mean, no_day, to_come
from macros.authoring.sources.places import places, repeated
from macros.authoring.sources.reading import read_authored
from macros.authoring.sources.schemas import Schemas

TABLE = "decision_trees/amendments.json"


@dataclass(frozen=True)
class Amendment:
    """One change that readers should know of.

    `clauses` are the ids of clauses as they stand today, each once; `pages` addresses below the site's root.
    """

    id: str
    day: date
    title: str
    what: str
    why: str
    clauses: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


def read_amendments(
    root: Path, schemas: Schemas, register: Register, redirects: Redirects
) -> tuple[tuple[Amendment, ...], list[Diagnostic]]:
    """The amendments of a project, and all that is wrong with them. No file: there are none.

    The newest is first; of one day, the one that stands further down in the file.
    """
    file = read_authored(root, "amendments", schemas, needed=False)
    if not file.sound:
        return (), list(file.diagnostics)
    diagnostics = list(_faults(file.source, file.data, register, redirects))
    if diagnostics:
        return (), diagnostics
    found = [_read(entry, register, redirects) for entry in file.data["amendments"]]
    return tuple(sorted(found, key=lambda one: one.day)[::-1]), []


def clause_named(id: str, register: Register, redirects: Redirects) -> Clause | None:
    """The clause that an id means today: its own, a source id that it carries, or one that was redirected to it."""
    return register.carried.get(redirects.target(id))


def _read(entry: Mapping[str, Any], register: Register, redirects: Redirects) -> Amendment:
    clauses = [clause_named(id, register, redirects) for id in entry["clauses"]]
    pages = [address_of(page, register) for page in entry.get("pages", ())]
    return Amendment(
        entry["id"],
        date.fromisoformat(entry["date"]),
        entry["title"],
        entry["what"],
        entry["why"],
        tuple(dict.fromkeys(clause.id for clause in clauses if clause)),
        tuple(page for page in pages if page is not None),
    )


def _faults(source: Source, data: Any, register: Register, redirects: Redirects) -> Iterator[Diagnostic]:
    for at, day in places(data, "amendments/*/date"):
        if no_day(day):
            told = f"“{day}” names no day."
            yield source.diagnostic("no-day", at, told, "write year-month-day, as in 2026-01-31.")
        elif to_come(day):
            yield source.diagnostic("day-to-come", at, f"{day} is still to come.", "write the day of the change.")
    for at, id in places(data, "amendments/*/clauses/*"):
        if clause_named(id, register, redirects) is None:
            fix = f"{did_you_mean(id, list(register.carried))} A clause that is gone needs a redirect."
            yield source.diagnostic("unknown-clause", at, f"“{id}” is no clause.", fix)
    for at, page in places(data, "amendments/*/pages/*"):
        if address_of(page, register) is None:
            yield source.unknown("page", at, page, register.anchors, f"Nothing on the site has the name “{page}”.")
    for at, id in repeated(places(data, "amendments/*/id")):
        fix = "give one of the two another id: whoever follows the feed would take them for one."
        yield source.diagnostic("amendment-twice", at, f"“{id}” is the id of another amendment already.", fix)


# ---- what no amendment tells of ----------------------------------------------------------------------------------


def naming(amendments: Sequence[Amendment]) -> dict[str, list[str]]:
    """By clause the ids of the amendments that name it."""
    found: dict[str, list[str]] = {}
    for amendment in amendments:
        for id in amendment.clauses:
            found.setdefault(id, []).append(amendment.id)
    return found


def untold(lock: Lock | None, register: Register, amendments: Sequence[Amendment]) -> list[str]:
    """The clauses that changed and were confirmed, and that no amendment has named since."""
    names = naming(amendments)
    return [
        id
        for id, change in (lock.untold if lock else {}).items()
        if id in register.clauses and change.waits(register.clauses[id].text, names.get(id, ()))
    ]


def reminder(clauses: Sequence[str]) -> str:
    """What an editor is told of changed clauses that no amendment names; "" if there are none."""
    if not clauses:
        return ""
    words = {"id": "a-short-name", "date": "", "title": "", "what": "", "why": "", "clauses": list(clauses)}
    return (
        f"No amendment tells readers yet that these clauses changed: {', '.join(clauses)}.\n"
        f"Fill this in and add it to {TABLE}. If nothing but spelling changed, say so: "
        f'{COMMAND} CONFIRM="{" ".join(clauses)}" SPELLING=1\n{json.dumps(words, indent=2)}'
    )
