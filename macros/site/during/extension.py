"""The one extension of Python-Markdown that takes part in each page: notes and links, which the modules beside it add,
and in each cell of a table the name of its column, so that on a small screen each row can be shown as a card.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from macros.authoring.citations.uses import uses_of
from macros.authoring.load import Project
from macros.site.during.abbreviations import link_first_uses
from macros.site.during.clause_notes import add_notes

AFTER_LINKS = -1
"""Behind Markdown's own `abbr` (7), and behind whatever of the builder's checks the links that authors write (0), which
ours are not."""


class PageParts(Extension, Treeprocessor):
    """A Markdown extension that adds notes to clauses, links to abbreviations and labels to the cells of tables.

    The build sets before each page `base`, the way from there to the site's root, and `linked`, whether abbreviations
    are linked on it.
    """

    def __init__(self, project: Project) -> None:
        super().__init__()
        self.project, self.uses = project, uses_of(project.library)
        self.base, self.linked = "./", False

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (the name is Markdown's)
        md.treeprocessors.register(self, "page-parts", AFTER_LINKS)

    def run(self, root: ET.Element) -> None:
        """Add to what a page has just become."""
        add_notes(root, self.project, self.uses, self.base)
        if self.linked:
            link_first_uses(root, self.base, set())
        _label_cells(root)


def _label_cells(root: ET.Element) -> None:
    """Set `data-label`, by which reading.css shows a table as cards."""
    for table in root.iter("table"):
        names = ["".join(head.itertext()) for head in table.iterfind("thead/tr/th")]
        for row in table.iterfind("tbody/tr"):
            for name, cell in zip(names, row, strict=False):
                cell.set("data-label", name)
