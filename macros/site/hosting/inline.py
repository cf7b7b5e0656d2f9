"""What stands in a page itself and a strict content policy has a say in: scripts, which it allows by their hashes, and
styles and handlers, which it would not let work and which therefore stop the build.

Knows the HTML of finished pages. Puts the policy into each, for hosts that can send no headers.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from html.parser import HTMLParser
from pathlib import Path

from macros.site.hosting.policy import Hosting

CHARSET = re.compile(r"""<meta charset=["']?utf-8["']?\s*/?>""", re.IGNORECASE)
DATA = re.compile(r"application/(ld\+)?json|text/plain", re.IGNORECASE)
"""Types of script elements that no browser runs."""

CONTENT = "article"
"""The element that holds what editors write. The theme's own scripts stand outside it."""


class Blocked(Exception):
    """A page holds what its content policy would block. As text: which page, what, and how to fix it."""


class Inline(HTMLParser):
    """Reads a page. Afterwards `scripts` are the texts of those that run, and `faults` what the policy would block."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.faults: list[str] = []
        self._script: list[str] | None = None
        self._in_content = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag itself says, and whether a script of the page's own begins."""
        given = {name: value or "" for name, value in attrs}
        self._in_content += tag == CONTENT
        self.faults += [f'the attribute {name}="{value}"' for name, value in given.items() if _acts(name, value)]
        if tag == "style" or (tag == "base" and "href" in given):
            self.faults.append(f"an element <{tag}>")
        if tag == "script" and "src" not in given and not DATA.fullmatch(given.get("type", "")):
            self._script = []
            if self._in_content:
                self.faults.append("a script among the words of the page")

    def handle_endtag(self, tag: str) -> None:
        """Take up a script that ends."""
        self._in_content -= tag == CONTENT
        if tag == "script" and self._script is not None:
            self.scripts.append("".join(self._script))
            self._script = None

    def handle_data(self, data: str) -> None:
        """Gather the text of a script."""
        if self._script is not None:
            self._script.append(data)


def _acts(name: str, value: str) -> bool:
    return name == "style" or name.startswith("on") or value.strip().lower().startswith("javascript:")


def write_policy(site: Path, hosting: Hosting) -> list[str]:
    """Put the content policy and the rule for referrers into each page of a built site.

    Gives the hashes of all scripts that stand in pages, in order. Raises Blocked.
    """
    hashes: set[str] = set()
    for path in sorted(site.rglob("*.html")):
        page = path.read_text("utf-8")
        own = _hashes(page, path.relative_to(site).as_posix())
        path.write_text(with_policy(page, hosting, own, path.relative_to(site).as_posix()), "utf-8")
        hashes.update(own)
    return sorted(hashes)


def with_policy(page: str, hosting: Hosting, hashes: list[str], name: str) -> str:
    """The page with its policy before whatever it loads or runs. Raises Blocked if there is no such place."""
    charset = CHARSET.search(page)
    if not charset or re.search(r"<(script|link|style|body)\b", page[: charset.start()], re.IGNORECASE):
        raise Blocked(
            f'{name}: a page must begin its head with <meta charset="utf-8">: its content policy follows there.'
        )
    policy = escape(hosting.policy(hashes, in_page=True), quote=False)
    metas = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    if referrer := hosting.headers.get("Referrer-Policy"):
        metas += f'<meta name="referrer" content="{escape(referrer)}">'
    return page[: charset.end()] + metas + page[charset.end() :]


def _hashes(page: str, name: str) -> list[str]:
    inline = Inline(page)
    if inline.faults:
        raise Blocked(
            f"{name}: the page holds {inline.faults[0]}, which its content policy blocks. Put styles and scripts into "
            "files in overrides/assets/ and name those in mkdocs.yml or overrides/main.html."
        )
    return sorted({source_of(text) for text in inline.scripts})


def source_of(text: str) -> str:
    """The source expression of a content policy that allows a script or style by its very text."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
