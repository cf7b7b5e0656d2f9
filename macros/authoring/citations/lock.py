"""The lock of citations: the words that somebody confirmed, of every clause and of every place that cites one.

A clause whose words change stops the build for every tree that cites it, until somebody has read the citations again
and `make confirm` says so. A place that cites (a node of a tree, a fact, a result, a scenario) is held to its words and
to the clauses they rest on, so that no citation is added, swapped or put beside other words without somebody reading
both. An id that vanishes stops the build unless redirects.json names the clause that took its place.

The lock keeps the confirmed words themselves and no digest of them, although that makes its file long. So `make
confirm` shows what stood there before, without version control and whatever was committed since; and whoever
reads a change of the lock in a review reads the words that were confirmed. What version control last held is something
else: words may be committed long before anybody has confirmed them.

It remembers as well which clauses changed since the last amendment that names them (amendments.py), until one does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from macros.authoring.citations.redirects import NO_REDIRECTS, REDIRECTS, Redirects
from macros.authoring.citations.uses import Passage, Passages, passages_of, uses_of
from macros.authoring.pages.clauses import Register
from macros.authoring.sources.diagnostics import Diagnostic, Source, did_you_mean
from macros.authoring.sources.reading import read_authored, write_lock
from macros.authoring.sources.schemas import Schemas
from macros.engine.model.library import Library

LOCK = "decision_trees/clauses.lock.json"
COMMAND = "make confirm"


@dataclass(frozen=True)
class Untold:
    """A clause that changed: the words `was` that readers were last told of, and the amendments that named it then."""

    was: str
    named_by: tuple[str, ...]

    def waits(self, words: str | None, named: Iterable[str]) -> bool:
        """Whether readers are still to be told, where these are the words now and these amendments name the clause."""
        return words != self.was and set(named) <= set(self.named_by)


@dataclass(frozen=True)
class Lock:
    """What was confirmed: the words of clauses, and of places that cite. `waived` source facts stand on no page."""

    clauses: Mapping[str, str] = field(default_factory=dict)
    cited: Mapping[str, Passages] = field(default_factory=dict)
    waived: Mapping[str, str] = field(default_factory=dict)
    untold: Mapping[str, Untold] = field(default_factory=dict)
    source: Source = field(default_factory=lambda: Source(LOCK, "{}"))


@dataclass(frozen=True)
class Citations:
    """What the lock is held against: the clauses of the pages, all that cites them, and what was redirected.

    `scenarios` are the passages of scenarios, by the names that `make confirm` takes.
    """

    register: Register
    library: Library
    scenarios: Mapping[str, Passages] = field(default_factory=dict)
    redirects: Redirects = NO_REDIRECTS

    @cached_property
    def passages(self) -> dict[str, Passages]:
        """What each place that cites says, by its name."""
        return {**passages_of(self.library), **self.scenarios}

    def places_citing(self, ids: Iterable[str]) -> list[str]:
        """The names of the nodes and scenarios in which one of these clauses is met, in the order of the alphabet."""
        wanted, uses = set(ids), uses_of(self.library)
        nodes = {f"{use.tree}/{use.node}" for id in wanted for use in uses.get(id, ())}
        scenarios = {n for n, own in self.scenarios.items() if any(wanted & set(passage.cites) for passage in own)}
        return sorted(nodes | scenarios)


def read_lock(root: Path, schemas: Schemas) -> tuple[Lock | None, list[Diagnostic]]:
    """The lock of a project, or None with what is wrong with its file. A project without one has an empty lock."""
    file = read_authored(root, "clauses.lock", schemas, needed=False)
    if file.diagnostics:
        return None, list(file.diagnostics)
    data = file.data or {}
    cited = {
        place: tuple(Passage(tuple(one["words"]), tuple(one["cites"])) for one in said)
        for place, said in data.get("cited", {}).items()
    }
    untold = {id: Untold(one["was"], tuple(one["named_by"])) for id, one in data.get("untold", {}).items()}
    return Lock(data.get("clauses", {}), cited, data.get("waived", {}), untold, file.source), []


# ---- what stops the build ---------------------------------------------------------------------------------------


def check_lock(lock: Lock, citations: Citations, source_ids: Mapping[str, object]) -> list[Diagnostic]:
    """Clauses that were removed, changed, are new or stand on no page, and citations that changed, all unconfirmed."""
    return [
        *_removed(lock, citations),
        *_changed(lock, citations),
        *_unmapped(lock, citations.register, source_ids),
        *_cited_otherwise(lock, citations.passages),
    ]


def _removed(lock: Lock, citations: Citations) -> Iterator[Diagnostic]:
    clauses, redirects = citations.register.clauses, citations.redirects
    for id in lock.clauses:
        if (target := redirects.target(id)) in clauses:
            continue
        if id in redirects.links:
            message = f"The clause “{id}” is redirected to “{target}”, which is no clause."
            yield redirects.source.unknown("clause", ("links", id), target, clauses, message)
        else:
            near = did_you_mean(id, list(clauses))
            fix = f'bring it back, or say in {REDIRECTS} where it went: "links": {{"{id}": "the new id"}}; {near}'
            message = f"The published clause “{id}” stands on no page any more; links to it would break."
            yield lock.source.diagnostic("removed-clause", ("clauses", id), message, fix)


def _changed(lock: Lock, citations: Citations) -> Iterator[Diagnostic]:
    """Clauses that are new, or whose words are not those that were confirmed."""
    for id, clause in citations.register.clauses.items():
        confirm = f'{COMMAND} CONFIRM="{id}".'
        if id not in lock.clauses:
            kind, told, fix = "new-clause", f"“{id}” is new here.", f"confirm it: {confirm}"
        elif lock.clauses[id] != clause.text:
            names = citations.places_citing(clause.carries)
            cited = f"cited by {', '.join(names)}" if names else "cited by no tree"
            kind, told = "changed-clause", f"The words of “{id}” changed ({cited})."
            fix = f"read each citation again ({COMMAND} shows them), then confirm: {confirm}"
        else:
            continue
        yield Diagnostic(kind, clause.file, clause.line, 1, "", told, fix)


def _unmapped(lock: Lock, register: Register, source_ids: Mapping[str, object]) -> Iterator[Diagnostic]:
    for id in source_ids:
        if id not in register.carried and not lock.waived.get(id):
            fix = f'let a clause carry it, or waive it with a reason in {LOCK}: "waived": {{"{id}": "why"}}.'
            yield lock.source.diagnostic("unmapped-clause", (), f"The source's fact “{id}” stands on no page.", fix)
    for id in lock.waived:
        if id not in source_ids or id in register.carried:
            why = "a page carries it." if id in register.carried else "it is no fact of the source."
            message = f"“{id}” is waived, but {why}"
            yield lock.source.diagnostic("unknown-clause", ("waived", id), message, "take the waiver out.")


def _cited_otherwise(lock: Lock, passages: Mapping[str, Passages]) -> Iterator[Diagnostic]:
    for place, said in passages.items():
        if lock.cited.get(place) != said:
            at = ("cited", place) if place in lock.cited else ()
            told = f"What “{place}” says and the clauses it cites for it are not what was last confirmed."
            confirm = f'then confirm: {COMMAND} CONFIRM="{place}".'
            fix = f"read its words beside each clause ({COMMAND} shows them), {confirm}"
            yield lock.source.diagnostic("changed-citation", at, told, fix)


# ---- confirming -------------------------------------------------------------------------------------------------


class UnknownNames(Exception):
    """Names to confirm that neither a published clause nor a place that cites has. As text: each, with a near one."""

    def __init__(self, names: Iterable[str], known: list[str]) -> None:
        told = (f"“{name}” is no clause and no place that cites: {_near(name, known)}" for name in names)
        super().__init__("\n".join(told))


def _near(name: str, known: list[str]) -> str:
    """Names like a wrong one, among those of its kind if there are any: a node's are those of its tree."""
    kind = name.rpartition("/")[0]
    return did_you_mean(name, [one for one in known if one.rpartition("/")[0] == kind] or known)


