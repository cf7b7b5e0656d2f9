"""What a page says: the blocks of text in its HTML, each with the clause and the heading it stands under.

Knows the markup of built pages; refuses to know Markdown, MkDocs and what anybody does with the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from macros.site.after.tokens import VOID, Characters, EndTag, StartTag, tokens

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
BLOCKS = frozenset({*HEADINGS, "p", "li", "dt", "dd", "td", "th", "caption", "summary", "legend", "label", "div"})
NOT_PROSE = frozenset({"script", "style", "template", "svg", "code", "pre", "button", "option"})
ADDED = frozenset({"headerlink", "clause-note", "references"})
"""Classes of what the build adds to the words of a page."""


@dataclass(frozen=True)
class Block:
    """A run of text in one element: its tag, its own id, the clause it belongs to and the heading above it."""

    tag: str
    text: str
    id: str = ""
    clause: str = ""
    heading: str = ""
    table: bool = False

    @property
    def is_heading(self) -> bool:
        return self.tag in HEADINGS


@dataclass(frozen=True)
class _Open:
    """An element that has not ended yet."""

    tag: str = ""
    id: str = ""
    clause: str = ""
    silent: bool = False


class _Reader:
    def __init__(self, html: str) -> None:
        self.blocks: list[Block] = []
        self._open: list[_Open] = []
        self._text: list[str] = []
        self._heading = ""
        self._closed = False
        for token in tokens(html):
            match token:
                case StartTag():
                    self._start(token)
                case EndTag():
                    self._end(token.tag)
                case Characters():
                    self._closed = False
                    if not (self._open and self._open[-1].silent):
                        self._text.append(token.text)
        self._flush()

    def _start(self, start: StartTag) -> None:
        if start.tag == "br" or self._closed:
            self._text.append(" ")  # two elements side by side are two words: their style sets them apart
        self._closed = False
        if start.tag in VOID:
            return
        above = self._open[-1] if self._open else _Open()
        if start.tag in BLOCKS:
            self._flush()
        silent = above.silent or start.tag in NOT_PROSE or not ADDED.isdisjoint(start.classes)
        clause = start.get("id") if "clause" in start.classes else above.clause
        self._open.append(_Open(start.tag, start.get("id"), clause, silent))

    def _end(self, tag: str) -> None:
        if all(one.tag != tag for one in self._open):
            return
        if tag in BLOCKS:
            self._flush()
        while self._open.pop().tag != tag:
            pass
        self._closed = True

    def _flush(self) -> None:
        text = " ".join("".join(self._text).split())
        self._text.clear()
        if not text:
            return
        inner = next((one for one in reversed(self._open) if one.tag in BLOCKS), _Open())
        if inner.tag in HEADINGS:
            self._heading = text
        table = any(one.tag == "table" for one in self._open)
        self.blocks.append(Block(inner.tag, text, inner.id, inner.clause, self._heading, table))


@lru_cache(maxsize=256)
def blocks_of(html: str) -> Sequence[Block]:
    """The blocks of a page's HTML, in their order, without what the build adds to it and without code."""
    return tuple(_Reader(html).blocks)


def clauses_said(blocks: Iterable[Block]) -> Mapping[str, Block]:
    """The last block of each clause of a page, by its id, with the words of all of them."""
    found: dict[str, Block] = {}
    for block in blocks:
        if block.clause:
            before = f"{found[block.clause].text} " if block.clause in found else ""
            found[block.clause] = replace(block, text=before + block.text)
    return found


def terms_said(blocks: Iterable[Block]) -> Mapping[str, tuple[str, str]]:
    """The rows of a page's tables whose first cell has an id: by that id the first cell's text and the second's."""
    rows = list(blocks)
    return {one.id: (one.text, two.text) for one, two in pairwise(rows) if one.tag == two.tag == "td" and one.id}
