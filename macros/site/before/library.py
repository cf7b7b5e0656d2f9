"""The page for editors of other sites: every permanent link, by kinds, with what its script needs to copy one.

Without the script the whole list is there, and each title is the permanent link itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from macros.authoring.links.directory import KINDS, Link
from macros.engine.html.markup import Markup
from macros.site.before.render import render

SCHEMA = "schemas/links.schema.json"
WITH_QR = ("tool", "scenario")
"""What people come to from paper or from a wall."""
ALL = "Links"
BY_PAGE = ("section", "clause", "question", "outcome")
"""Kinds with so many links that they are folded by the page they stand on."""


def library(links: Iterable[Link], base: str, base_url: str, typed: Mapping[str, Sequence[str]]) -> Markup:
    """The directory for a page whose way to the site's root is `base`; `base_url` is where the site is published, or
    "" if that is only known where it is opened. `typed` is what people type at an address, by which it is found, too.
    """
    return render("library.html", typed=typed, base=base, base_url=base_url, schema=SCHEMA, parts=by_kind(links))


def by_kind(links: Iterable[Link]) -> Iterator[dict[str, Any]]:
    """The links by their kinds, without kinds of which there are none: folded away under one or more titles.

    `qr` says where a QR code of one is of use.
    """
    found = list(links)
    for kind, name in KINDS.items():
        if own := [link for link in found if link.kind == kind]:
            by_page = groupby(own, key=lambda link: link.page if link.kind in BY_PAGE else ALL)
            folds = [(title, list(some)) for title, some in by_page]
            yield {"kind": kind, "name": name, "folds": folds, "qr": kind in WITH_QR}
