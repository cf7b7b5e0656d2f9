"""The amendments as readers see them: a page, newest first, and a feed (Atom, RFC 4287) at changes.xml.

Knows the amendments and the permanent links; which links a change touches is asked of the directory of links.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin
from uuid import UUID, uuid5
from xml.etree import ElementTree as ET

from macros.authoring.citations.amendments import Amendment, reminder, untold
from macros.authoring.links.directory import Link, links_of, links_of_clause
from macros.authoring.load import Project
from macros.engine.html.markup import Markup, el, join

FEED = "changes.xml"
PAGE = "about/amendments/"
ATOM, XHTML = "http://www.w3.org/2005/Atom", "http://www.w3.org/1999/xhtml"
MOST_SHOWN = 4  # more links are folded away
NAMES = UUID("6d0b1b7e-58f0-4d0e-9b1e-2f6c1f7f0a51")
"""The name space of the feed's ids. They are made from it and from an amendment's own id, so that they never change,
wherever the site lies. So must this."""


@dataclass(frozen=True)
class Touched:
    """A permanent link that an amendment touches: what it says, where it leads, and its short address ("" if none)."""

    words: str
    address: str
    go: str = ""


@dataclass(frozen=True)
class Change:
    """An amendment, the clauses it names and the other published links that it touches."""

    amendment: Amendment
    clauses: tuple[Touched, ...]
    others: tuple[Touched, ...]

    @property
    def anchor(self) -> str:
        return f"amendment-{self.amendment.id}"

    @property
    def day(self) -> str:
        """The day as readers say it."""
        day = self.amendment.day
        return f"{day.day} {day:%B %Y}"


def changes_of(project: Project) -> list[Change]:
    """All amendments of a sound project, newest first."""
    links = {link.id: link for link in links_of(project)}
    return [change_of(project, links, amendment) for amendment in project.amendments]


def change_of(project: Project, links: Mapping[str, Link], amendment: Amendment) -> Change:
    """An amendment with what it touches: each link once, the clauses that it names first."""
    found = dict.fromkeys(link for id in amendment.clauses for link in links_of_clause(project, links, id))
    by_address = {link.address: link for link in links.values()}
    named = [by_address.get(page) or Touched(page, page) for page in amendment.pages]
    own = [link for link in found if link.id in amendment.clauses]
    rest = dict.fromkeys([*named, *(link for link in found if link not in own)])
    return Change(amendment, tuple(map(_touched, own)), tuple(map(_touched, rest)))


def _touched(link: Link | Touched) -> Touched:
    return link if isinstance(link, Touched) else Touched(link.text, link.address, link.go)


def editors_note(project: Project, site_url: str | None) -> str:
    """What the build tells editors: clauses that changed while no amendment told of it, and what the feed lacks."""
    waits = reminder(untold(project.lock, project.register, project.amendments))
    relative = f"{FEED} holds relative links, which not every feed reader follows. Set site_url in mkdocs.yml."
    return "\n".join(filter(None, [waits, "" if site_url else relative]))


# ---- the page ----------------------------------------------------------------------------------------------------


def amendments_page(project: Project, base: str) -> Markup:
    """All amendments, for a page that lies `base` away from the site's root."""
    feed = el("a", "the feed of amendments", href=f"{base}{FEED}", type="application/atom+xml")
    return join(
        el("p", "Follow changes with a feed reader: ", feed, "."), [_section(one, base) for one in changes_of(project)]
    )


def _section(change: Change, base: str) -> Markup:
    amendment = change.amendment
    return el(
        "section",
        el("h2", amendment.title, id=change.anchor),
        el("p", el("time", change.day, datetime=amendment.day.isoformat()), class_="amendment-day"),
        el("p", el("strong", "What changed: "), amendment.what),
        el("p", el("strong", "Why: "), amendment.why),
        _list("Clauses", change.clauses, base),
        _others(change.others, base),
        class_="amendment",
        data_amendment=amendment.id,
    )


def _list(title: str, touched: tuple[Touched, ...], base: str) -> Markup | None:
    return join(el("p", el("strong", title)), _links(touched, base)) if touched else None


def _others(touched: tuple[Touched, ...], base: str) -> Markup | None:
    """Many tools, questions and results may rest on one clause: then they wait behind their number."""
    if len(touched) <= MOST_SHOWN:
        return _list("Other links that this touches", touched, base)
    return el("details", el("summary", f"{len(touched)} other links that this touches"), _links(touched, base))


def _links(touched: tuple[Touched, ...], base: str) -> Markup:
    return el(
        "ul",
        [
            el("li", el("a", one.words, href=f"{base}{one.address}"), join(" ", el("code", one.go)) if one.go else None)
            for one in touched
        ],
    )


# ---- the feed ----------------------------------------------------------------------------------------------------


def write_feed(site: Path, project: Project, name: str, site_url: str | None) -> None:
    """Write the feed of a built site. `site_url` is its address with a slash at the end, if one is configured."""
    (site / FEED).write_bytes(feed(changes_of(project), name, site_url or ""))


def feed(changes: list[Change], name: str, site_url: str) -> bytes:
    """The feed. Without an address of the site its links are relative to its own place, which Atom allows."""
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "en-GB"})
    _child(root, "id", uuid5(NAMES, "amendments").urn)
    _child(root, "title", f"{name}: amendments")
    _child(root, "updated", _time(changes[0].amendment) if changes else "1970-01-01T00:00:00Z")
    _child(_child(root, "author"), "name", name)
    if site_url:  # a feed that does not know its own address names none
        _child(root, "link", rel="self", type="application/atom+xml", href=urljoin(site_url, FEED))
    _child(root, "link", rel="alternate", type="text/html", href=urljoin(site_url, PAGE))
    for change in changes:
        root.append(_entry(change, site_url))
    ET.indent(root)
    text: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _entry(change: Change, site_url: str) -> ET.Element:
    amendment = change.amendment
    entry = ET.Element("entry")
    _child(entry, "id", uuid5(NAMES, f"amendment {amendment.id}").urn)
    _child(entry, "title", amendment.title)
    _child(entry, "updated", _time(amendment))
    _child(entry, "link", rel="alternate", type="text/html", href=urljoin(site_url, f"{PAGE}#{change.anchor}"))
    for id in amendment.clauses:
        _child(entry, "category", term=id)
    _child(entry, "content", type="xhtml").append(_content(change, site_url))
    return entry


def _content(change: Change, site_url: str) -> ET.Element:
    div = ET.Element("div", {"xmlns": XHTML})
    _child(div, "p", f"What changed: {change.amendment.what}")
    _child(div, "p", f"Why: {change.amendment.why}")
    if touched := [*change.clauses, *change.others]:
        _child(div, "p", "Published links that this touches:")
        items = _child(div, "ul")
        for one in touched:
            item = _child(items, "li")
            _child(item, "a", one.words, href=urljoin(site_url, one.address))
            item[-1].tail = f" ({urljoin(site_url, one.go)})" if one.go else None
    return div


def _child(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, tag, attributes)
    child.text = text
    return child


def _time(amendment: Amendment) -> str:
    """Atom wants a time; an amendment has a day, which begins then."""
    return f"{amendment.day.isoformat()}T00:00:00Z"
