"""Citations: where each clause is used, and the lock that holds published clauses to their ids and words.

The lock (decision_trees/clauses.lock.json) keeps, for each published clause, a digest of the words it had when
somebody last looked at what cites it. A clause whose words change stops the build for every tree that cites it,
until the citations are looked at again and `make looked-at` says so. An id that vanishes stops the build unless
`redirects` names the clause that took its place; ids are permanent because other sites link to them.

It keeps as well, for each place that cites (a node of a tree, a fact, a result, a scenario), a digest of its words
beside the clauses they rest on, so that no citation is added, swapped or put beside other words without somebody
reading both.

And it remembers which clauses changed since the last amendment that names them (amendments.py), until one does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

from macros.authoring.pages.clauses import Register
from macros.authoring.sources.diagnostics import Diagnostic, Source, did_you_mean, read_source
from macros.engine.html.tree_text import node_id
from macros.engine.model.library import Fact, Library, Result, TreeData

LOCK = "decision_trees/clauses.lock.json"
WAIVED, UNTOLD = "waived", "untold"
NO_SCENES: Mapping[str, Scene] = MappingProxyType({})


@dataclass(frozen=True)
class Use:
    """A place that cites a clause: a node of a tree, or a fact or a result that a tree asks or says."""

    tree: str
    node: str
    what: str


@dataclass(frozen=True)
class Lock:
    """What was published and looked at: clauses and citing places with their digests, and declared redirects."""

    clauses: Mapping[str, str]
    redirects: Mapping[str, str]
    waived: Mapping[str, str]
    source: Source
    cited: Mapping[str, str] = field(default_factory=dict)
    untold: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By changed clause the digest that it `was` told with, and the amendments that it was `named_by` then."""

    def target(self, id: str) -> str:
        """The clause that an id leads to, through declared redirects."""
        return self.target(self.redirects[id]) if id in self.redirects else id


def uses_of(library: Library) -> dict[str, list[Use]]:
    """For each source id, every place in the trees that cites it, in the order of the trees."""
    uses: dict[str, list[Use]] = {}
    for tree in library.trees.values():
        for id, use in _uses_in(library, tree):
            if use not in uses.setdefault(id, []):
                uses[id].append(use)
    return uses


def _uses_in(library: Library, tree: TreeData) -> Iterator[tuple[str, Use]]:
    for node in tree.nodes:
        results = [*node.shows, *(r for edge in node.edges for r in edge.says)]
        cited = [*node.cites, *(id for edge in node.edges for id in edge.cites)]
        cited += [id for ask in node.ask for id in library.facts[ask.fact].cites]
        cited += [id for name in results for id in library.results[name].cites]
        for id in dict.fromkeys(cited):
            yield id, Use(tree.id, node.id, node_name(library, node))


def citing_places(library: Library) -> dict[str, str]:
    """Every place that cites, with a digest of its words and of the clauses that stand beside them.

    A place is named `tree/node`, `facts/id` or `results/id`: the name that `make looked-at` takes.
    """
    told: dict[str, list[Any]] = {f"facts/{f.id}": [[*_asks(f), *f.cites]] for f in library.facts.values()}
    told |= {f"results/{r.id}": [[*_tells(r), *r.cites]] for r in library.results.values()}
    for tree in library.trees.values():
        for node in tree.nodes:
            own = [[node.title or node.heading, *node.cites]] if node.cites else []
            told[f"{tree.id}/{node.id}"] = own + [[edge.because, *edge.cites] for edge in node.edges]
    return {place: digest_of(words) for place, words in told.items() if any(len(row) > 1 for row in words)}


def _asks(fact: Fact) -> list[str]:
    """All that a reader of a question meets: its words, its options and what they hint at."""
    return [fact.text, fact.hint, fact.why, *(words for o in fact.options for words in (o.text, o.hint))]


def _tells(result: Result) -> list[str]:
    """All that a result tells: what to do, who, when, with its note and points and its other wordings."""
    return [
        result.action,
        result.actor,
        result.timescale,
        result.note,
        *result.points,
        *(own.action for own in result.wordings),
    ]


def digest_of(words: list[Any]) -> str:
    """Twelve hexadecimal digits that change with the words of a place or with the clauses beside them."""
    return sha256(json.dumps(words, ensure_ascii=False).encode()).hexdigest()[:12]


def node_name(library: Library, node: Any) -> str:
    """What a reader calls a node: its title or heading, or its first question."""
    if node.title or node.heading:
        return str(node.title or node.heading)
    return (
        library.facts[node.ask[0].fact].text if node.ask else library.trees[node.call].title if node.call else node.id
    )


def tools_using(library: Library, uses: list[Use]) -> list[str]:
    """The tools in which any of these places can be met, their parts included."""
    trees = {use.tree for use in uses}
    return [id for id, tree in library.trees.items() if tree.tool and trees & _with_parts(library, id)]


