"""The feed of amendments, at changes.xml (Atom, RFC 4287).

Knows Atom; what stands in an entry it takes from the page's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin
from uuid import UUID, uuid5
from xml.etree import ElementTree as ET

from macros.site.before.amendments import FEED, AmendmentEntry

PAGE = "about/amendments/"
ATOM, XHTML = "http://www.w3.org/2005/Atom", "http://www.w3.org/1999/xhtml"
NAMES = UUID("6d0b1b7e-58f0-4d0e-9b1e-2f6c1f7f0a51")
"""The name space of the feed's ids. They are made from it and from an amendment's own id, so that they never change,
wherever the site lies. So must this."""
BEGAN = "2026-11-24T00:00:00Z"
"""The day of the first edition: since then a feed without entries says nothing."""


def feed(entries: Sequence[AmendmentEntry], name: str, site_url: str) -> bytes:
    """The feed. Without an address of the site its links are relative to its own place, which Atom allows.

    Takes the entries newest first; of one day, the one that was added last.
    """
    times = _times(entries)
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "en-GB"})
    _child(root, "id", uuid5(NAMES, "amendments").urn)
    _child(root, "title", f"{name}: amendments")
    _child(root, "updated", times[0] if times else BEGAN)
    _child(_child(root, "author"), "name", name)
    _child(root, "link", rel="self", type="application/atom+xml", href=urljoin(site_url, FEED))
    _child(root, "link", rel="alternate", type="text/html", href=urljoin(site_url, PAGE))
    for entry, time in zip(entries, times, strict=True):
        root.append(_entry(entry, time, site_url))
    ET.indent(root)
    text: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _entry(entry: AmendmentEntry, time: str, site_url: str) -> ET.Element:
    amendment = entry.amendment
    element = ET.Element("entry")
    _child(element, "id", uuid5(NAMES, f"amendment {amendment.id}").urn)
    _child(element, "title", amendment.title)
    _child(element, "updated", time)
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


def _times(entries: Sequence[AmendmentEntry]) -> list[str]:
    """When each entry was made, in its order. Atom wants a time of its own for each; an amendment has a day.

    A day begins with the first of its amendments, and each that was added later comes a second later.
    """
    added: Counter[object] = Counter()
    times = []
    for day in (entry.amendment.day for entry in reversed(entries)):
        times.append(datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=added[day]))
        added[day] += 1
    return [f"{time:%Y-%m-%dT%H:%M:%SZ}" for time in reversed(times)]
