"""The clause register on the site: what stands beside each clause, the register's page, and clauses.json.

Knows the authoring layer's register and the markup of pages; decides nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from macros.authoring.citations.citations import Use, tools_using, uses_of
from macros.engine.html.markup import Markup, el, join

if TYPE_CHECKING:
    from macros.authoring.load import Project
    from macros.authoring.pages.clauses import Clause

# MkDocs checks the links that authors write; it must have run before the links that the build adds are there.
AFTER_MKDOCS = -1


class ClauseNotes(Extension):
    """A Markdown extension that adds to each clause its own link and the tools that use it.

    `base` is the way from the page at hand to the site's root; the build sets it before each page.
    """

    def __init__(self, project: Project) -> None:
        super().__init__()
        self.project, self.base = project, "./"
        self.uses = uses_of(project.library)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (the name is Markdown's)
        """Take part in each page."""
        md.treeprocessors.register(_Notes(md, self), "clause-notes", AFTER_MKDOCS)

    def tools(self, clause: Clause) -> list[tuple[str, Use]]:
        """The tools that use a clause, each with the first place in it that does."""
        return tools_and_places(self.project, self.uses, clause)


class _Notes(Treeprocessor):
    def __init__(self, md: Markdown, notes: ClauseNotes) -> None:
        super().__init__(md)
        self.notes = notes

    def run(self, root: ET.Element) -> None:
        for element in root.iter():
            if "clause" in element.get("class", "").split():
                self._note(element)

    def _note(self, element: ET.Element) -> None:
        clause = self.notes.project.register.clauses.get(element.get("id", ""))
        element.attrib.pop("carries", None)
        if clause is None:
            return
        element.set("data-carries", " ".join(clause.carries))
        for old in self._redirected(clause.id):
            element.insert(0, ET.Element("a", {"id": old}))
        self._append(element, clause)

    def _redirected(self, id: str) -> Iterator[str]:
        lock = self.notes.project.lock
        if lock:
            yield from (old for old in lock.redirects if lock.target(old) == id)

    def _append(self, element: ET.Element, clause: Clause) -> None:
        note = ET.SubElement(element, "span", {"class": "clause-note", "data-search-exclude": ""})
        # An id by itself says nothing to somebody who goes from link to link. (No element stands in the link for it, or
        # Material's search would take what follows for a part of the clause.)
        words = {"class": "clause-link", "href": f"#{clause.id}", "aria-label": f"Link to clause §{clause.id}"}
        ET.SubElement(note, "a", words).text = f"§{clause.id}"
        tools = self.notes.tools(clause)
        if tools:
            used = ET.SubElement(note, "span", {"class": "clause-used"})
            used.text = " Used in: "
            for i, (tool, use) in enumerate(tools):
                place = ET.SubElement(used, "a", {"href": f"{self.notes.base}tools/{tool}/#{place_id(tool, use)}"})
                place.text = self.notes.project.library.trees[tool].title
                place.tail = ", " if i + 1 < len(tools) else ""


def place_id(tool: str, use: Use) -> str:
    """The anchor of a node in the readable version of a tool."""
    return f"{tool}-text-{use.tree}-{use.node}"


def tools_and_places(project: Project, uses: dict[str, list[Use]], clause: Clause) -> list[tuple[str, Use]]:
    """The tools that use a clause, each with the first place in it that does."""
    places = [use for id in clause.carries for use in uses.get(id, [])]
    return [
        (tool, next(use for use in places if tools_using_tree(project, tool, use)))
        for tool in tools_using(project.library, places)
    ]


def tools_using_tree(project: Project, tool: str, use: Use) -> bool:
    """Whether a place stands in a tool or in a part that it calls."""
    return tool in tools_using(project.library, [use])


def register_data(project: Project) -> list[dict[str, Any]]:
    """The register as clauses.json publishes it: one object a clause, in the order of the pages."""
    uses = uses_of(project.library)
    return [
        {
            "id": clause.id,
            "carries": list(clause.carries),
            "url": clause.url,
            "text": clause.text,
            "duty": clause.duty or None,
            "digest": clause.digest,
            "used_in": [
                {"tool": tool, "url": f"tools/{tool}/#{place_id(tool, use)}"}
                for tool, use in tools_and_places(project, uses, clause)
            ],
        }
        for clause in project.register.clauses.values()
    ]


def register_json(project: Project) -> str:
    """clauses.json as text."""
    return json.dumps(register_data(project), ensure_ascii=False, indent=1) + "\n"


def register_table(project: Project, base: str) -> Markup:
    """The register as a table, in the order of the source."""
    uses = uses_of(project.library)
    head = el("tr", [el("th", title, scope="col") for title in ("Id", "What it is about", "Label", "Used in")])
    rows = [_row(project, uses, base, id) for id in project.source_clauses]
    data = el("p", "The same list for computers: ", el("a", "clauses.json", href=f"{base}clauses.json"), ".")
    return join(data, el("table", el("thead", head), el("tbody", rows), data_search_exclude=True))


def _row(project: Project, uses: dict[str, list[Use]], base: str, id: str) -> Markup:
    clause = project.register.carried.get(id)
    tools = tools_and_places(project, uses, clause) if clause else []
    return el(
        "tr",
        el("th", el("a", id, href=base + clause.url) if clause else id, scope="row"),
        el("td", project.source_clauses[id]["title"]),
        el("td", clause.duty if clause else "waived"),
        el(
            "td",
            [el("span", el("a", tool, href=f"{base}tools/{tool}/#{place_id(tool, use)}"), " ") for tool, use in tools],
        ),
    )
