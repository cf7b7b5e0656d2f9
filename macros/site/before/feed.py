"""The feed of amendments, at changes.xml (Atom, RFC 4287).

Knows Atom; what stands in an entry it takes from the page's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urljoin
from uuid import UUID, uuid5
from xml.etree import ElementTree as ET

from macros.authoring.citations.amendments import Amendment
from macros.authoring.load import Project
from macros.site.before.amendments import FEED, AmendmentEntry, entries_of

PAGE = "about/amendments/"
ATOM, XHTML = "http://www.w3.org/2005/Atom", "http://www.w3.org/1999/xhtml"
NAMES = UUID("6d0b1b7e-58f0-4d0e-9b1e-2f6c1f7f0a51")
"""The name space of the feed's ids. They are made from it and from an amendment's own id, so that they never change,
wherever the site lies. So must this."""


def write_feed(site: Path, project: Project, name: str, site_url: str | None) -> None:
    """Write the feed of a built site. `site_url` is its address with a slash at the end, if one is configured."""
    (site / FEED).write_bytes(feed(entries_of(project), name, site_url or ""))


def feed(entries: Sequence[AmendmentEntry], name: str, site_url: str) -> bytes:
    """The feed. Without an address of the site its links are relative to its own place, which Atom allows."""
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "en-GB"})
    _child(root, "id", uuid5(NAMES, "amendments").urn)
    _child(root, "title", f"{name}: amendments")
    _child(root, "updated", _time(entries[0].amendment) if entries else "1970-01-01T00:00:00Z")
    _child(_child(root, "author"), "name", name)
    if site_url:  # a feed that does not know its own address names none
        _child(root, "link", rel="self", type="application/atom+xml", href=urljoin(site_url, FEED))
    _child(root, "link", rel="alternate", type="text/html", href=urljoin(site_url, PAGE))
    for entry in entries:
        root.append(_entry(entry, site_url))
    ET.indent(root)
    text: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _entry(entry: AmendmentEntry, site_url: str) -> ET.Element:
    amendment = entry.amendment
    element = ET.Element("entry")
    _child(element, "id", uuid5(NAMES, f"amendment {amendment.id}").urn)
    _child(element, "title", amendment.title)
    _child(element, "updated", _time(amendment))
    _child(element, "link", rel="alternate", type="text/html", href=urljoin(site_url, f"{PAGE}#{entry.anchor}"))
    for id in amendment.clauses:
        _child(element, "category", term=id)
    _child(element, "content", type="xhtml").append(_content(entry, site_url))
    return element


def _content(entry: AmendmentEntry, site_url: str) -> ET.Element:
    div = ET.Element("div", {"xmlns": XHTML})
    _child(div, "p", f"What changed: {entry.amendment.what}")
    _child(div, "p", f"Why: {entry.amendment.why}")
    if touched := [*entry.clauses, *entry.others]:
        _child(div, "p", "Published links that this touches:")
        items = _child(div, "ul")
        for one in touched:
            item = _child(items, "li")
            _child(item, "a", one.text, href=urljoin(site_url, one.address))
            item[-1].tail = f" ({urljoin(site_url, one.go)})" if one.id else None
    return div


def _child(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, tag, attributes)
    child.text = text
    return child


def _time(amendment: Amendment) -> str:
    """Atom wants a time; an amendment has a day, which begins then."""
    return f"{amendment.day.isoformat()}T00:00:00Z"
