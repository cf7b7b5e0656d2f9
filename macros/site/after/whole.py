"""The whole procedure on one page: the built pages one after another, for print.

Knows the HTML of built pages. Takes their words as they are; changes ids that would stand twice, links that now lead
within the one page, and the rank of headings. Refuses to know Markdown.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from posixpath import relpath
from urllib.parse import urldefrag, urljoin, urlsplit

from macros.engine.html.markup import Markup, el, join
from macros.site.after.prose import HEADINGS
from macros.site.after.tokens import Characters, EndTag, StartTag, tokens

ID_LISTS = frozenset({"for", "aria-labelledby", "aria-describedby", "aria-controls", "headers"})


@dataclass(frozen=True)
class Chapter:
    """A built page that is to stand in the whole: its address, its HTML, and the headings its contents list names.

    `permanent` are the ids that keep their name, because other places lead to them; `end` is said at its end.
    """

    url: str
    title: str
    html: str
    headings: Sequence[tuple[str, str]] = ()
    permanent: Collection[str] = frozenset()
    end: str = ""

    @property
    def name(self) -> str:
        """A word for the page, different for each."""
        return self.url.rstrip("/").rpartition("/")[2]

    @property
    def id(self) -> str:
        """The id of its section in the whole."""
        return f"page-{self.name}"

    def moved(self, id: str) -> str:
        """An id of the page as it is in the whole."""
        return id if id in self.permanent else f"{self.name}--{id}"


def whole(url: str, chapters: Sequence[Chapter]) -> Markup:
    """The chapters as one piece of HTML for the page at `url`: a contents list, then each in a section of its own."""
    by_url = {chapter.url: chapter for chapter in chapters}
    return join(contents(chapters), [_section(url, chapter, by_url) for chapter in chapters])


def contents(chapters: Sequence[Chapter]) -> Markup:
    """The contents list: each page, and its headings."""
    items = []
    for chapter in chapters:
        inner = [el("li", el("a", title, href=f"#{chapter.moved(id)}")) for title, id in chapter.headings]
        items.append(el("li", el("a", chapter.title, href=f"#{chapter.id}"), el("ul", inner) if inner else None))
    heading = el("h2", "Contents", id="whole-contents")
    return el("nav", heading, el("ul", items), class_="whole-contents", aria_labelledby="whole-contents")


def _section(url: str, chapter: Chapter, by_url: Mapping[str, Chapter]) -> Markup:
    end = el("p", chapter.end, class_="page-reviewed") if chapter.end else None
    return el("section", Markup(_moved(url, chapter, by_url)), end, class_="whole-page", id=chapter.id)


def _moved(url: str, chapter: Chapter, by_url: Mapping[str, Chapter]) -> str:
    """A chapter's HTML as it is written in the whole, which stands at `url`."""
    parts = []
    for token in tokens(chapter.html):
        match token:
            case StartTag():
                shown = "".join(_attribute(url, chapter, by_url, *pair) for pair in token.attributes)
                parts.append(f"<{_lower(token.tag)}{shown}>")
            case EndTag():
                parts.append(f"</{_lower(token.tag)}>")
            case Characters():
                parts.append(token.source)
    return "".join(parts)


def _attribute(url: str, chapter: Chapter, by_url: Mapping[str, Chapter], name: str, value: str | None) -> str:
    if value is None:
        return f" {name}"
    if name == "id":
        value = chapter.moved(value)
    elif name == "href":
        value = _link(url, chapter, by_url, value)
    elif name in ID_LISTS:
        value = " ".join(map(chapter.moved, value.split()))
    return f' {name}="{escape(value)}"'


def _link(url: str, chapter: Chapter, by_url: Mapping[str, Chapter], href: str) -> str:
    """A link of the chapter as the whole has it: within the page if it leads to a chapter."""
    if urlsplit(href).scheme or urlsplit(href).netloc:
        return href
    path, anchor = urldefrag(urljoin(f"/{chapter.url}", href))
    there = by_url.get(path.lstrip("/"))
    if there:
        return f"#{there.moved(anchor) if anchor else there.id}"
    way = relpath(path, f"/{url}") + ("/" if path.endswith("/") else "")
    return f"{way}#{anchor}" if anchor else way


def _lower(tag: str) -> str:
    """A heading one rank below, since the whole has one title of its own."""
    return HEADINGS[min(HEADINGS.index(tag) + 1, len(HEADINGS) - 1)] if tag in HEADINGS else tag
