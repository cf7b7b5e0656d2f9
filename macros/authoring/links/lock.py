"""Published links: the ids and pages that other sites may link to by now, and where those went that are gone.

`decision_trees/links.lock.json` keeps every id that was ever published, and every page. It only grows: `make links`
adds what is new. One that is gone stops the build, unless `decision_trees/redirects.json` says where it went. A build
with a link that is not in the lock stops as well: it would be published, and nothing would hold anybody to it.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

from macros.authoring.citations.redirects import REDIRECTS, Redirects, followed
from macros.authoring.links.directory import Link, check_headings, links_of
from macros.authoring.load import Project, load_project
from macros.authoring.sources.diagnostics import Diagnostic, Source, did_you_mean
from macros.authoring.sources.reading import read_authored, write_lock
from macros.authoring.sources.schemas import Schemas

LOCK = "decision_trees/links.lock.json"
COMMAND = "make links"
MOST_NAMED = 12
ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Published:
    """What was published: every id with its kind, and every page by its address."""

    links: Mapping[str, str]
    pages: frozenset[str]
    source: Source


@dataclass(frozen=True)
class Directory:
    """All permanent links of a project: those that are there, the ids that went elsewhere, and pages that moved."""

    links: Mapping[str, Link]
    gone: Mapping[str, Link]
    moved: Mapping[str, str]
    """By a page's old address the new one, both below the site's root."""


def directory_of(project: Project) -> tuple[Directory, list[Diagnostic]]:
    """The directory of a sound project, and all that keeps it from being published."""
    found = links_of(project)
    published, broken = read_published(project.root)
    links, redirects = {link.id: link for link in found}, project.redirects
    if broken:
        return Directory(links, {}, {}), broken
    targets = {old: redirects.target(old) for old in redirects.links}
    pages, addresses = _pages(found), {link.address for link in found}
    directory = Directory(
        links,
        {old: links[new] for old, new in targets.items() if new in links},
        {old: followed(redirects.pages, old) for old in redirects.pages},
    )
    return directory, [
        *check_headings(project),
        *_twice(found),
        *_gone(published, links, redirects),
        *_wrong("link", redirects.source, redirects.links, published.links, set(links), set(links)),
        *_wrong("page", redirects.source, redirects.pages, published.pages, pages, pages | addresses),
    ]


def new_links(root: Path, directory: Directory) -> list[str]:
    """The ids and the addresses of pages that are not in the lock yet."""
    published, _ = read_published(root)
    ids = [id for id in directory.links if id not in published.links]
    return [*ids, *sorted(_pages(directory.links.values()) - published.pages)]


def unpublished(root: Path, directory: Directory) -> list[Diagnostic]:
    """What stops a build: links that it would publish and nothing would hold."""
    new = new_links(root, directory)
    if not new:
        return []
    shown = ", ".join(f"“{one}”" for one in new[:MOST_NAMED])
    more = f" and {len(new) - MOST_NAMED} more" if len(new) > MOST_NAMED else ""
    count = "This link is" if len(new) == 1 else f"These {len(new)} links are"
    message = f"{count} new: {shown}{more}. What is published must never change, and this file does not hold it yet."
    fix = f"look whether each id is one to keep for good, then add them: {COMMAND}."
    return [Diagnostic("new-link", LOCK, 1, 1, "", message, fix)]


def read_published(root: Path) -> tuple[Published, list[Diagnostic]]:
    """The lock, empty where there is none, and what is wrong with its file."""
    file = read_authored(root, "links.lock", Schemas(root / "schemas"), needed=False)
    data = file.data or {"links": {}, "pages": []}
    return Published(data["links"], frozenset(data["pages"]), file.source), list(file.diagnostics)


def record(root: Path, directory: Directory) -> list[str]:
    """Add what is new to the lock. Returns it. Nothing is ever taken out."""
    new = new_links(root, directory)
    published, _ = read_published(root)
    links = {**published.links, **{link.id: link.kind for link in directory.links.values()}}
    pages = published.pages | _pages(directory.links.values())
    write_lock(root / LOCK, {"links": dict(sorted(links.items())), "pages": sorted(pages)})
    return new


def _pages(links: Iterable[Link]) -> frozenset[str]:
    return frozenset(link.file for link in links)


# ---- what can be wrong -------------------------------------------------------------------------------------------


def _twice(found: Iterable[Link]) -> Iterator[Diagnostic]:
    places: dict[str, list[Link]] = {}
    for link in found:
        places.setdefault(link.id, []).append(link)
    for id, links in places.items():
        if len(links) > 1:
            at = " and ".join(link.address or "the home page" for link in links)
            message = f"The link “{id}” would lead to two places: {at}."
            fix = "give one of them another id (of a heading, {: #id })."
            yield Diagnostic("link-twice", "docs", 1, 1, "", message, fix)


def _gone(published: Published, links: Mapping[str, Link], redirects: Redirects) -> Iterator[Diagnostic]:
    """What was published and is neither there nor redirected."""
    for id, kind in published.links.items():
        if id not in links and id not in redirects.links:
            near = did_you_mean(id, [one for one, link in links.items() if link.kind == kind] or list(links))
            told = f"The published link “{id}” ({kind}) leads nowhere any more; other sites may hold it."
            where = f'"links": {{"{id}": "an id that is there"}}; {near}'
            fix = f"bring back what it led to, or say in {REDIRECTS} where it went: {where}"
            yield published.source.diagnostic("removed-link", ("links", id), told, fix)
    there = _pages(links.values())
    for page in sorted(published.pages - there - set(redirects.pages)):
        told = f"The published page “{page}” is gone; other sites may link to it."
        where = f'"pages": {{"{page}": "another/page/"}}; {did_you_mean(page, sorted(there))}'
        fix = f"bring it back, or say in {REDIRECTS} where it went: {where}"
        yield Diagnostic("removed-page", LOCK, 1, 1, "", told, fix)


def _wrong(
    what: str, source: Source, table: Mapping[str, str], published: Collection[str], there: Set[str], places: Set[str]
) -> Iterator[Diagnostic]:
    """What is wrong with the redirects of one kind. `there` is what needs none; `places` is where one may lead."""
    for old, new in table.items():
        if old in there:
            fault, told, fix = "needless-redirect", f"The {what} “{old}” is there.", "take the redirect out."
        elif old not in published:
            fault, told = f"unknown-{what}", f"No {what} “{old}” was ever published."
            fix = did_you_mean(old, sorted(published))
        elif followed(table, old) == old:
            fault, told = "redirect-circle", f"“{old}” leads in a circle."
            fix = f"let it lead to a {what} that is there."
        elif new not in table and new not in places:
            fault, told = "dead-end", f"“{old}” leads to “{new}”, which is not there."
            fix = did_you_mean(new, sorted(there))
        else:
            continue
        yield source.diagnostic(fault, (f"{what}s", old), told, fix)


# ---- the command -------------------------------------------------------------------------------------------------


def main(root: Path = ROOT) -> int:
    """Add what is new to the lock and list it. Returns 0, or 1 with all that is to fix first."""
    project = load_project(root)
    directory, diagnostics = directory_of(project) if not project.diagnostics else (None, list(project.diagnostics))
    if directory is None or diagnostics:  # only of a sound project is it whole
        print("\n".join(map(str, diagnostics)))
        return 1
    new = record(root, directory)
    counts = Counter(link.kind for link in directory.links.values())
    print(f"{len(directory.links)} links: {', '.join(f'{count} {kind}' for kind, count in counts.items())}.")
    print(f"Added, to be kept for good: {', '.join(new)}." if new else "Nothing is new.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