def confirm(
    root: Path, lock: Lock, citations: Citations, names: list[str], named: Mapping[str, list[str]] | None = None
) -> list[str]:
    """Record that somebody read these clauses, or places that cite, as they stand now ("all": every one).

    `named` are the amendments that name each clause by now; None if nothing changed that readers should be told.
    Returns the names of what had changed and is now recorded. Raises UnknownNames, and then records nothing.
    """
    passages, now = citations.passages, {id: c.text for id, c in citations.register.clauses.items()}
    wanted = [*now, *passages] if names == ["all"] else names
    if unknown := [name for name in wanted if name not in now and name not in passages]:
        raise UnknownNames(unknown, [*now, *passages])
    clauses = {**lock.clauses, **{id: now[id] for id in wanted if id in now}}
    cited = {**lock.cited, **{id: passages[id] for id in wanted if id in passages}}
    kept = {id: words for id, words in clauses.items() if id in now or id in citations.redirects.links}
    untold = _untold(lock, {id: now[id] for id in wanted if id in now}, named)
    there = {id: said for id, said in cited.items() if id in passages}
    _write(root, Lock(kept, there, lock.waived, untold))
    return [name for name in wanted if {**lock.clauses, **lock.cited}.get(name) != {**now, **passages}[name]]


def _write(root: Path, lock: Lock) -> None:
    """Write the lock in the order of the ids."""
    cited = {id: [vars(one) for one in said] for id, said in lock.cited.items()}
    untold = {id: vars(one) for id, one in lock.untold.items()}
    listed = {"clauses": lock.clauses, "cited": cited, "waived": lock.waived, "untold": untold}
    in_order = {name: dict(part.items() if name == "waived" else sorted(part.items())) for name, part in listed.items()}
    write_lock(root / LOCK, in_order)


def _untold(lock: Lock, confirmed: Mapping[str, str], named: Mapping[str, list[str]] | None) -> dict[str, Untold]:
    """The changed clauses that no amendment has named since, once these are `confirmed` with these words."""
    found = dict(lock.untold)
    for id, words in confirmed.items():
        if named is None:
            found.pop(id, None)
        elif lock.clauses and lock.clauses.get(id) != words:  # the first lock of all holds what was published first
            was = found[id].was if id in found else lock.clauses.get(id, "")
            found[id] = Untold(was, tuple(named.get(id, ())))
    now = {**lock.clauses, **confirmed}
    return {id: change for id, change in found.items() if change.waits(now.get(id), (named or {}).get(id, ()))}
