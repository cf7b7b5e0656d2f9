"""Pages that only lead on: the short address of each permanent link, and the old address of each page that moved.

Knows HTML alone. Such a page needs no script, no style and no server that can redirect: it works wherever files are
served, at the root or below a path, because all of its addresses are relative. There are hundreds, so each says every
thing once: where it leads, to what, and what a preview of a link to it shows.
"""

from __future__ import annotations

from dataclasses import dataclass

from macros.engine.html.markup import Markup, el, join

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
        """The whole page."""
        way = self.base + self.to
        head = join(
            el("title", self.title),
            _void("meta", name="viewport", content="width=device-width"),
            _void("meta", name="color-scheme", content="light dark"),
            _void("meta", http_equiv="refresh", content=f"0; url={way}"),
            _void("meta", name="robots", content="noindex"),
            _void("link", rel="canonical", href=self.canonical) if self.carries else None,
            _void("meta", name="description", property="og:description", content=self.description),
            _void("meta", property="og:site_name", content=self.site_name),
            _void("meta", property="og:title", content=self.title),
            el("script", type="module", src=self.base + CARRY_ANCHOR) if self.carries else None,
        )
        body = el("main", el("h1", el("a", self.title, href=way)))
        page = el("html", el("head", Markup('<meta charset="utf-8">'), head), el("body", body), lang="en")
        return f"<!doctype html>\n{page}\n"


def _void(tag: str, **attributes: str) -> Markup:
    """An element without an end tag that no screen of the engine has."""
    return Markup(el(tag, **attributes).removesuffix(f"</{tag}>"))
