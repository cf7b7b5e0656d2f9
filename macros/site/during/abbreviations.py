"""Abbreviations: how a reader without a mouse comes to what they stand for.

Knows docs/.abbreviations.md, which Markdown turns into `abbr` elements, and the glossary, where each has a row of its
own. A `title` opens for a mouse alone, so the first use on each page is a link to that row, and each page ends with a
list of those it uses, folded on screen and open on paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from macros.site.after.prose import HEADINGS, Block

FILE = ".abbreviations.md"
GLOSSARY = "glossary/"
LINE = re.compile(r"^\*\[([^\]]+)\]:\s*(.+?)\s*$", re.MULTILINE)
NO_LINK_IN = frozenset({*HEADINGS, "a", "summary", "button", "label", "legend", "code"})

# Behind Markdown's own `abbr` (7) and behind MkDocs, which checks the links that authors write (0).
AFTER_MKDOCS = -2


@dataclass(frozen=True)
class Abbreviation:
    """A short form and what it stands for."""

    short: str
    meaning: str

    @property
    def id(self) -> str:
        """The id of its row in the glossary."""
        return self.short.lower()


def read_abbreviations(docs: Path) -> Mapping[str, Abbreviation]:
    """All abbreviations by their short forms."""
    return {short: Abbreviation(short, meaning) for short, meaning in LINE.findall((docs / FILE).read_text("utf-8"))}


def used(abbreviations: Mapping[str, Abbreviation], blocks: Iterable[Block]) -> list[Abbreviation]:
    """Those that a page uses, in the order of the alphabet."""
    words = {word for block in blocks for word in re.findall(r"\w+", block.text)}
    return [abbreviations[short] for short in sorted(abbreviations, key=str.lower) if short in words]


class FirstUses(Extension):
    """A Markdown extension that links the first use of each abbreviation on a page to the glossary.

    `base` is the way from the page at hand to the site's root, or None on a page that is to have no such links.
    """

    def __init__(self) -> None:
        super().__init__()
        self.base: str | None = None

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (the name is Markdown's)
        """Take part in each page."""
        md.treeprocessors.register(_FirstUses(md, self), "first-uses", AFTER_MKDOCS)


class _FirstUses(Treeprocessor):
    def __init__(self, md: Markdown, uses: FirstUses) -> None:
        super().__init__(md)
        self.uses = uses

    def run(self, root: ET.Element) -> None:
        if self.uses.base is not None:
            self._link(root, set(), self.uses.base)

    def _link(self, parent: ET.Element, seen: set[str], base: str) -> None:
        for i, child in enumerate(list(parent)):
            if child.tag in NO_LINK_IN:
                continue
            if child.tag == "abbr" and (short := "".join(child.itertext())) not in seen:
                seen.add(short)
                link = ET.Element("a", {"class": "abbr-link", "href": f"{base}{GLOSSARY}#{short.lower()}"})
                link.tail, child.tail = child.tail, None
                link.append(child)
                parent[i] = link
            elif child.tag != "abbr":
                self._link(child, seen, base)
