"""HTML as a sequence of tags and texts: the one parser that reads finished pages.

Knows the syntax of HTML; refuses to know what an element means. Comments and the document type are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser

VOID = frozenset(
    {*("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")}
)
"""Elements that have no end tag."""


@dataclass(frozen=True)
class StartTag:
    """A start tag, with its attributes in the order in which they are written."""

    tag: str
    attributes: tuple[tuple[str, str | None], ...] = ()

    def get(self, name: str) -> str:
        """The value of an attribute; "" where it has none or is not there."""
        return dict(self.attributes).get(name) or ""

    @property
    def classes(self) -> list[str]:
        """The names in its `class`."""
        return self.get("class").split()


@dataclass(frozen=True)
class EndTag:
    """The end tag of an element that is not void."""

    tag: str


@dataclass(frozen=True)
class Characters:
    """Some of the text between two tags: as it is written, and what it says once character references are resolved."""

    source: str
    text: str


Token = StartTag | EndTag | Characters


def tokens(html: str) -> list[Token]:
    """The tags and texts of some HTML, in their order."""
    return _Tokenizer(html).found


class _Tokenizer(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[Token] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(StartTag(tag, tuple(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.found.append(EndTag(tag))

    def handle_data(self, data: str) -> None:
        self.found.append(Characters(data, data))

    def handle_entityref(self, name: str) -> None:
        self._reference(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._reference(f"&#{name};")

    def _reference(self, source: str) -> None:
        self.found.append(Characters(source, unescape(source)))
