"""Beside each clause on its page: a link to itself, and the tools that use it.

Knows how authors mark a clause ("clause" among the classes of its element), and the register; decides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from macros.authoring.citations.uses import places_of, uses_of

if TYPE_CHECKING:
    from macros.authoring.load import Project
    from macros.authoring.pages.clauses import Clause

AFTER_LINKS = -1
"""Behind whatever of the builder's checks the links that authors write (0), which are not these."""


class ClauseNotes(Extension, Treeprocessor):
    """A Markdown extension that adds to each clause its own link and the tools that use it.

    `base` is the way from the page at hand to the site's root; the build sets it before each page.
    """

    def __init__(self, project: Project) -> None:
        super().__init__()
        self.project, self.base = project, "./"
        self.uses = uses_of(project.library)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (the name is Markdown's)
        """Take part in each page."""
        md.treeprocessors.register(self, "clause-notes", AFTER_LINKS)

    def run(self, root: ET.Element) -> None:
        """Add to what a page has just become."""
        for element in root.iter():
            if "clause" in element.get("class", "").split():
                self._note(element)

    def _note(self, element: ET.Element) -> None:
        clause = self.project.register.clauses.get(element.get("id", ""))
        element.attrib.pop("carries", None)
        if clause is None:
            return
        element.set("data-carries", " ".join(clause.carries))
        redirects = self.project.redirects
        for old in (old for old in redirects.links if redirects.target(old) == clause.id):
            element.insert(0, ET.Element("a", {"id": old}))
        self._append(element, clause)

    def _append(self, element: ET.Element, clause: Clause) -> None:
        note = ET.SubElement(element, "span", {"class": "clause-note", "data-search-exclude": ""})
        # An id by itself says nothing to somebody who goes from link to link. (No element stands in the link for it, or
        # a search that reads the page would take what follows for a part of the clause.)
        words = {"class": "clause-link", "href": f"#{clause.id}", "aria-label": f"Link to clause §{clause.id}"}
        ET.SubElement(note, "a", words).text = f"§{clause.id}"
        tools = places_of(self.project.library, self.uses, clause.carries)
        if tools:
            used = ET.SubElement(note, "span", {"class": "clause-used"})
            used.text = " Used in: "
            for i, (tool, address) in enumerate(tools):
                place = ET.SubElement(used, "a", {"href": self.base + address})
                place.text = self.project.library.trees[tool].title
                place.tail = ", " if i + 1 < len(tools) else ""
