"""The directory of permanent links: everything that another site may link to, each under an id that never changes.

Knows the clause register, the pages' Markdown, the trees and the scenarios; refuses to know how links are published.
An id holds no page and no folder (but that of a page itself), so nothing that moves gets another one. Each kind but
those that are numbered begins with a word of its own, so that no two kinds can meet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from pathlib import PurePosixPath

import yaml

from macros.authoring.citations.uses import uses_of
from macros.authoring.load import Project
from macros.authoring.pages.clauses import LINK, MARKS, page_url
from macros.authoring.sources.diagnostics import Diagnostic
from macros.authoring.sources.legible import text_of
from macros.engine.html.tree_text import node_id, node_title, trees_called
from macros.engine.html.view import View

KINDS = {
    "tool": "Tools",
    "page": "Pages",
    "section": "Sections of pages",
    "clause": "Clauses",
    "question": "Questions of the tools",
    "outcome": "Results of the tools",
    "scenario": "Training stories",
    "open-question": "Open questions",
    "design-choice": "Design choices",
    "word": "Words in the glossary",
}
"""What there is to link to, in the order in which the directory lists it."""

OPEN_QUESTIONS, GLOSSARY, WHOLE = "about/open-questions.md", "glossary.md", "procedure/whole.md"
TOOLS, PRACTISE = "tools/", "training/practise/"
MUST_HAVE_IDS = "procedure/"
"""Each heading of the pages in this folder has an id of its own, or its link would change with its words."""

FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#{2,6}[ \t]+(?P<words>.*?)[ \t]*(?:\{:[^}]*#(?P<id>[\w-]+)[^}]*\})?[ \t]*$", re.MULTILINE)
ROW = re.compile(r"^\|\s*(?P<words>[^|]*?)\s*\{:\s*#(?P<id>[\w-]+)\s*\}", re.MULTILINE)


@dataclass(frozen=True)
class Link:
    """Something that another site may link to.

    `address` is where it stands, below the site's root and with its anchor; `page` is the title of the page there.
    """

    id: str
    kind: str
    title: str
    address: str
    page: str

    @property
    def go(self) -> str:
        """Its short address below the root, which never changes."""
        return f"go/{self.id}/"

    @property
    def text(self) -> str:
        """What a link says that stands on another site, where nothing around it tells what it belongs to."""
        if self.kind == "clause":
            return f"{self.title} (clause {self.id})"
        return f"{self.title} ({self.page})" if self.kind in ("section", "question", "outcome") else self.title

    @property
    def file(self) -> str:
        """The address of its page, without the anchor."""
        return self.address.partition("#")[0]


@dataclass(frozen=True)
class MarkdownPage:
    """A page as its author wrote it. `file` is its place below docs/."""

    file: str
    text: str

    @property
    def url(self) -> str:
        return page_url(PurePosixPath(self.file))

    @cached_property
    def title(self) -> str:
        """What its front matter calls it; without one, its address."""
        front = FRONT.match(self.text)
        named = yaml.safe_load(front[1]) if front else None
        return str(named.get("title") or self.url) if isinstance(named, dict) else self.url

    @property
    def name(self) -> str:
        """A word for it: its file's name, or that of its folder."""
        return self.url.rstrip("/").rpartition("/")[2] or "home"

    @cached_property
    def headings(self) -> list[tuple[str, str, int]]:
        """Each heading below the title: its words, its own id or "", and its line."""
        text = FENCE.sub(lambda code: "\n" * code[0].count("\n"), self.text)
        return [(plain(h["words"]), h["id"] or "", text.count("\n", 0, h.start()) + 1) for h in HEADING.finditer(text)]


def plain(words: str) -> str:
    """Words without the marks of Markdown."""
    return unescape(MARKS.sub("", LINK.sub(r"\1", words))).strip()


def pages_of(project: Project) -> list[MarkdownPage]:
    """Every page of the project, by its file: those of the procedure first, for they are what others link to most."""
    docs = project.root / "docs"
    files = sorted(docs.rglob("*.md"))
    return [
        MarkdownPage(path.relative_to(docs).as_posix(), text_of(path))
        for path in sorted(files, key=lambda path: not path.is_relative_to(docs / MUST_HAVE_IDS))
        if not path.name.startswith(".")
    ]


