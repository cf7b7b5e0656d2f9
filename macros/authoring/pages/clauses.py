"""The clause register: every clause of the published procedure, read from the Markdown of its pages.

Knows the clause markup (ARCHITECTURE.md, "Clauses"); refuses to know MkDocs or HTML. The text is scanned, so
that `make check` needs no site and a diagnostic names its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePath

from macros.authoring.sources.diagnostics import Diagnostic, did_you_mean
from macros.authoring.sources.legible import text_of

ATTRIBUTES = re.compile(r"\{:\s*([^}]*)\}\s*$")
MARKER = re.compile(r"^\s*(?:[-*+]|\d+\.)\s+")
ID = re.compile(r"#([\w-]+)")
CARRIES = re.compile(r"""carries=(["'])(.*?)\1""")
ANCHOR = re.compile(r"\{:\s*[^}]*#([\w-]+)[^}]*\}")
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
MARKS = re.compile(r"\*\*|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|`")
SOURCE_CLAUSES = "decision_trees/source-clauses.json"
DUTIES = ("must", "should", "may")


@dataclass(frozen=True)
class Clause:
    """A clause as published: its permanent id, the source ids it carries (its own first), and where it stands."""

    id: str
    carries: tuple[str, ...]
    file: str
    line: int
    page: str
    text: str
    duty: str = ""

    @property
    def plain(self) -> str:
        """The clause's words without the marks of Markdown: a link or an emphasis leaves its text."""
        return MARKS.sub("", LINK.sub(r"\1", self.text))

    @property
    def url(self) -> str:
        return f"{self.page}#{self.id}"

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits that change with the clause's words."""
        return sha256(self.text.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Register:
    """All published clauses by their ids, which of them carries each source id, and all anchors by page."""

    clauses: Mapping[str, Clause] = field(default_factory=dict)
    carried: Mapping[str, Clause] = field(default_factory=dict)
    anchors: Mapping[str, frozenset[str]] = field(default_factory=dict)


def page_url(file: PurePath) -> str:
    """The address of a page below the site's root, for a Markdown file relative to docs/."""
    parts = file.with_suffix("").parts
    kept = parts[:-1] if parts[-1] in ("index", "README") else parts
    return "".join(f"{part}/" for part in kept)


def scan(docs: Path, source_ids: Mapping[str, object]) -> tuple[Register, list[Diagnostic]]:
    """The register of all pages below `docs`, and what is wrong with its clauses.

    `source_ids` are the ids that a clause may carry. Diagnostics: clause-without-id, unknown-clause, clause-twice.
    """
    found = [clause for file in sorted(docs.rglob("*.md")) for clause in clauses_of(docs, file)]
    diagnostics: list[Diagnostic] = []
    clauses: dict[str, Clause] = {}
    carried: dict[str, Clause] = {}
    for clause in found:
        diagnostics += _faults(clause, carried, source_ids)
        clauses[clause.id] = clause
        carried.update(dict.fromkeys(clause.carries, clause))
    texts = {file.relative_to(docs).as_posix(): text_of(file) for file in docs.rglob("*.md")}
    anchors = {file: frozenset(ANCHOR.findall(text)) for file, text in texts.items()}
    return Register(clauses, carried, anchors), diagnostics


def clauses_of(docs: Path, file: Path) -> Iterator[Clause]:
    """The clauses of one page, in their order."""
    name, lines = file.relative_to(docs), text_of(file).splitlines()
    for i, line in enumerate(lines):
        match = ATTRIBUTES.search(line)
        if not match or ".clause" not in match[1].split():
            continue
        id = (ID.search(match[1]) or ["", ""])[1]
        carries = (CARRIES.search(match[1]) or ["", "", ""])[2]
        duty = next((duty for duty in DUTIES if f".{duty}" in match[1].split()), "")
        text = " ".join(_block(lines, i, line[: match.start()]))
        carried = tuple(filter(None, [id, *carries.split()]))
        yield Clause(id, carried, f"docs/{name.as_posix()}", i + 1, page_url(name), text, duty)


def _block(lines: list[str], end: int, rest: str) -> list[str]:
    """The words of the paragraph or list item that ends at line `end`, whose own text before the list is `rest`."""
    block = [rest]
    for line in reversed(lines[:end]):
        if MARKER.match(block[0]) or not line.strip() or ATTRIBUTES.search(line):
            break
        block.insert(0, line)
    block[0] = MARKER.sub("", block[0])
    return " ".join(block).split()


def fix_of_unknown(id: str, source_ids: Iterable[str]) -> str:
    """What to do about an id that no fact of the source has. No fact of another section is offered in its place: what
    that one says is something else.
    """
    section = id.partition("-")[0]
    near = [known for known in source_ids if known.partition("-")[0] == section]
    add = f"if the source says it, add it to {SOURCE_CLAUSES}"
    if not near:
        return f"{add}; no fact there has an id that begins with “{section}-”."
    return f"{did_you_mean(id, near)} Or, {add}."


def _faults(clause: Clause, carried: Mapping[str, Clause], source_ids: Mapping[str, object]) -> Iterator[Diagnostic]:
    def diagnostic(kind: str, message: str, fix: str) -> Diagnostic:
        return Diagnostic(kind, clause.file, clause.line, 1, "", message, fix)

    if not clause.id:
        fix = "give it the source id it carries: {: #s2-l1-01 .clause }"
        yield diagnostic("clause-without-id", "This clause has no id.", fix)
    for id in clause.carries:
        if id not in source_ids:
            told, fix = f"No fact of the source has the id “{id}”.", fix_of_unknown(id, source_ids)
            yield diagnostic("unknown-clause", told, fix)
        if id in carried:
            told = f"“{id}” is carried by {carried[id].file}:{carried[id].line} already."
            yield diagnostic("clause-twice", told, "let one clause carry it.")
