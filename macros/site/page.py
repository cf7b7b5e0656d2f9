"""What the build puts into pages: a decision tool that already shows its first question, and the contacts.

Knows the markup around the engine's HTML (overrides/README.md, "A tool and the engine"). All wording of decisions
comes from the engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path, PurePosixPath

import macros.engine
from macros.authoring.load import Project
from macros.engine.html.keeping import print_head
from macros.engine.html.markup import Markup, el
from macros.engine.html.screen import page_of
from macros.engine.html.tree_text import text_of
from macros.engine.html.view import View
from macros.engine.model.library import Contact
from macros.engine.model.tree import Tree
from macros.engine.model.walk import walk
from macros.site.after.reading import Page, Reading, Tables, finish, read_tables
from macros.site.approval import Approval
from macros.site.before.amendments import amendments_page
from macros.site.before.assurance import assurance
from macros.site.before.embed import embed_pages, snippets
from macros.site.before.flowchart import flowcharts
from macros.site.before.library import library
from macros.site.before.register import ClauseNotes, register_table
from macros.site.before.speed import speed_table
from macros.site.before.training import TrainingPages
from macros.site.during.abbreviations import FirstUses
from macros.site.links.permanent import SiteLinks
from macros.site.project import checked_project
from macros.site.runtime.bundle import Bundle
from macros.site.runtime.pyodide import browser_files, worker
from macros.site.runtime.trim import python_archive


class UnknownTool(Exception):
    """A page asks for a decision tool that does not exist."""


@dataclass(frozen=True)
class PageTools:
    """The macros of a build, for the project in one folder. Nothing is loaded before it is asked for."""

    root: Path
    approval: Approval

    @property
    def project(self) -> Project:
        """The checked project."""
        return checked_project(self.root, self.approval)

    @cached_property
    def bundle(self) -> Bundle:
        """The files that the reader's browser needs to run the engine."""
        engine = Path(macros.engine.__file__).parent
        archive = python_archive(self.root, engine, self.project.bundle(), self.project.trees)
        return Bundle({**browser_files(self.root), "python.zip": archive, "engine-worker.mjs": worker(self.root)})

    def decision_tool(self, tree_id: str, url: str) -> Markup:
        """The tool `tree_id` for the page at `url`: its first question, and the whole tree as readable text.

        Raises UnknownTool if there is no such tree, Defective if a tree holds a defect and PyodideUnusable if
        the browser's Python is not at hand.
        """
        tree, base = self._tree(tree_id), base_of(url)
        live = tool(tree, base, base + self.bundle.folder)
        return Markup(f"{live}\n{self.flowcharts[tree_id]}\n{readable(tree, base)}")

    def embedded_tool(self, tree_id: str, url: str) -> Markup:
        """The same for a page that is shown in a frame: without its flowchart, which wants a page. Raises the same."""
        tree, base = self._tree(tree_id), base_of(url)
        return Markup(f"{tool(tree, base, base + self.bundle.folder)}\n{readable(tree, base)}")

    @cached_property
    def embeds(self) -> Mapping[str, str]:
        """The page for a frame of each tool: Markdown by its file."""
        return embed_pages(self.project.trees)

    def embed_snippets(self, address: str | None) -> Markup:
        """What is copied to show each tool on another page. `address`: the root of this site, where it is known."""
        return snippets(self.project.trees, address)

    @cached_property
    def training(self) -> TrainingPages:
        """The training pages."""
        return TrainingPages(self.project, self.bundle.folder)

    @cached_property
    def links(self) -> SiteLinks:
        """The permanent links."""
        return SiteLinks(self.project)

    def library(self, url: str, base_url: str) -> Markup:
        """Every permanent link, for the page at `url` of a site that is published at `base_url` ("": not known)."""
        return library(self.links.directory.links.values(), base_of(url), base_url)

    @cached_property
    def flowcharts(self) -> Mapping[str, Markup]:
        """The flowchart of each tree, laid out in one go. Raises LayoutFailed if that fails."""
        return flowcharts(self.root, self.project.trees)

    def contacts_table(self) -> Markup:
        """Every contact, with its number or whom to ask for it, and when it was last checked."""
        titles = ("Contact", "Number", "Note", "Last checked")
        head = el("tr", [el("th", title, scope="col") for title in titles])
        rows = [contact_row(contact) for contact in self.project.library.contacts.values()]
        return el("table", el("thead", head), el("tbody", rows))

    @cached_property
    def clause_notes(self) -> ClauseNotes:
        """The Markdown extension that adds to each clause its link and the tools that use it."""
        return ClauseNotes(self.project)

    @cached_property
    def first_uses(self) -> FirstUses:
        """The Markdown extension that links the first use of each abbreviation on a page to the glossary."""
        return FirstUses()

    @cached_property
    def reading_tables(self) -> Tables:
        """The editors' tables about reading. Raises Defective or WrongReview."""
        return read_tables(self.project)

    def finish(self, pages: Mapping[str, Page]) -> Reading:
        """Complete the pages once all of them are HTML. Raises TooHard."""
        return finish(self.project, self.reading_tables, pages)

    def clause_register(self, url: str) -> Markup:
        """The register of all clauses, for the page at `url`."""
        return register_table(self.project, base_of(url))

    def amendments(self, url: str) -> Markup:
        """What changed for readers, newest first, for the page at `url`."""
        return amendments_page(self.project, base_of(url))

    def assurance(self, url: str) -> Markup:
        """What was proved, checked and measured, for the page at `url`."""
        return assurance(self.project, base_of(url))

    def speed(self) -> Markup:
        """How quick the tools are, as it was last measured."""
        return speed_table(self.root)

    def _tree(self, tree_id: str) -> Tree:
        trees = self.project.trees
        if tree_id not in trees:
            near = get_close_matches(tree_id, trees, 1)
            hint = f'Did you mean "{near[0]}"?' if near else f"There is: {', '.join(trees)}."
            raise UnknownTool(f'decision_tool("{tree_id}"): there is no such tree. {hint}')
        return trees[tree_id]


