"""HTML of the engine, taken apart into its elements, so that what many screens have is published once.

A *piece* is a text, or a list of texts and numbers of pieces. Knows no tree and no page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from macros.engine.html.markup import VOID

PARTS = re.compile(r"<[^>]*>|[^<]+")


class Pieces:
    """The pieces of some HTML, each once."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str | int, ...], int] = {}
        self._whole: dict[str, int] = {}

    def number(self, html: str) -> int:
        """The number of some whole HTML, known or new."""
        if html not in self._whole:
            self._whole[html] = self._taken_apart(html)
        return self._whole[html]

    def _taken_apart(self, html: str) -> int:
        within: list[list[str | int]] = [[]]
        for part in PARTS.findall(html):
            if part.startswith("</"):
                done = (*within.pop(), part)
                within[-1].append(self._numbers.setdefault(done, len(self._numbers)))
            elif part.startswith("<") and part[1:].partition(" ")[0].rstrip(">") not in VOID:
                within.append([part])
            else:
                within[-1].append(part)
        (whole,) = within
        return self._numbers.setdefault(tuple(whole), len(self._numbers))

    def written(self) -> list[Any]:
        """All pieces by their numbers. What stands in one other alone is set into that, and its own place is 0."""
        used = Counter(part for piece in self._numbers for part in piece if isinstance(part, int))
        kept = {*self._whole.values(), *(number for number, times in used.items() if times > 1)}
        rows: list[list[str | int]] = []
        for piece in self._numbers:  # whatever one holds has come before it
            parts = [[part] if isinstance(part, str) or part in kept else rows[part] for part in piece]
            rows.append(_joined(each for part in parts for each in part))
        return [0 if n not in kept else row[0] if len(row) == 1 else row for n, row in enumerate(rows)]


def _joined(parts: Iterable[str | int]) -> list[str | int]:
    """The same with texts that follow each other made one."""
    joined: list[str | int] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return joined
