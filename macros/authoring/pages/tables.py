"""Tables that help people to read: the everyday words that search knows, and the pages that may be hard to read.

Knows the two files, the clause register and the pages' files. No decision rests on either table.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from macros.authoring.pages.clauses import Register, page_url
from macros.authoring.sources.diagnostics import Diagnostic
from macros.authoring.sources.places import places
from macros.authoring.sources.reading import read_authored
from macros.authoring.sources.schemas import Schemas


def read_everyday(root: Path, register: Register) -> tuple[Mapping[str, tuple[str, ...]], list[Diagnostic]]:
    """What people type, by the address (below the site's root) of what they should find, and what is wrong with it."""
    file = read_authored(root, "everyday-words", Schemas(root / "schemas"))
    diagnostics = list(file.diagnostics)
    found: dict[str, list[str]] = {}
    for at, target in places(file.data, "entries/*/find/*"):
        address = address_of(target, register)
        if address is None:
            known, told = [*register.clauses, *register.anchors], f"Nothing on the site has the name “{target}”."
            diagnostics.append(file.source.unknown("target", at, target, known, told))
        else:
            found.setdefault(address, []).extend(file.data["entries"][at[1]]["typed"])
    return {address: tuple(dict.fromkeys(typed)) for address, typed in found.items()}, diagnostics


def address_of(target: str, register: Register) -> str | None:
    """The address of a clause id, of a page's file below docs/, or of an id on such a page; None if there is none."""
    if target in register.clauses:
        return register.clauses[target].url
    file, _, anchor = target.partition("#")
    if file not in register.anchors or (anchor and anchor not in register.anchors[file]):
        return None
    return page_url(PurePosixPath(file)) + (f"#{anchor}" if anchor else "")


def read_hard_to_read(root: Path) -> tuple[Mapping[str, str], list[Diagnostic]]:
    """The pages that may ask for more schooling than others, each with the reason, and what is wrong with the list."""
    file = read_authored(root, "hard-to-read", Schemas(root / "schemas"))
    pages: Mapping[str, str] = file.data["pages"] if file.sound else {}
    known = sorted(path.relative_to(root / "docs").as_posix() for path in (root / "docs").rglob("*.md"))
    wrong = [file.source.unknown("page", ("pages", page), page, known) for page in pages if page not in known]
    return pages, [*file.diagnostics, *wrong]
