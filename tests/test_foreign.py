"""Nothing in the built site leads a browser to another host by itself: read file by file, for what no visit has met."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from macros.site.after.tokens import Characters, StartTag, tokens
from tests.conftest import ROOT

FOREIGN = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:)?//|\s*(?:https?|wss?|ftp):", re.IGNORECASE)
"""An address with a host in it, or with a scheme that has one."""

LOADS = {
    "script": ("src",), "img": ("src", "srcset"), "iframe": ("src",), "source": ("src", "srcset"), "video": ("src",),
    "audio": ("src",), "track": ("src",), "embed": ("src",), "object": ("data",), "input": ("src",), "use": ("href",),
    "image": ("href",), "form": ("action",), "button": ("formaction",), "body": ("background",),
    "a": ("ping",), "area": ("ping",), "html": ("manifest",),
}  # fmt: skip
NAMED_ALONE = ("canonical", "alternate", "author", "license", "self")
"""What a <link> may name at any address: nobody fetches it."""
EVENTS = re.compile(r"on[a-z]+")
STYLE = re.compile(r"""(?:url\(|@import)\s*["']?([^"')\s;]*)|image-set\(\s*["']([^"']*)""", re.IGNORECASE)
MAP = re.compile(r"[#@]\s*sourceMappingURL=(\S+)")
ASKS = re.compile(
    r"""(?:\bfetch|\bimport|importScripts|\bEventSource|WebSocket|sendBeacon|\bWorker|\.open|RTCPeerConnection|Image)\s*"""
    r"""\(\s*["'`]([^"'`]*)"""
)
NAMES_ONLY = ("http://www.w3.org/",)
"""Names of XML languages, which look like addresses and are fetched by nobody."""


class Loaded:
    """What a page loads by itself, and the styles that stand in it."""

    def __init__(self, text: str) -> None:
        self.addresses: list[str] = []
        self.styles: list[str] = []
        inside = ""
        for token in tokens(text):
            if isinstance(token, StartTag):
                inside = token.tag
                self._start(token)
            elif isinstance(token, Characters) and inside == "style":
                self.styles.append(token.source)

    def _start(self, start: StartTag) -> None:
        self.addresses += [start.get(name) for name in LOADS.get(start.tag, ())]
        if start.tag == "link" and not set(start.get("rel").split()) & set(NAMED_ALONE):
            self.addresses.append(start.get("href"))
        if start.tag == "meta" and start.get("http-equiv").lower() == "refresh":
            self.addresses.append(start.get("content").lower().partition("url=")[2])
        if start.tag == "base":
            self.addresses.append(start.get("href"))
        self.styles.append(start.get("style"))


def of_page(text: str) -> list[str]:
    """The addresses of other hosts that a page would have a browser ask."""
    page = Loaded(text)
    found = [*page.addresses, *(address for style in page.styles for address in in_style(style))]
    return [address for address in found if FOREIGN.match(address)]


def in_style(text: str) -> Iterator[str]:
    for match in STYLE.finditer(text):
        yield match[1] or match[2] or ""


def of_style(text: str) -> list[str]:
    found = [*in_style(text), *MAP.findall(text)]
    return [address for address in found if FOREIGN.match(address)]


def of_script(text: str) -> list[str]:
    found = [*ASKS.findall(text), *MAP.findall(text)]
    return [address for address in found if FOREIGN.match(address) and not address.startswith(NAMES_ONLY)]


@pytest.mark.parametrize(
    ("look", "text"),
    [
        (of_page, '<script src="https://x.test/a.js"></script>'),
        (of_page, '<script src="//x.test/a.js"></script>'),
        (of_page, '<link rel="preconnect" href="https://x.test">'),
        (of_page, '<link rel="dns-prefetch" href="//x.test">'),
        (of_page, '<img srcset="https://x.test/a.png 2x">'),
        (of_page, "<iframe src=HTTPS://x.test></iframe>"),
        (of_page, '<p style="background:url(https://x.test/a)">'),
        (of_page, "<style>@import 'https://x.test/a';</style>"),
        (of_page, '<meta http-equiv="refresh" content="0; url=https://x.test/">'),
        (of_page, '<form action="https://x.test/">'),
        (of_page, '<a href="a" ping="https://x.test/">'),
        (of_style, "@font-face{src:url('https://x.test/a.woff2')}"),
        (of_style, "/*# sourceMappingURL=https://x.test/a.map */"),
        (of_script, "fetch('https://x.test/')"),
        (of_script, "new WebSocket(`wss://x.test`)"),
        (of_script, "import('//x.test/a.mjs')"),
        (of_script, "navigator.sendBeacon( 'https://x.test')"),
        (of_script, "//# sourceMappingURL=//x.test/a.map"),
    ],
)
def test_each_way_to_another_host_would_be_noticed(look: object, text: str) -> None:
    assert look(text)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("look", "text"),
    [
        (of_page, '<a href="https://x.test/">a link to follow</a><script src="../a.js"></script>'),
        (of_page, '<link rel="canonical" href="https://x.test/a/"><svg xmlns="http://www.w3.org/2000/svg"></svg>'),
        (of_style, "a{background:url(data:image/svg+xml;utf8,x)}"),
        (of_script, "fetch(`${base}a`); document.createElementNS('http://www.w3.org/2000/svg', 'g')"),
    ],
)
def test_what_asks_nobody_is_left_alone(look: object, text: str) -> None:
    assert look(text) == []  # type: ignore[operator]


def files(site: Path, *ends: str) -> Iterator[tuple[str, str]]:
    for path in sorted(site.rglob("*")):
        if path.suffix in ends:
            yield path.relative_to(site).as_posix(), path.read_text("utf-8")


def test_no_file_of_the_site_loads_anything_from_another_host(site: Path) -> None:
    pages = dict(files(site, ".html"))
    styles = {**dict(files(site, ".css")), **dict(files(site, ".svg"))}
    scripts = dict(files(site, ".js", ".mjs"))
    assert (len(pages) > 35, len(styles) > 5, len(scripts) > 15) == (True, True, True)
    assert {name: found for name, text in pages.items() if (found := of_page(text))} == {}
    assert {name: found for name, text in styles.items() if (found := of_style(text))} == {}
    # Of Material and Pyodide, what a visit asks for is watched as well (tests/browser/test_privacy.py).
    strange = {name: found for name, text in scripts.items() if (found := of_script(text))}
    assert strange == {}


IN_NODE = ("flowchart.mjs", "trim.mjs")
OWN = [
    *sorted((ROOT / "overrides" / "assets").rglob("*js")),
    *sorted(path for path in (ROOT / "macros" / "site").rglob("*js") if path.name not in IN_NODE),
]


def test_our_own_scripts_are_found() -> None:
    assert len(OWN) > 25
    assert {"engine-worker.mjs", "offline-worker.js", "preview.mjs"} <= {path.name for path in OWN}


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_our_own_scripts_name_no_address_at_all(path: Path) -> None:
    named = re.findall(r"(?:https?|wss?)://[\w$][^\s\"'`)]*|[\"'`]//[\w$][^\s\"'`]*", path.read_text("utf-8"))
    assert [address for address in named if not address.startswith(NAMES_ONLY)] == []


def test_no_page_has_code_in_an_attribute(site: Path) -> None:
    names = {
        (name, attribute)
        for name, text in files(site, ".html")
        for token in tokens(text) if isinstance(token, StartTag)
        for attribute, _ in token.attributes
    }  # fmt: skip
    assert len(names) > 1000
    assert [(name, attribute) for name, attribute in names if EVENTS.fullmatch(attribute)] == []
