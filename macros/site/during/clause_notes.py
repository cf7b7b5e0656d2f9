"""Beside each clause on its page: a link to itself, and the tools that use it.

Knows how authors mark a clause ("clause" among the classes of its element), and the register; decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from macros.authoring.citations.uses import Use, places_of
from macros.authoring.load import Project
from macros.authoring.pages.clauses import Clause


def add_notes(root: ET.Element, project: Project, uses: Mapping[str, list[Use]], base: str) -> None:
    """Add to each clause of a page its own link and the tools that use it, by the way from there to the site's root."""
    for element in root.iter():
        if "clause" in element.get("class", "").split():
            clause = project.register.clauses.get(element.get("id", ""))
            element.attrib.pop("carries", None)
            if clause:
                element.set("data-carries", " ".join(clause.carries))
                redirects = project.redirects
                for old in (old for old in redirects.links if redirects.target(old) == clause.id):
                    element.insert(0, ET.Element("a", {"id": old}))
                _append(element, clause, project, uses, base)


def _append(element: ET.Element, clause: Clause, project: Project, uses: Mapping[str, list[Use]], base: str) -> None:
    note = ET.SubElement(element, "span", {"class": "clause-note", "data-search-exclude": ""})
    # An id by itself says nothing to somebody who goes from link to link. (No element stands in the link for it, or
    # a search that reads the page would take what follows for a part of the clause.)
    words = {"class": "clause-link", "href": f"#{clause.id}", "aria-label": f"Link to clause §{clause.id}"}
    ET.SubElement(note, "a", words).text = f"§{clause.id}"
    tools = places_of(project.library, uses, clause.carries)
    if tools:
        used = ET.SubElement(note, "span", {"class": "clause-used"})
        used.text = " Used in: "
        for i, (tool, address) in enumerate(tools):
            place = ET.SubElement(used, "a", {"href": base + address})
            place.text = project.library.trees[tool].title
            place.tail = ", " if i + 1 < len(tools) else ""