def places_of(library: Library, uses: Mapping[str, list[Use]], ids: Iterable[str]) -> list[tuple[str, str]]:
    """The tools that use any of these clauses, each with the address of the first place in its text that does.

    Addresses are below the site's root; a place in a part that a tool calls is one in the tool.
    """
    places = [use for id in ids for use in uses.get(id, [])]
    first = {tool: next(use for use in places if tool in tools_using(library, [use]))
             for tool in tools_using(library, places)}  # fmt: skip
    return [(tool, f"tools/{tool}/#{node_id(tool, use.tree, use.node)}") for tool, use in first.items()]


def _with_parts(library: Library, id: str) -> set[str]:
    found = {id}
    for node in library.trees[id].nodes:
        if node.call and node.call in library.trees and node.call not in found:
            found |= _with_parts(library, node.call)
    return found


DECIDING = ("rule", "duty", "figure")
"""The kinds of clause that a tool marked for them must cite (property 16)."""


def check_cited(
    library: Library, source_clauses: Mapping[str, Mapping[str, Any]], waivers: Mapping[str, Any], source: Source
) -> list[Diagnostic]:
    """Rules, duties and figures marked for a tool that the tool neither cites nor waives with a reason."""
    uses, waived = uses_of(library), waivers["not_cited"]
    found = []
    for id, clause in source_clauses.items():
        cited = tools_using(library, uses.get(id, []))
        for tool in clause["tools"] or ():
            marked = tool in library.trees and library.trees[tool].tool and clause["kind"] in DECIDING
            if marked and tool not in cited and id not in waived.get(tool, {}):
                fix = f"cite “{id}” where the tool rests on it, or waive it with a reason here."
                found.append(
                    source.diagnostic(
                        "uncited-clause",
                        ("not_cited",),
                        f"The tool “{tool}” does not cite “{id}” ({clause['title']}).",
                        fix,
                    )
                )
            elif id in waived.get(tool, {}) and (tool in cited or not marked):
                found.append(
                    source.diagnostic(
                        "needless-waiver",
                        ("not_cited", tool, id),
                        f"“{id}” is waived for “{tool}”, which cites it or need not.",
                        "take the waiver out.",
                    )
                )
    return found


def read_lock(root: Path) -> tuple[Lock | None, list[Diagnostic]]:
    """The lock of a project, or what is wrong with its file. A project without one has an empty lock."""
    path = root / LOCK
    if not path.is_file():
        return Lock({}, {}, {}, Source(LOCK, "{}")), []
    source, data, diagnostics = read_source(path, LOCK)
    if diagnostics or source is None or not isinstance(data, dict) or not _is_lock(data):
        return None, diagnostics or [
            Diagnostic("schema", LOCK, 1, 1, "", "This is no lock.", "bring the file back from version control.")
        ]
    return Lock(
        data.get("clauses", {}),
        data.get("redirects", {}),
        data.get(WAIVED, {}),
        source,
        data.get("cited", {}),
        data.get(UNTOLD, {}),
    ), []


def _is_lock(data: Mapping[str, Any]) -> bool:
    """Whether each part is what `look_at` writes."""
    texts = [data.get(part, {}) for part in ("clauses", "redirects", WAIVED, "cited")]
    changes = data.get(UNTOLD, {})
    return (
        all(isinstance(part, dict) and all(isinstance(word, str) for word in part.values()) for part in texts)
        and isinstance(changes, dict)
        and all(isinstance(one, dict) and isinstance(one.get("was"), str) for one in changes.values())
        and all(_are_texts(one.get("named_by")) for one in changes.values())
    )


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


@dataclass(frozen=True)
class Scene:
    """A scenario as a place that cites: the digest of its words beside its clauses, and the clauses."""

    digest: str
    cites: tuple[str, ...]


def check_lock(
    lock: Lock,
    register: Register,
    library: Library,
    source_ids: Mapping[str, object],
    scenes: Mapping[str, Scene] = NO_SCENES,
) -> list[Diagnostic]:
    """Clauses removed, changed, new or carried nowhere, and citations changed, since somebody last looked.

    `scenes` are the scenarios that cite, by the names that `make looked-at` takes.
    """
    return [
        *_removed(lock, register),
        *_changed(lock, register, library, scenes),
        *_new(lock, register),
        *_unmapped(lock, register, source_ids),
        *_cited_otherwise(lock, _places(library, scenes)),
    ]


def _removed(lock: Lock, register: Register) -> Iterator[Diagnostic]:
    for id in lock.clauses:
        if lock.target(id) not in register.clauses:
            near = did_you_mean(id, list(register.clauses))
            fix = f'bring it back, or declare where it went: "redirects": {{"{id}": "the new id"}}; {near}'
            yield lock.source.diagnostic(
                "removed-clause",
                ("clauses", id),
                f"The published clause “{id}” stands on no page any more; links to it would break.",
                fix,
            )
    for old, new in lock.redirects.items():
        if lock.target(new) not in register.clauses:
            yield lock.source.diagnostic(
                "unknown-clause",
                ("redirects", old),
                f"“{old}” is redirected to “{new}”, which is no clause.",
                did_you_mean(new, list(register.clauses)),
            )


