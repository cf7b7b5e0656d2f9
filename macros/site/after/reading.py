"""What the build does for readers once every page is written: last reviews, words explained, the whole procedure on one
page, readability and what a search is to find.

Knows the other modules about reading and the few things that it needs of a page, whoever rendered it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence, Set
from dataclasses import dataclass
from html import unescape
from typing import Any, Protocol

from macros.authoring.load import Project
from macros.authoring.pages.reviews import NO_REVIEW, Review
from macros.site.after.prose import Block, blocks_of, clauses_said, terms_said
from macros.site.after.readability import Readability, readability, refuse_too_hard
from macros.site.after.report import said
from macros.site.after.whole import Chapter, whole
from macros.site.after.words_used import read_abbreviations, used

GLOSSARY = "glossary.md"
WHOLE = "procedure/whole.md"
PROCEDURE = "procedure/"
ALSO_IN_WHOLE = ("who-does-what.md", GLOSSARY, "about/open-questions.md")
"""The page that holds the whole procedure, the folder whose pages it holds, and the others that belong to it."""

STEP = " › "
"""Stands between a heading and what is found under it."""


class Heading(Protocol):
    """An entry of a page's contents. Its title is HTML."""

    @property
    def title(self) -> str: ...

    @property
    def id(self) -> str: ...

    @property
    def children(self) -> Sequence[Heading]: ...


class Page(Protocol):
    """What is needed of a page once its Markdown is HTML."""

    content: str | None
    meta: MutableMapping[str, Any]

    @property
    def toc(self) -> Iterable[Heading]:
        """Its contents, its title first."""

    @property
    def url(self) -> str:
        """Its address below the site's root."""


@dataclass(frozen=True)
class Entry:
    """Something that a search is to find: its address below the site's root, what it is called and what it says."""

    location: str
    title: str
    text: str


@dataclass(frozen=True)
class Reading:
    """The pages as they were written, by their files below docs/, and what was found in them."""

    figures: Sequence[Readability]
    entries: Sequence[Entry]


def in_whole(files: Iterable[str]) -> list[str]:
    """Which of these files belong to the whole procedure, in its order."""
    known = list(files)
    own = [file for file in known if file.startswith(PROCEDURE) and file != WHOLE]
    return [*own, *(file for file in ALSO_IN_WHOLE if file in known)]


def finish(project: Project, pages: Mapping[str, Page]) -> Reading:
    """Complete each page (by its file below docs/, in the order of the navigation), and write the one that holds all.

    Raises Stopped if a page asks for too much schooling and is not listed.
    """
    blocks = {file: blocks_of(page.content or "") for file, page in pages.items()}
    figures = [readability(file, blocks[file]) for file in pages if file != WHOLE]
    refuse_too_hard(figures, project.hard_to_read)
    gathered = in_whole(pages)
    if WHOLE in pages:
        page = pages[WHOLE]
        given = Counter(id for file in gathered for id in project.register.anchors[file])
        permanent = {id for id, pages_with_it in given.items() if pages_with_it == 1}
        chapters = [_chapter(project, file, pages[file], permanent) for file in gathered]
        page.content = (page.content or "") + whole(page.url, chapters)
        blocks[WHOLE] = [block for file in gathered for block in blocks[file]]
    abbreviations = read_abbreviations(project.root / "docs")
    for file, page in pages.items():
        page.meta["words_used"] = [] if file in (GLOSSARY, WHOLE) else used(abbreviations, blocks[file])
        page.meta["in_whole"] = file in gathered
        _review(page, file, project.reviews.get(file, NO_REVIEW))
    entries = [
        entry for file, page in pages.items() if file != WHOLE for entry in _entries(project, page, blocks[file])
    ]
    return Reading(figures, entries)


def _review(page: Page, file: str, review: Review) -> None:
    """Give a page's template the days of its review, which stand at its end."""
    page.meta["last_reviewed"] = "" if file == WHOLE else said(review.day)
    page.meta["next_review"] = said(review.due) if review.due else ""


def _chapter(project: Project, file: str, page: Page, permanent: Set[str]) -> Chapter:
    """A page as it stands in the whole. Of the ids that editors gave it, those stay that no other page there has."""
    top = next(iter(page.toc), None)
    headings = [(unescape(one.title), one.id) for one in (top.children if top else ())]
    return Chapter(
        page.url,
        unescape(top.title) if top else file,
        page.content or "",
        headings,
        (project.register.anchors[file] & permanent) | set(project.redirects.links),
        f"Last reviewed: {said(project.reviews.get(file, NO_REVIEW).day)}",
    )


def _entries(project: Project, page: Page, blocks: Sequence[Block]) -> Iterator[Entry]:
    for id, clause in clauses_said(blocks).items():
        if id in project.register.clauses:
            title = f"{clause.heading}{STEP}{project.source_clauses[id]['title']}"
            yield Entry(project.register.clauses[id].url, title, clause.text)
    for id, (term, meaning) in terms_said(blocks).items():
        yield Entry(f"{page.url}#{id}", term, meaning)
