"""Abbreviations: how a reader without a mouse comes to what they stand for.

Knows the `abbr` elements that Markdown makes, and that each has a row of its own in the glossary. A `title` opens for a
mouse alone, so the first use on each page is a link to that row.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from macros.site.after.prose import HEADINGS

GLOSSARY = "glossary/"
NO_LINK_IN = frozenset({*HEADINGS, "a", "summary", "button", "label", "legend", "code"})

AFTER_LINKS = -2
"""Behind Markdown's own `abbr` (7), and behind whatever of the builder's checks the links that authors write (0)."""


class FirstUses(Extension, Treeprocessor):
    """A Markdown extension that links the first use of each abbreviation on a page to the glossary.

    `base` is the way from the page at hand to the site's root, or None on a page that is to have no such links.
    """

    base: str | None = None

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (the name is Markdown's)
        """Take part in each page."""
        md.treeprocessors.register(self, "first-uses", AFTER_LINKS)

    def run(self, root: ET.Element) -> None:
        """Link what a page has just become."""
        if self.base is not None:
            self._link(root, set(), self.base)

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
