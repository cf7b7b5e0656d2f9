"""The page for editors of other sites: every permanent link, by kinds, with what its script needs to copy one.

Knows markup. Without the script the whole list is there, and each title is the permanent link itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from macros.authoring.links.directory import KINDS, Link
from macros.engine.html.markup import Markup, el

SCHEMA = "schemas/links.schema.json"
WITH_QR = ("tool", "scenario")
"""What people come to from paper or from a wall."""
ALL = "Links"
BY_PAGE = ("section", "clause", "question", "outcome")
"""Kinds with so many links that they are folded by the page they stand on."""


def library(links: Iterable[Link], base: str, base_url: str) -> Markup:
    """The directory for a page whose way to the site's root is `base`; `base_url` is where the site is published, or
    "" if that is only known where it is opened.
    """
    found = list(links)
    parts = [part(kind, name, [link for link in found if link.kind == kind], base) for kind, name in KINDS.items()]
    return el(
        "section",
        finder(),
        parts,
        for_computers(base),
        menu(),
        class_="link-library",
        data_link_library=True,
        data_base_url=base_url,
        data_search_exclude=True,
        aria_label="Permanent links",
    )


def for_computers(base: str) -> Markup:
    """Where the same list is for whoever builds pages by computer."""
    files = [el("a", "links.json", href=f"{base}links.json"), " (", el("a", "its schema", href=base + SCHEMA), ")."]
    return el("p", "The same list for computers: ", files, class_="ll-computers")


def finder() -> Markup:
    """Where a link is looked for. The script shows it."""
    return el(
        "div",
        el("label", "Find a link", for_="link-words"),
        el("input", type="search", id="link-words", autocomplete="off", spellcheck="false"),
        el("p", role="status", data_links_found=True),
        class_="ll-finder",
        data_links_finder=True,
        hidden=True,
    )


def part(kind: str, name: str, links: list[Link], base: str) -> Markup | None:
    """All links of a kind under a heading of its own."""
    if not links:
        return None
    by_page = [(page, list(own)) for page, own in groupby(links, key=lambda link: link.page)]
    folds = by_page if kind in BY_PAGE else [(ALL, links)]
    return el(
        "section",
        el("h2", name, id=f"links-{kind}"),
        [fold(page, own, base) for page, own in folds],
        data_links_kind=kind,
        data_links_qr=kind in WITH_QR,
    )


def fold(title: str, links: list[Link], base: str) -> Markup:
    """Some of them, folded away."""
    count = el("span", str(len(links)), data_links_count=True)
    return el("details", el("summary", title, " (", count, ")"), el("ul", [row(link, base) for link in links]))


def row(link: Link, base: str) -> Markup:
    """One link: its title, which leads to its short address, and its id."""
    text = link.text if link.text != link.title else None
    return el("li", el("a", link.title, href=base + link.go, data_text=text), " ", el("code", link.id))


def menu() -> Markup:
    """What can be copied of the one link that was chosen; the script moves it to that link's row."""
    return el(
        "div",
        el(
            "p",
            [
                el("button", words, type="button", class_="md-button", data_copy=what)
                for what, words in (("address", "Address"), ("html", "HTML link"), ("markdown", "Markdown link"))
            ],
            el("button", "QR code", type="button", class_="md-button", data_links_draw=True),
        ),
        el("p", role="status", data_links_said=True),
        el("textarea", rows=3, readonly=True, hidden=True, aria_label="The link, to copy by hand"),
        el(
            "div",
            el("div", data_links_code=True),
            el("p", el("a", "Save this code as a picture", data_links_save=True, href="")),
            class_="ll-code",
            data_links_drawn=True,
            hidden=True,
        ),
        class_="ll-menu",
        role="group",
        data_links_menu=True,
        hidden=True,
    )
