"""The amendments as readers see them: what each touches, and the page that lists them, newest first.

Knows the amendments and the permanent links; which links a change touches is asked of the directory of links. The feed
of the same is in feed.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from macros.authoring.citations.amendments import Amendment, reminder, untold
from macros.authoring.links.directory import Link, links_of, links_of_clause
from macros.authoring.load import Project
from macros.engine.html.markup import Markup
from macros.site.before.render import render

FEED = "changes.xml"
MOST_SHOWN = 4  # more links are folded away


@dataclass(frozen=True)
class AmendmentEntry:
    """An amendment on the page or in the feed, the clauses it names and the other published links that it touches.

    A place that has no permanent link of its own is a Link without an id.
    """

    amendment: Amendment
    clauses: tuple[Link, ...]
    others: tuple[Link, ...]

    @property
    def anchor(self) -> str:
        """Where it stands on the page."""
        return f"amendment-{self.amendment.id}"

    @property
    def folded(self) -> bool:
        """Whether its other links wait behind their number: many tools and results may rest on one clause."""
        return len(self.others) > MOST_SHOWN


def entries_of(project: Project) -> list[AmendmentEntry]:
    """All amendments of a sound project, newest first, each with what it touches: each link once."""
    links = {link.id: link for link in links_of(project)}
    by_address = {link.address: link for link in links.values()}
    entries = []
    for amendment in project.amendments:
        found = dict.fromkeys(link for id in amendment.clauses for link in links_of_clause(project, links, id))
        named = [by_address.get(page) or Link("", "page", page, page, "") for page in amendment.pages]
        own = [link for link in found if link.id in amendment.clauses]
        rest = dict.fromkeys([*named, *(link for link in found if link not in own)])
        entries.append(AmendmentEntry(amendment, tuple(own), tuple(rest)))
    return entries


def editors_note(project: Project, site_url: str | None) -> str:
    """What the build tells editors: clauses that changed while no amendment told of it, and what the feed lacks."""
    waits = reminder(untold(project.lock, project.register, project.amendments))
    relative = f"{FEED} holds relative links, which not every feed reader follows. Set site_url in mkdocs.yml."
    return "\n".join(filter(None, [waits, "" if site_url else relative]))


def amendments_page(project: Project, base: str) -> Markup:
    """All amendments, for a page that lies `base` away from the site's root."""
    return render("amendments.html", base=base, feed=FEED, entries=entries_of(project))