def _changed(lock: Lock, register: Register, library: Library, scenes: Mapping[str, Scene]) -> Iterator[Diagnostic]:
    uses = uses_of(library)
    for id, clause in register.clauses.items():
        if lock.clauses.get(id, clause.digest) == clause.digest:
            continue
        places = [use for carried in clause.carries for use in uses.get(carried, ())]
        names = {f"{use.tree}/{use.node}" for use in places}
        names |= {name for name, scene in scenes.items() if set(clause.carries) & set(scene.cites)}
        cited = f"cited by {', '.join(sorted(names))}" if names else "cited by no tree"
        yield Diagnostic(
            "changed-clause",
            clause.file,
            clause.line,
            1,
            "",
            f"The words of “{id}” changed ({cited}).",
            f'look at each citation again, then record it: make looked-at CLAUSES="{id}".',
        )


def _new(lock: Lock, register: Register) -> Iterator[Diagnostic]:
    for id, clause in register.clauses.items():
        if id not in lock.clauses:
            yield Diagnostic(
                "new-clause",
                clause.file,
                clause.line,
                1,
                "",
                f"“{id}” is new here.",
                f'record it: make looked-at CLAUSES="{id}".',
            )


def _unmapped(lock: Lock, register: Register, source_ids: Mapping[str, object]) -> Iterator[Diagnostic]:
    for id in source_ids:
        if id not in register.carried and not lock.waived.get(id):
            fix = f'let a clause carry it, or waive it with a reason in {LOCK}: "waived": {{"{id}": "why"}}.'
            yield lock.source.diagnostic("unmapped-clause", (), f"The source's fact “{id}” stands on no page.", fix)
    for id in lock.waived:
        if id not in source_ids or id in register.carried:
            yield lock.source.diagnostic(
                "unknown-clause",
                (WAIVED, id),
                f"“{id}” is waived, but "
                + ("a page carries it." if id in register.carried else "it is no fact of the source."),
                "take the waiver out.",
            )


def _places(library: Library, scenes: Mapping[str, Scene]) -> dict[str, str]:
    return {**citing_places(library), **{name: scene.digest for name, scene in scenes.items()}}


def _cited_otherwise(lock: Lock, places: Mapping[str, str]) -> Iterator[Diagnostic]:
    for place, digest in places.items():
        if lock.cited.get(place) != digest:
            yield lock.source.diagnostic(
                "changed-citation",
                ("cited", place) if place in lock.cited else (),
                f"What “{place}” says and the clauses it cites for it are not what somebody last looked at.",
                f'read its words beside each clause, then record it: make looked-at CLAUSES="{place}".',
            )


def confirm(
    root: Path,
    lock: Lock,
    register: Register,
    library: Library,
    ids: list[str],
    scenes: Mapping[str, Scene] = NO_SCENES,
    named: Mapping[str, list[str]] | None = None,
) -> list[str]:
    """Record that these clauses, or these citing places, were looked at ("all" for every one).

    `named` are the amendments that name each clause by now; None if nothing changed that readers should be told.
    Returns the ids of what had changed and is now recorded. Raises KeyError with the first id that is neither a
    published clause nor a place that cites.
    """
    places, now = _places(library, scenes), {id: clause.digest for id, clause in register.clauses.items()}
    wanted = [*now, *places] if ids == ["all"] else ids
    for id in wanted:
        if id not in now and id not in places:
            raise KeyError(id)
    clauses = {**lock.clauses, **{id: now[id] for id in wanted if id in now}}
    cited = {**lock.cited, **{id: places[id] for id in wanted if id in places}}
    kept = {id: digest for id, digest in clauses.items() if id in now or id in lock.redirects}
    data = {
        "clauses": dict(sorted(kept.items())),
        "cited": {id: digest for id, digest in sorted(cited.items()) if id in places},
        "redirects": dict(lock.redirects),
        WAIVED: dict(lock.waived),
        UNTOLD: _untold(lock, {id: now[id] for id in wanted if id in now}, named),
    }
    (root / LOCK).write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return [id for id in wanted if {**lock.clauses, **lock.cited}.get(id) != {**now, **places}[id]]


def _untold(
    lock: Lock, confirmed: Mapping[str, str], named: Mapping[str, list[str]] | None
) -> dict[str, dict[str, Any]]:
    """The changed clauses that no amendment has named since, once `looked_at` are recorded with these digests."""
    found = {id: dict(change) for id, change in lock.untold.items()}
    for id, digest in confirmed.items():
        if named is None:
            found.pop(id, None)
        elif lock.clauses and lock.clauses.get(id) != digest:  # the first lock of all holds what was published first
            was = found.get(id, {"was": lock.clauses.get(id, "")})["was"]
            found[id] = {"was": was, "named_by": named.get(id, [])}
    now = {**lock.clauses, **confirmed}
    return {
        id: change
        for id, change in sorted(found.items())
        if now.get(id) != change["was"] and set((named or {}).get(id, ())) <= set(change["named_by"])
    }
