"""Pages that need not be rendered again: what each became in the last good build, by all that it was made from.

A page is made from its Markdown as the macros leave it, the project (whose clause notes stand on it), the files that
its links may lead to, and what Markdown adds to every page. All else, such as the theme, our Python and mkdocs.yml, is
as it was, or another process builds. Knows MkDocs' pages and the order of its events.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from macros.authoring.load import Project
from macros.authoring.sources.reading import FOLDER
from macros.site.sources import content_of

OF_PROJECT = (
    "assurance", "clause_register", "contacts_table", "decision_tool", "embedded_tool", "indicator_sorter",
    "matched_pairs", "more_about_tool", "training_practise", "training_session", "training_sheets",
)  # fmt: skip
"""The macros that say the same on the same page for as long as the project is the same."""

INCLUDES = "--8<--"
"""What a page has that holds another file. It is rendered each time."""

Key = tuple[str, str]

OF_PAGE = ("content", "toc", "_title_from_render", "present_anchor_ids")


Rendered = tuple[Mapping[str, Any], Mapping[str, dict[str, str]]]
"""What the Markdown of a page became: its attributes OF_PAGE, and its links to places on pages, by their files."""


class KeptPages(BasePlugin):  # type: ignore[type-arg, no-untyped-call]
    """A plugin of MkDocs that renders again only what may have changed. One object serves one build after another."""

    def __init__(self) -> None:
        super().__init__()
        self.rendered: dict[Key, Rendered] = {}
        self._fresh: dict[Key, Rendered] = {}
        self._said: dict[object, str] = {}
        self._project: object = None
        self._around: object = None

    def keep(self) -> None:
        """Take up a build that has succeeded. A page that was warned of is in none, so that the warning comes again."""
        self.rendered = self._fresh

    @event_priority(-100)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Begin a build: forget all pages if something changed that may stand on any of them."""
        project = _basis_of(config.extra["stages"].tools.project)
        around = sorted((file.src_uri, file.inclusion) for file in files), _beside_pages(Path(config.docs_dir))
        if project != self._project:
            self._said = {}
        if (project, around) != (self._project, self._around):
            self.rendered = {}
        self._project, self._around, self._fresh = project, around, {}
        self._remember(config.plugins["macros"])
        return files

    def _remember(self, macros: Any) -> None:
        """Ask a macro only for what it has not said before."""

        def remembered(name: str, macro: Callable[..., str], *given: object) -> str:
            key = name, macros.page.url, given
            if key not in self._said:
                self._said[key] = macro(*given)
            return self._said[key]

        for name in OF_PROJECT:
            macros.env.globals[name] = partial(remembered, name, macros.env.globals[name])

    @event_priority(-100)
    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Once the macros have had their turn, decide whether a page is rendered or kept."""
        if INCLUDES not in markdown:
            key = page.file.src_uri, markdown
            page.render = partial(self._render, key, page, page.render)  # type: ignore[method-assign]
        return markdown

    def _render(self, key: Key, page: Page, render: Any, config: MkDocsConfig, files: Files) -> None:
        if key in self.rendered:
            attributes, links = self.rendered[key]
            vars(page).update(attributes)
            found = ((files.get_file_from_path(name), anchors) for name, anchors in links.items())  # of this build
            page.links_to_anchors = {file: anchors for file, anchors in found if file}
        else:
            render(config, files)
        links = {file.src_uri: anchors for file, anchors in (page.links_to_anchors or {}).items()}
        self._fresh[key] = self.rendered.get(key) or ({name: getattr(page, name) for name in OF_PAGE}, links)


def _basis_of(project: Project) -> object:
    """All that a sound project is made from but the schemas: equal for two that a page could not tell apart.

    The lines that clauses stand on move with whatever is written above them, and no page shows them.
    """
    clauses = {id: replace(clause, line=0) for id, clause in project.register.clauses.items()}
    return content_of([project.root / FOLDER]), project.library.approval, clauses, project.register.anchors


def _beside_pages(docs: Path) -> list[tuple[Path, bytes]]:
    """All files below docs/ that are not shown as pages, such as the abbreviations."""
    files = (path for path in sorted(docs.rglob("*")) if path.suffix != ".md" or path.name.startswith("."))
    return [(path, path.read_bytes()) for path in files if path.is_file()]
