"""One build of the site, stage by stage, whoever renders the pages.

A builder begins it, puts `extensions` into its Markdown and `tools.macros` into its pages, adds `added_pages`, says
with `render` which page comes next, hands all pages to `finish` once they are HTML, and calls `write` when they are
files. Knows the order of these things and what each of them needs of those before it; refuses to know any builder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from macros.engine.html.keeping import VALID_HOURS
from macros.site.after.inline import write_policy
from macros.site.after.readability import table
from macros.site.after.reading import GLOSSARY, Page, Reading, finish
from macros.site.after.report import Report
from macros.site.approval import Approval, numbers_waited_for, read_approval
from macros.site.before.amendments import FEED, editors_note, entries_of
from macros.site.before.embed import embed_pages
from macros.site.before.feed import feed
from macros.site.before.register import register_json
from macros.site.during.extension import PageParts
from macros.site.font import FONT, font
from macros.site.hosting.policy import Hosting, read_exit, read_hosting
from macros.site.hosting.servers import write_hosts
from macros.site.joined import Joined, joined
from macros.site.links.permanent import checked_address
from macros.site.offline.copy import write_offline
from macros.site.page import PageTools, base_of, page_tools


@dataclass(frozen=True)
class Stages:
    """One build. Any stage may raise Stopped."""

    name: str
    description: str
    site_url: str
    """Where the site is published, with a slash at its end, or "" where that is not known."""
    approval: Approval
    hosting: Hosting
    tools: PageTools
    preview: bool = False
    """Whether to leave out what only a published site needs."""

    @property
    def for_templates(self) -> dict[str, Any]:
        """What the templates of pages say beyond their content."""
        return {
            "approval_notice": self.approval.notice,
            "may_frame": self.hosting.may_frame,
            "valid_hours": VALID_HOURS,
            "joined": self.joined,
        }

    @cached_property
    def joined(self) -> Joined:
        """The style and the script of each kind of page."""
        return joined(self.tools.root)

    # ---- before any page is rendered

    def check(self) -> None:
        """Load and check all that pages are made with, while an error can still be told plainly."""
        _ = self.tools.links.directory, self.tools.flowcharts, self.tools.bundle

    @cached_property
    def added_pages(self) -> Mapping[str, str]:
        """The pages that nobody wrote, one for a frame for each tool: Markdown by its file."""
        return embed_pages(self.tools.project.trees)

    # ---- while pages are rendered

    @cached_property
    def extensions(self) -> tuple[PageParts]:
        """The extensions of Python-Markdown that take part in each page."""
        return (PageParts(self.tools.project),)

    def render(self, file: str, url: str) -> None:
        """Tell the extensions which page comes next: its file below docs/, its address below the site's root."""
        (parts,) = self.extensions
        parts.base, parts.linked = base_of(url), file != GLOSSARY

    # ---- once all pages are HTML

    def finish(self, pages: Mapping[str, Page], nav: object) -> Reading:
        """Complete the pages, by their files; those that `nav` names come first, in its order."""
        order = dict.fromkeys(file for file in (*files_of(nav), *pages) if file in pages)
        return finish(self.tools.project, {file: pages[file] for file in order})

    # ---- once all pages are files

    def write(self, site: Path) -> None:
        """Add to the folder of pages all other files that the site needs, and to each page its content policy.

        A preview has no policy, no copy to keep on a device and no settings of servers.
        """
        tools, project = self.tools, self.tools.project
        tools.bundle.write(site)
        files = {
            **self.joined.files,
            **tools.links.files(self.name, self.description, self.site_url),
            tools.training.file: tools.training.content,
            FONT: font(tools.root),
            FEED: feed(entries_of(project), self.name, self.site_url),
            "clauses.json": register_json(project).encode(),
        }
        for name, content in files.items():
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            (site / name).write_bytes(content)
        if self.preview:
            return
        hashes = write_policy(site, self.hosting)
        write_offline(site, self.hosting.types, self.approval.notice)  # it lists every file that a page may need
        write_hosts(site, self.hosting, hashes)  # last: how each file there is is served

    def report(self, reading: Reading) -> Report:
        """What an editor should know of a build that succeeded."""
        project, shown = self.tools.project, {one.file for one in reading.figures}
        reviews = {file: review for file, review in project.reviews.items() if file in shown}
        waits = numbers_waited_for(project.numbers_missing)
        note = "\n".join(filter(None, [waits, editors_note(project, self.site_url)]))
        return Report(table(reading.figures, project.hard_to_read), reviews, note)


def begin(root: Path, name: str, description: str, site_url: str | None, extra: Mapping[str, object]) -> Stages:
    """Begin the build of the project in folder `root`, by the settings `extra`. Raises Stopped."""
    address, approval = checked_address(site_url), read_approval(extra)
    preview = bool(extra.get("preview"))
    read_exit(extra)
    tools = page_tools(root, approval, preview)
    return Stages(name, description, address, approval, read_hosting(extra, address), tools, preview)


def files_of(nav: object) -> Iterator[str]:
    """The files that a navigation names (a list of files, or of titles with a file or a list), in its order."""
    if isinstance(nav, str):
        yield nav
    elif isinstance(nav, (list, dict)):
        for item in nav.values() if isinstance(nav, dict) else nav:
            yield from files_of(item)
