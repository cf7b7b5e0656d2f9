"""The abbreviations that a page uses, for the list at its end: folded on screen, open on paper.

Knows docs/.abbreviations.md, which Markdown turns into `abbr` elements, and that each has a row in the glossary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from macros.authoring.sources.legible import text_of
from macros.site.after.prose import Block

FILE = ".abbreviations.md"
LINE = re.compile(r"^\*\[([^\]]+)\]:\s*(.+?)\s*$", re.MULTILINE)


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
    return {short: Abbreviation(short, meaning) for short, meaning in LINE.findall(text_of(docs / FILE))}


def used(abbreviations: Mapping[str, Abbreviation], blocks: Iterable[Block]) -> list[Abbreviation]:
    """Those that a page uses, in the order of the alphabet."""
    words = {word for block in blocks for word in re.findall(r"\w+", block.text)}
    return [abbreviations[short] for short in sorted(abbreviations, key=str.lower) if short in words]
