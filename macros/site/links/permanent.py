"""Permanent links on the site: links.json with its schema, a small page at each short address, and one at the old
address of each page that moved.

Knows the authoring layer's directory and its lock; what a link is called and where it leads is decided there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from textwrap import shorten
from urllib.parse import urlsplit

from macros.authoring.links.directory import Link
from macros.authoring.links.lock import Directory, directory_of, unpublished
from macros.authoring.load import Project
from macros.site.before.library import SCHEMA
from macros.site.links.redirects import RedirectPage
from macros.site.project import report
from macros.site.stopped import Stopped

FILE = "links.json"
RECORD_SCHEMA = "schemas/record.schema.json"
"""Published beside that of links.json, for case systems, at the place that both have in the project."""
LONGEST_DESCRIPTION = 200
LISTED = ("kind", "title", "text", "page", "address")
"""What links.json says of a link, as the directory has it."""


def checked_address(url: str | None) -> str:
    """The address that the site is published at, with a slash at its end; "" where none is set. Raises Stopped."""
    if not url:
        return ""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise Stopped(
            f"site_url: “{url}” is no address that a site can have. Fix: let SITE_URL (or site_url in mkdocs.yml) be "
            "the whole address of the start page, with https:// before it and a slash at its end, as in "
            "https://www.example.org/exploitation/, or leave it empty."
        )
    return url if url.endswith("/") else f"{url}/"


@dataclass(frozen=True)
class SiteLinks:
    """The permanent links of one project."""

    project: Project

    @cached_property
    def directory(self) -> Directory:
        """All of them, held to what was published. Raises Stopped with all that keeps them from being published."""
        directory, diagnostics = directory_of(self.project)
        diagnostics = diagnostics or unpublished(self.project.root, directory)
        if diagnostics:
            raise Stopped(report(diagnostics, "permanent links"))
        return directory

    @cached_property
    def entries(self) -> list[tuple[str, Link, str]]:
        """Every id that works, its link, and the id that took its place where it is gone ("" for the others)."""
        there = [(link.id, link, "") for link in self.directory.links.values()]
        return [*there, *((old, link, link.id) for old, link in sorted(self.directory.gone.items()))]

    def json(self) -> str:
        """links.json as text, one link a line."""
        links = [
            {"id": id, **{name: getattr(link, name) for name in LISTED}, "go": f"go/{id}/"}
            | ({"leads_to": leads_to} if leads_to else {})
            for id, link, leads_to in self.entries
        ]
        lines = ",\n".join(json.dumps(link, ensure_ascii=False) for link in links)
        moved = json.dumps(dict(sorted(self.directory.moved.items())), ensure_ascii=False)
        return f'{{"$schema": "{SCHEMA}",\n"links": [\n{lines}\n],\n"moved": {moved}}}\n'

    def files(self, site_name: str, site_description: str, base_url: str) -> dict[str, bytes]:
        """All files by their addresses below the site's root. `base_url` is where the site is published, or ""."""
        pages = {f"{page.at}index.html": page.html for page in self.pages(site_name, site_description, base_url)}
        schemas = {schema: (self.project.root / schema).read_bytes() for schema in (SCHEMA, RECORD_SCHEMA)}
        return {name: text.encode() for name, text in {FILE: self.json(), **pages}.items()} | schemas

    def pages(self, site_name: str, site_description: str, base_url: str) -> Iterator[RedirectPage]:
        clauses = self.project.register.clauses
        for id, link, _ in self.entries:  # a link's preview says below its title the words of a clause
            own = clauses[link.id].plain if link.kind == "clause" else ""
            said = shorten(own, LONGEST_DESCRIPTION, placeholder=" …") or site_description
            yield RedirectPage(f"go/{id}/", link.address, link.text, said, site_name, base_url)
        titles = {link.file: link.page for link in self.directory.links.values()}
        for old, new in sorted(self.directory.moved.items()):
            title = titles[new.partition("#")[0]]
            yield RedirectPage(old, new, title, site_description, site_name, base_url, carries=True)
