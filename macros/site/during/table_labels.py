"""In each cell of a table the name of its column, so that on a small screen each row can be shown as a card."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

AFTER_WORDS = -2
"""Behind whatever turns what authors write in a heading into elements."""


class TableLabels(Extension, Treeprocessor):
    """A Markdown extension that sets `data-label`, by which reading.css shows a table as cards."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (the name is Markdown's)
        """Take part in each page."""
        md.treeprocessors.register(self, "table-labels", AFTER_WORDS)

    def run(self, root: ET.Element) -> None:
        """Label the cells of what a page has just become."""
        for table in root.iter("table"):
            names = ["".join(head.itertext()) for head in table.iterfind("thead/tr/th")]
            for row in table.iterfind("tbody/tr"):
                for name, cell in zip(names, row, strict=False):
                    cell.set("data-label", name)
