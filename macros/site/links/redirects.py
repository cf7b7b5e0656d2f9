"""Pages that only lead on: the short address of each permanent link, and the old address of each page that moved.

Knows HTML alone. Such a page needs no script, no style and no server that can redirect: it works wherever files are
served, at the root or below a path, because all of its addresses are relative. There are hundreds, so each says every
thing once: where it leads, to what, and what a preview of a link to it shows.
"""

from __future__ import annotations

from dataclasses import dataclass

from macros.site.before.render import render

MARK = '<meta http-equiv="refresh"'
"""What tells such a page from all others."""
CARRY_ANCHOR = "assets/site/moved.mjs"


@dataclass(frozen=True)
class RedirectPage:
    """A page at `at` (below the site's root, "/" at its end) that leads to `to`, also below the root.

    `base_url` is the site's own address, or "" where it is not known. With `carries`, search engines are told where the
    page is now, and what stands behind # in the address that somebody came by is taken along.
    """

    at: str
    to: str
    title: str
    description: str
    site_name: str
    base_url: str = ""
    carries: bool = False

    @property
    def base(self) -> str:
        """The way to the site's root."""
        return "../" * self.at.count("/")

    @property
    def canonical(self) -> str:
        """The page that it leads to, without the place on it; whole where the site's own address is known."""
        return (self.base_url or self.base) + self.to.partition("#")[0]

    @property
    def html(self) -> str:
        return f"<!doctype html>\n{render('redirect.html', page=self, way=self.base + self.to, script=CARRY_ANCHOR)}\n"
