"""Abbreviations: how a reader without a mouse comes to what they stand for.

Knows the `abbr` elements that Markdown makes, and that each has a row of its own in the glossary. A `title` opens for a
mouse alone, so the first use on each page is a link to that row.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from macros.site.after.prose import HEADINGS

GLOSSARY = "glossary/"
NO_LINK_IN = frozenset({*HEADINGS, "a", "summary", "button", "label", "legend", "code"})


def link_first_uses(parent: ET.Element, base: str, seen: set[str]) -> None:
    """Link to the glossary the first use of each abbreviation within an element but those `seen`, which grow by them.

    `base` is the way from the page to the site's root.
    """
    for i, child in enumerate(list(parent)):
        if child.tag in NO_LINK_IN:
            continue
        if child.tag == "abbr" and (short := "".join(child.itertext())) not in seen:
            seen.add(short)
            link = ET.Element("a", {"class": "abbr-link", "href": f"{base}{GLOSSARY}#{short.lower()}"})
            link.tail, child.tail = child.tail, None
            link.append(child)
            parent[i] = link
        elif child.tag != "abbr":
            link_first_uses(child, base, seen)
