"""What the build puts into pages: a decision tool that already shows its first question, the contacts, and by the names
that editors write whatever `before/` makes.

Knows the markup around the engine's HTML (overrides/README.md, "A tool and the engine"). All wording of decisions
comes from the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path, PurePosixPath

import macros.engine
from macros.authoring.compare.edition import Unreadable
from macros.authoring.compare.since import since
from macros.authoring.load import Project
from macros.engine.html.action import telephone
from macros.engine.html.keeping import print_head
from macros.engine.html.markup import Markup
from macros.engine.html.screen import page_of
from macros.engine.html.tree_text import text_of
from macros.engine.html.view import View
from macros.engine.model.tree import Tree
from macros.engine.model.walk import walk
from macros.site.approval import Approval
from macros.site.before.amendments import amendments_page
from macros.site.before.assurance import assurance
from macros.site.before.embed import snippets
from macros.site.before.flowchart import flowcharts
from macros.site.before.library import library
from macros.site.before.register import laws_table, register_table
from macros.site.before.render import render
from macros.site.before.speed import speed_table
from macros.site.before.training import TrainingPages
from macros.site.links.permanent import SiteLinks
from macros.site.project import checked_project
from macros.site.runtime.bundle import ARCHIVE, Bundle
from macros.site.runtime.first import first_name, integrity
from macros.site.runtime.pyodide import browser_files, worker
from macros.site.runtime.trim import Trim
from macros.site.stopped import Stopped


class UnknownTool(Exception):
    """A page asks for a decision tool that does not exist."""


Macro = Callable[..., Markup]
"""What a page writes between double braces."""


@dataclass(frozen=True)
class PageTools:
    """What the pages of one project are made with. Nothing is loaded before it is asked for."""

    root: Path
    approval: Approval
    preview: bool = False
    """Whether to leave out what takes long: the proof of the Python for browsers, and the first answers."""

    @cached_property
    def project(self) -> Project:
        """The checked project. Raises Stopped."""
        return checked_project(self.root, self.approval)

    @cached_property
    def bundle(self) -> Bundle:
        """The files that the reader's browser needs to run the engine. Raises Stopped."""
        engine = Path(macros.engine.__file__).parent
        data, trees = self.project.bundle(), self.project.trees
        try:
            changed = since(self.root, self.project.tables)
        except Unreadable as wrong:
            raise Stopped(str(wrong)) from None
        data |= {"since": changed} if changed else {}
        trim = Trim(self.root, engine, data, trees)
        archive = trim.unproved if self.preview else trim.archive
        first = {} if self.preview else trim.first_answers
        return Bundle({**browser_files(self.root), ARCHIVE: archive, "engine-worker.mjs": worker(self.root), **first})

    @cached_property
    def flowcharts(self) -> Mapping[str, Markup]:
        """The flowchart of each tree, laid out in one go. Raises Stopped if that fails."""
        return flowcharts(self.root, self.project.trees)

    @cached_property
    def training(self) -> TrainingPages:
        return TrainingPages(self.project, self.bundle.folder)

    @cached_property
    def links(self) -> SiteLinks:
        return SiteLinks(self.project)

    def decision_tool(self, tree_id: str, url: str) -> Markup:
        """The tool `tree_id` for the page at `url`, with its first question.

        Raises UnknownTool if there is no such tree, Stopped if a tree holds a defect or the browser's Python is not at
        hand.
        """
        return self._parts(tree_id, url)[0]

    def more_about_tool(self, tree_id: str, url: str) -> Markup:
        """What that page holds below the tool: its flowchart, and the whole tree as text. Raises the same."""
        text = self._parts(tree_id, url)[1]
        return Markup(f"{self.flowcharts[tree_id]}\n{text}")

    def embedded_tool(self, tree_id: str, url: str) -> Markup:
        """Both for a page that is shown in a frame: without the flowchart, which wants a page. Raises the same."""
        return Markup("\n".join(self._parts(tree_id, url)))

    def macros(self, url: Callable[[], str], site_url: str) -> dict[str, Macro]:
        """All that a page can ask for, by name. `url` gives the address of the page that asks, below the site's root;
        `site_url` is where the site is published, or "" where that is not known.
        """

        def base() -> str:
            return base_of(url())

        return {
            "decision_tool": lambda tree_id: self.decision_tool(tree_id, url()),
            "more_about_tool": lambda tree_id: self.more_about_tool(tree_id, url()),
            "embedded_tool": lambda tree_id: self.embedded_tool(tree_id, url()),
            "embed_snippets": lambda: snippets(self.project.trees, site_url),
            "clause_register": lambda: register_table(self.project, base()),
            "laws": lambda: laws_table(self.project, base()),
            "amendments": lambda: amendments_page(self.project, base()),
            "assurance": lambda: assurance(self.project, base()),
            "link_library": lambda: library(
                self.links.directory.links.values(), base(), site_url, self.project.everyday
            ),
            "training_practise": lambda: self.training.practise(base()),
            "training_session": lambda: self.training.session(base()),
            "training_sheets": lambda: self.training.sheets(base()),
            "indicator_sorter": lambda: self.training.sorter(base()),
            "matched_pairs": lambda: self.training.pairs(base()),
            "contacts_table": lambda: render(
                "contacts.html", contacts=self.project.library.contacts.values(), telephone=telephone
            ),
            "speed": lambda name: speed_table(self.root, name),
        }

    def _parts(self, tree_id: str, url: str) -> tuple[Markup, Markup]:
        """A tool's live part and its text."""
        tree, base = self._tree(tree_id), base_of(url)
        shown = {"head": print_head(View(tree, base)), "screen": page_of(tree, base), "step": walk(tree, {}).step}
        first = self.bundle.files.get(first_name(tree_id))
        runs = {"engine": self.bundle.folder, "first": integrity(first) if first else None}
        live = render("tool.html", tree=tree, base=base, **shown, **runs)
        return live, render("tool-text.html", tree=tree, text=text_of(tree, base))

    def _tree(self, tree_id: str) -> Tree:
        trees = self.project.trees
        if tree_id not in trees:
            near = get_close_matches(tree_id, trees, 1)
            hint = f'Did you mean "{near[0]}"?' if near else f"There is: {', '.join(trees)}."
            raise UnknownTool(f'decision_tool("{tree_id}"): there is no such tree. {hint}')
        return trees[tree_id]


@cache
def page_tools(root: Path, approval: Approval, preview: bool = False) -> PageTools:
    """The one PageTools that a process has for the project in folder `root`."""
    return PageTools(root, approval, preview)


def base_of(url: str) -> str:
    """The way from the page at `url` (relative to the root of the site, "" for the home page) to that root."""
    return "../" * len(PurePosixPath(url).parts) or "./"
