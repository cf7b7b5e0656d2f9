"""The whole procedure on one page: the built pages one after another, for print.

Knows the HTML of built pages. Takes their words as they are; changes ids that would stand twice, links that now lead
within the one page, and the rank of headings. Refuses to know Markdown and MkDocs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from posixpath import relpath
from urllib.parse import urldefrag, urljoin, urlsplit

from macros.engine.html.markup import Markup, el, join
from macros.site.after.prose import HEADINGS

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
    items = [
        el(
            "li",
            el("a", chapter.title, href=f"#{chapter.id}"),
            _list([(title, chapter.moved(id)) for title, id in chapter.headings]),
        )
        for chapter in chapters
    ]
    heading = el("h2", "Contents", id="whole-contents")
    return el("nav", heading, el("ul", items), class_="whole-contents", aria_labelledby="whole-contents")


def _list(headings: Sequence[tuple[str, str]]) -> Markup | None:
    if not headings:
        return None
    return el("ul", [el("li", el("a", title, href=f"#{id}")) for title, id in headings])


def _section(url: str, chapter: Chapter, by_url: Mapping[str, Chapter]) -> Markup:
    end = el("p", chapter.end, class_="page-reviewed") if chapter.end else None
    return el("section", Markup(_Moved(url, chapter, by_url).html), end, class_="whole-page", id=chapter.id)


@dataclass
class _Moved(HTMLParser):
    """A chapter's HTML as it is written in the whole."""

    url: str
    chapter: Chapter
    by_url: Mapping[str, Chapter]
    parts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.feed(self.chapter.html)
        self.close()

    @property
    def html(self) -> str:
        return "".join(self.parts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        shown = "".join(self._attribute(name, value) for name, value in attrs)
        self.parts.append(f"<{_lower(tag)}{shown}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(f"</{_lower(tag)}>")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_entityref(self, name: str) -> None:
        self.parts.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.parts.append(f"&#{name};")

    def _attribute(self, name: str, value: str | None) -> str:
        if value is None:
            return f" {name}"
        if name == "id":
            value = self.chapter.moved(value)
        elif name == "href":
            value = self._link(value)
        elif name in ID_LISTS:
            value = " ".join(map(self.chapter.moved, value.split()))
        return f' {name}="{escape(value)}"'

    def _link(self, href: str) -> str:
        """A link of the chapter as the whole has it: within the page if it leads to a chapter."""
        if urlsplit(href).scheme or urlsplit(href).netloc:
            return href
        path, anchor = urldefrag(urljoin(f"/{self.chapter.url}", href))
        there = self.by_url.get(path.lstrip("/"))
        if there:
            return f"#{there.moved(anchor) if anchor else there.id}"
        way = relpath(path, f"/{self.url}") + ("/" if path.endswith("/") else "")
        return f"{way}#{anchor}" if anchor else way


def _lower(tag: str) -> str:
    """A heading one rank below, since the whole has one title of its own."""
    return HEADINGS[min(HEADINGS.index(tag) + 1, len(HEADINGS) - 1)] if tag in HEADINGS else tag
