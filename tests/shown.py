"""What a reader meets of the engine's HTML without a tap: its words, links and labels of provenance.

Counted apart from the engine's own counting, by reading the HTML as a browser would.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from macros.engine.html.markup import VOID

FOLDED = {"details", "button", "select", "textarea"}
NOT_READ = {"dt-hidden", "dt-meter", "dt-taps", "dt-keep", "dt-tel", "dt-no-number", "dt-way-on", "dt-strip"}
"""Classes of what is not read as text: for screen readers, the ladder, what is to be tapped, the bar at the top."""


class Shown(HTMLParser):
    """The words that stand open in some HTML, and how many links and labels of provenance stand among them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.links = self.labels = 0
        self._open: list[bool] = []
        self.feed(html)
        assert not self._open, "an element is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        classes = set((known.get("class") or "").split())
        out = bool(self._open and self._open[-1]) or tag in FOLDED or bool(classes & NOT_READ) or "hidden" in known
        self.links += tag == "a" and not out
        self.labels += "dt-basis" in classes and not out
        if tag not in VOID:
            self._open.append(out)

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if not self._open or not self._open[-1]:
            self.parts.append(data)

    @property
    def words(self) -> int:
        return count(" ".join(self.parts))


def count(text: str) -> int:
    """How many words a text has; a mark that stands alone is none."""
    return len(re.findall(r"\S*\w\S*", text))


def before(html: str, mark: str) -> str:
    """The HTML up to where a mark first stands, with all that is open there closed."""
    part = html[: html.index(mark)]
    part = part[: part.rindex("<")]
    opened: list[str] = []
    for closing, tag in tags(part):
        if not closing and tag not in VOID:
            opened.append(tag)
        elif closing:
            opened.pop()
    return part + "".join(f"</{tag}>" for tag in reversed(opened))


def tags(html: str) -> Iterator[tuple[bool, str]]:
    """Every tag of some HTML: whether it closes, and its name."""
    return ((match[1] == "/", match[2]) for match in re.finditer(r"<(/?)([a-z0-9]+)", html))
