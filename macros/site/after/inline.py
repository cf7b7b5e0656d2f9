"""What stands in a page itself and a strict content policy has a say in: scripts, which it allows by their hashes, and
styles and handlers, which it would not let work and which therefore stop the build.

Knows the HTML of finished pages. Puts the policy into each, for hosts that can send no headers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from macros.site.after.tokens import Characters, EndTag, StartTag, tokens
from macros.site.hosting.policy import Hosting, source_of
from macros.site.stopped import Stopped

CHARSET = re.compile(r"""<meta charset=["']?utf-8["']?\s*/?>""", re.IGNORECASE)
DATA = re.compile(r"application/(ld\+)?json|text/plain", re.IGNORECASE)
"""Types of script elements that no browser runs."""

LOADS = re.compile(r"<(?:script|link|style|img)\b")
"""What a page that only leads on has none of."""

CONTENT = "article"
"""The element that holds what editors write. The theme's own scripts stand outside it."""


@dataclass
class Inline:
    """What stands in a page itself: the texts of the scripts that run, and what its policy would block."""

    scripts: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def inline_of(html: str) -> Inline:
    """Read a page."""
    found, in_content = Inline(), 0
    script: str | None = None
    for token in tokens(html):
        match token:
            case StartTag(tag):
                in_content += tag == CONTENT
                found.faults += _faults(token)
                if tag == "script" and _runs(token):
                    script = ""
                    if in_content:
                        found.faults.append("a script among the words of the page")
            case EndTag(tag):
                in_content -= tag == CONTENT
                if tag == "script" and script is not None:
                    found.scripts.append(script)
                    script = None
            case Characters() if script is not None:
                script += token.source
    return found


def _runs(script: StartTag) -> bool:
    """Whether a browser runs the text of a script element."""
    return all(name != "src" for name, _ in script.attributes) and not DATA.fullmatch(script.get("type"))


def _faults(start: StartTag) -> Iterator[str]:
    """What a policy would block of a start tag."""
    for name, value in start.attributes:
        if _acts(name, value or ""):
            yield f'the attribute {name}="{value or ""}"'
    if start.tag == "style" or (start.tag == "base" and any(name == "href" for name, _ in start.attributes)):
        yield f"an element <{start.tag}>"


def _acts(name: str, value: str) -> bool:
    return name == "style" or name.startswith("on") or value.strip().lower().startswith("javascript:")


def write_policy(site: Path, hosting: Hosting) -> list[str]:
    """Put the content policy and the rule for referrers into each page of a built site.

    Gives the hashes of all scripts that stand in pages, in order. Raises Stopped.
    """
    hashes: set[str] = set()
    for path in sorted(site.rglob("*.html")):
        page = path.read_text("utf-8")
        own = _hashes(page, path.relative_to(site).as_posix())
        path.write_text(with_policy(page, hosting, own, path.relative_to(site).as_posix()), "utf-8")
        hashes.update(own)
    return sorted(hashes)


def with_policy(page: str, hosting: Hosting, hashes: list[str], name: str) -> str:
    """The page with its policy before whatever it loads or runs. Raises Stopped if there is no such place."""
    charset = CHARSET.search(page)
    if not charset or re.search(r"<(script|link|style|body)\b", page[: charset.start()], re.IGNORECASE):
        raise Stopped(
            f'{name}: a page must begin its head with <meta charset="utf-8">: its content policy follows there.'
        )
    policy = escape(hosting.policy(hashes, in_page=True) if LOADS.search(page) else hosting.nothing, quote=False)
    metas = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    if referrer := hosting.headers.get("Referrer-Policy"):
        metas += f'<meta name="referrer" content="{escape(referrer)}">'
    return page[: charset.end()] + metas + page[charset.end() :]


def _hashes(page: str, name: str) -> list[str]:
    inline = inline_of(page)
    if inline.faults:
        raise Stopped(
            f"{name}: the page holds {inline.faults[0]}, which its content policy blocks. Put styles and scripts into "
            "files in overrides/assets/ and name those in mkdocs.yml or overrides/main.html."
        )
    return sorted({source_of(text) for text in inline.scripts})