@cache
def page_tools(root: Path, approval: Approval) -> PageTools:
    """The one PageTools that a process has for the project in folder `root`."""
    return PageTools(root, approval)


def base_of(url: str) -> str:
    """The way from the page at `url` (relative to the root of the site, "" for the home page) to that root."""
    return "../" * len(PurePosixPath(url).parts) or "./"


def tool(tree: Tree, base: str, engine: str) -> Markup:
    """The live part. The page script finds it by `data-decision-tool` and the engine's files by `data-engine`."""
    return el(
        "section",
        print_head(View(tree, base)),
        el("div", page_of(tree, base), data_screen=True),
        el("div", data_progress=True, hidden=True, role="status", aria_live="polite"),
        el("div", data_trouble=True, hidden=True, role="alert"),
        class_="decision-tool",
        data_decision_tool=tree.id,
        data_state="asking",
        data_node=walk(tree, {}).step,
        data_base=base,
        data_engine=engine,
    )


def readable(tree: Tree, base: str) -> Markup:
    """The whole tree as text: what stands here needs no script at all."""
    title = el("summary", f"{tree.title}: the whole tool as text")
    return el("details", title, text_of(tree, base), class_="decision-text", id=f"{tree.id}-as-text", open=True)


def contact_row(contact: Contact) -> Markup:
    """A contact as a row; what no editor has filled in yet says so."""
    source = "" if contact.from_procedure else " (not from the procedure)"
    number = contact.number or "Ask your library editor"
    return el(
        "tr",
        el("th", contact.name, source, scope="row"),
        el("td", number),
        el("td", contact.note),
        el("td", contact.last_checked or "Not checked yet"),
    )