def links_of(project: Project) -> list[Link]:
    """The directory of a sound project: by kinds, within a kind in the order of the site. An id may stand twice."""
    pages = pages_of(project)
    titles, trees = {page.url: page.title for page in pages}, project.library.trees
    texts = [page for page in pages if not page.url.startswith(TOOLS)]
    found = [
        *(Link(f"tool-{id}", "tool", trees[id].title, f"{TOOLS}{id}/", trees[id].title) for id in project.tools),
        *(Link(f"page-{page.name}", "page", page.title, page.url, page.title) for page in texts),
        *(link for page in pages for link in _sections(page)),
        *_clauses(project, titles),
        *(link for tool in project.tools for link in _screens(project, tool)),
        *(
            Link(f"scenario-{id}", "scenario", one.data["title"], f"{PRACTISE}#/{id}", titles.get(PRACTISE, ""))
            for id, one in project.scenarios.items()
        ),
        *(link for page in pages if page.file == GLOSSARY for link in _words(page)),
    ]
    order = list(KINDS)
    return sorted(found, key=lambda link: order.index(link.kind))


def _sections(page: MarkdownPage) -> Iterator[Link]:
    for words, id, _ in page.headings:
        address = f"{page.url}#{id}"
        numbered = re.fullmatch(r"(q|dc)-\d+", id) if page.file == OPEN_QUESTIONS else None
        if numbered:
            kind = {"q": "open-question", "dc": "design-choice"}[numbered[1]]
            yield Link(id, kind, words, address, page.title)
        elif id:
            yield Link(f"section-{id}", "section", words, address, page.title)


def _clauses(project: Project, titles: Mapping[str, str]) -> Iterator[Link]:
    order = list(titles)
    for clause in sorted(project.register.clauses.values(), key=lambda clause: order.index(clause.page)):
        title = project.source_clauses[clause.id]["title"]
        yield Link(clause.id, "clause", title, clause.url, titles[clause.page])


def _screens(project: Project, tool: str) -> Iterator[Link]:
    """The questions and results of a tool, at their places in its text version."""
    view = View(project.trees[tool], "")
    own = project.library.trees[tool]
    for tree in (own, *trees_called(view, own)):
        for node in tree.nodes:
            kind = "question" if node.kind == "ask" else "outcome" if node.kind == "outcome" and tree is own else ""
            if kind:  # outcomes of a part end nothing: its caller goes on
                address = f"{TOOLS}{tool}/#{node_id(tool, tree.id, node.id)}"
                yield Link(screen_id(tool, tree.id, node.id), kind, node_title(view, node), address, own.title)


def screen_id(tool: str, tree: str, node: str) -> str:
    """The id of a question or result, for a node of the tool itself or of a part that it calls.

    What two of them share is said once: the question "danger" of the part "danger" is `level-danger`.
    """
    parts = [tool, "" if tree == tool else tree, node]
    return "-".join(part for part, after in zip(parts, [*parts[1:], ""], strict=True) if part and part != after)


def _words(page: MarkdownPage) -> Iterator[Link]:
    for row in ROW.finditer(page.text):
        yield Link(f"word-{row['id']}", "word", plain(row["words"]), f"{page.url}#{row['id']}", page.title)


def links_of_clause(project: Project, links: Mapping[str, Link], id: str) -> list[Link]:
    """The permanent links that a change of the clause `id` touches: its own, and each tool, question and result that
    cites it or a source id that it carries. None if there is no such clause.
    """
    clause = project.register.clauses.get(id)
    if clause is None:
        return []
    uses = uses_of(project.library)
    places = {(use.tree, use.node) for carried in clause.carries for use in uses.get(carried, ())}
    found = dict.fromkeys([id])
    for tool in project.tools:
        own = project.library.trees[tool]
        parts = [own.id, *(part.id for part in trees_called(View(project.trees[tool], ""), own))]
        cited = [screen_id(tool, tree, node) for tree, node in sorted(places) if tree in parts]
        if cited:
            found |= dict.fromkeys([f"tool-{tool}", *cited])
    return [links[one] for one in found if one in links]


def check_headings(project: Project) -> Iterator[Diagnostic]:
    """Headings of the procedure without an id of their own: their links would change with their words."""
    for page in pages_of(project):
        for words, id, line in page.headings if page.file.startswith(MUST_HAVE_IDS) else ():
            if not id:
                told = f"The heading “{words}” has no id, so a link to it would break when its words change."
                fix = f"give it one that stays: {{: #{_slug(words)} }}"
                yield Diagnostic("section-without-id", f"docs/{page.file}", line, 1, "", told, fix)


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
