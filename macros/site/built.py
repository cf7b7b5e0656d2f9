"""The check of a built site, whoever built it: is everything there that a reader, a device or another site relies on?

Knows a folder and nothing of what made it. What the site should hold it takes from the site itself: the tools from the
engine's own data, the permanent links from links.json, the files of the copy from offline.json. Reads every page once,
by patterns and not by a parser, for `make site` waits for it.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin
from xml.etree import ElementTree as ET

from macros.engine.html.tree_text import node_id
from macros.engine.model.approval import approval_of
from macros.engine.model.library import Library, read_library
from macros.site.before.amendments import FEED
from macros.site.before.embed import FOLDER as EMBEDS
from macros.site.before.feed import ATOM
from macros.site.hosting.compress import PACKED
from macros.site.hosting.policy import address_of, source_of
from macros.site.hosting.servers import IN_SITE
from macros.site.links.permanent import FILE as LINKS
from macros.site.links.redirects import MARK as REDIRECT
from macros.site.offline.copy import LIST, NOT_NEEDED, WORKER
from macros.site.runtime.bundle import ARCHIVE, DATA, PROOF, Bundle
from macros.site.runtime.first import first_name, integrity
from macros.site.runtime.pyodide import FILES, LIBRARY
from macros.site.stopped import Stopped

ENGINE = "assets/engine/"
TOOLS = "tools/"
BUNDLED = {*FILES, ARCHIVE, "engine-worker.mjs"} - {LIBRARY}

POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
HASH = re.compile(r"'sha256-[^']+'")
ACTS = re.compile(r"<(?:script|link|style|body)\b")
SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)[^>]*>(.*?)</script>", re.DOTALL)
ID = re.compile(r'\sid="([^"]+)"')
RUNS = re.compile(r'data-engine="([^"]+)"')
ANSWERED = re.compile(r'data-decision-tool="([^"]+)"([^>]*)')
LEADS = re.compile(r'\bcontent="0; url=([^"]+)"')
LEADS_TO = {
    ".html": re.compile(r'\b(?:href|src|data-bank)="([^"#]+)'),
    ".mjs": re.compile(r'(?:from "|new URL\(")(\.{1,2}/[\w./-]+)"'),
    ".css": re.compile(r"url\([\"']?(?!data:)([^)\"'#]+)"),
}
"""What a file of the copy loads or leads to."""


def check(site: Path) -> None:
    """Read the built site in folder `site`. Raises Stopped with all that is missing."""
    built = Built(site)
    faults = [fault for look in CHECKS for fault in look(built)]
    if faults:
        count = "1 thing is" if len(faults) == 1 else f"{len(faults)} things are"
        raise Stopped("\n\n".join([f"The site was built, and {count} missing or wrong in it.", *faults]))


class Built:
    """A built site. Addresses are below its root; a page's ends in a slash or is empty, but for that of a lone file."""

    def __init__(self, site: Path) -> None:
        self.site = site
        self._data: dict[str, Any] = {}

    @cached_property
    def pages(self) -> dict[str, str]:
        """All pages by their addresses, those that only lead on among them."""
        files = {path.relative_to(self.site).as_posix(): path for path in sorted(self.site.rglob("*.html"))}
        return {address_of(name): path.read_text("utf-8") for name, path in files.items()}

    @cached_property
    def read(self) -> dict[str, str]:
        """The pages that are read: all but those that only lead on."""
        return {url: text for url, text in self.pages.items() if REDIRECT not in text}

    @cached_property
    def ids(self) -> dict[str, set[str]]:
        """The ids on each page that is read."""
        return {url: set(ID.findall(text)) for url, text in self.read.items()}

    @cached_property
    def bundles(self) -> list[Path]:
        """The folders from which browsers could run the engine. There should be one."""
        return sorted(path for path in (self.site / ENGINE).glob("*") if path.is_dir())

    @cached_property
    def library(self) -> Library | None:
        """What the engine in the site knows, or None if it is not there to be read."""
        try:
            with zipfile.ZipFile(self.bundles[0] / ARCHIVE) as archive:
                return read_library(json.loads(archive.read(DATA)))
        except (IndexError, OSError, KeyError, TypeError, ValueError, zipfile.BadZipFile):
            return None

    def json(self, name: str) -> Any:
        """A file of the site as data, or None if it is not there to be read."""
        if name not in self._data:
            try:
                self._data[name] = json.loads((self.site / name).read_text("utf-8"))
            except (OSError, ValueError):
                self._data[name] = None
        return self._data[name]

    def path(self, url: str) -> Path:
        """The file at an address."""
        return self.site / (f"{url}index.html" if url == "" or url.endswith("/") else url)

    def has(self, address: str) -> bool:
        """Whether there is a page, and the place on it, that an address names."""
        url, _, anchor = address.partition("#")
        if anchor.startswith("/"):  # a training story, which is data and no place
            banks = re.findall(r'data-bank="([^"]+)"', self.read.get(url, ""))
            return any(anchor[1:] in (self.json(urljoin(f"/{url}", bank).lstrip("/")) or ()) for bank in banks)
        return url in self.ids and (not anchor or unquote(anchor) in self.ids[url])


# ---- what is looked at


def _engine(built: Built) -> Iterator[str]:
    """The engine is whole, was proved as it is, and is what the pages run."""
    fix = "Let the build write it (Bundle.write), from the archive that macros.site.runtime.trim has proved."
    if len(built.bundles) != 1:
        names = ", ".join(path.name for path in built.bundles) or "none"
        yield f"{ENGINE}: there must be one folder from which browsers run the engine, and there is: {names}. {fix}"
        return
    (folder,) = built.bundles
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix not in PACKED}
    wanted = BUNDLED | {
        first_name(tree.id) for tree in (built.library.trees.values() if built.library else ()) if tree.tool
    }
    if set(files) != wanted:
        odd = ", ".join(sorted(set(files) ^ wanted))
        yield f"{ENGINE}{folder.name}/: these files are missing or do not belong there: {odd}. {fix}"
    elif (named := Bundle(files).hash) != folder.name:
        yield f"{ENGINE}{folder.name}/: what is in the folder is not what it is named for ({named}). {fix}"
    if (built.json(PROOF) or {}).get("proved") != folder.name:
        yield f"{PROOF}: nothing says that {ENGINE}{folder.name}/ was found to answer as the build does. {fix}"
    if built.library is None:
        yield f"{ENGINE}{folder.name}/{ARCHIVE}: the engine's data ({DATA}) cannot be read. {fix}"
    for url, text in built.read.items():
        for named in RUNS.findall(text):
            if urljoin(f"/{url}", named) != f"/{ENGINE}{folder.name}/":
                yield f"{url}: the tool on this page runs {named}, which is not the engine of this site. Build anew."
        for tool, said in ANSWERED.findall(text):
            first = files.get(first_name(tool), b"")
            if f'data-first="{integrity(first)}"' not in said:
                yield f"{url}: the page does not name the first answers of its tool as they are. Build anew."


def _policy(built: Built) -> Iterator[str]:
    """Each page states its content policy before it loads or runs anything, and allows its own scripts and no others.
    The settings of servers, which say the same, are there.
    """
    fix = "Let macros.site.after.inline.write_policy be called on the folder behind all that writes or changes a page."
    for url, text in built.pages.items():
        said = POLICY.search(text)
        first = ACTS.search(text)
        if not said or (first and first.start() < said.start()):
            yield f"{url or 'index.html'}: the page does not begin with its content policy. {fix}"
            continue
        if set(HASH.findall(said[1])) != {source_of(script) for script in SCRIPT.findall(text)}:
            yield f"{url or 'index.html'}: its policy does not allow just the scripts that stand in the page. {fix}"
    for name in IN_SITE:
        if not (built.site / name).is_file():
            yield f"{name}: the settings of a web server are missing. Let write_hosts be called on the folder, last."


def _notice(built: Built) -> Iterator[str]:
    """Every page says whether the procedure is approved, in the words of the engine's results."""
    if built.library is None:
        return
    approval = approval_of(built.library.approval)
    wanted = f'data-approval="{approval["status"]}">{approval["notice"]}</p>'
    for url, text in built.read.items():
        if wanted not in text:
            yield (
                f"{url or 'index.html'}: the page does not say “{approval['notice']}”, as the engine's results do. "
                "Let its template include overrides/partials/approval.html."
            )


def _offline(built: Built) -> Iterator[str]:
    """The list of the copy on a device is true, and names each page and whatever a file of the copy needs."""
    fix = "Let macros.site.offline.copy.write_offline be called on the folder behind all that writes or changes a file."
    said = built.json(LIST)
    if not said or not (built.site / WORKER).is_file():
        yield f"{LIST}, {WORKER}: the list of what a device keeps, or the worker that keeps it, is missing. {fix}"
        return
    files: dict[str, Any] = said["files"]
    for name, file in files.items():
        path = built.path(name)
        content = path.read_bytes() if path.is_file() else b""
        if (len(content), sha256(content).hexdigest()) != (file["size"], file["sha256"]):
            yield f"{LIST}: {name or 'index.html'} is not in the site as the list has it. {fix}"
    for url, text in built.read.items():
        if url not in files and not url.startswith(NOT_NEEDED):
            yield f"{LIST}: the page {url or 'index.html'} is not in the list. {fix}"
        elif url in files and f'data-site-version="{said["version"]}"' not in text:
            yield f"{url or 'index.html'}: the page does not name the version that the list has. {fix}"
    for name in files:
        for needed in _needed(built, name):
            if needed not in files:
                yield f"{LIST}: {name or 'index.html'} needs {needed}, which is not in the list. {fix}"


def _needed(built: Built, name: str) -> set[str]:
    """The files of the site that a file loads or leads to, by the names of the list."""
    path = built.path(name)
    pattern = LEADS_TO.get(path.suffix)
    if pattern is None or not path.is_file():
        return set()
    text = built.pages.get(name) or path.read_text("utf-8")
    found = {urljoin(f"/{name}", link) for link in set(pattern.findall(text)) if ":" not in link and link != "/."}
    # In links.json the worker reads where a short address leads.
    return {LINKS if way.startswith("/go/") else way[1:] for way in found}


def _links(built: Built) -> Iterator[str]:
    """Every permanent link leads to a place that there is, by its short address too; so does each page that moved."""
    fix = "Let SiteLinks.files be written; if a place is gone, see decision_trees/redirects.json and `make links`."
    said = built.json(LINKS)
    if not said:
        yield f"{LINKS}: the list of permanent links is missing. {fix}"
        return
    ways = [(link["go"], link["address"]) for link in said["links"]]
    for old, new in [*ways, *said["moved"].items()]:
        if not built.has(new):
            yield f"{LINKS}: {new} is no place of this site. {fix}"
        leads = LEADS.search(built.pages.get(old, ""))
        if not leads or urljoin(f"/{old}", leads[1]) != f"/{new}":
            yield f"{old}: no page stands here that leads on to {new}. {fix}"


def _feed(built: Built) -> Iterator[str]:
    """The feed can be read, each id and each entry's time is its own, and its entries lead to places that there are."""
    fix = "Let what macros.site.before.feed.feed gives be written into the folder."
    try:
        root = ET.fromstring((built.site / FEED).read_bytes())
    except (OSError, ET.ParseError) as error:
        yield f"{FEED}: the feed cannot be read ({error}). {fix}"
        return
    ids = [id.text or "" for id in root.iter(f"{{{ATOM}}}id")]
    if not ids or len(set(ids)) < len(ids) or not all(id.startswith("urn:uuid:") for id in ids):
        yield f"{FEED}: an id is missing or stands twice. {fix}"
    times = [time.text for time in root.iterfind(f"{{{ATOM}}}entry/{{{ATOM}}}updated")]
    if len(set(times)) < len(times):
        yield f"{FEED}: two entries have the same time, so that a feed reader may take them for one. {fix}"
    for link in root.iterfind(f"{{{ATOM}}}entry/{{{ATOM}}}link"):
        address = link.get("href", "")
        # The site's own address may stand before it, so the part below the site's root may begin behind any slash.
        starts = [0, *(match.end() for match in re.finditer("/", urldefrag(address).url))]
        if not any(built.has(address[start:]) for start in starts):
            yield f"{FEED}: an entry leads to {address}, which is no place of this site. {fix}"


def _text(built: Built) -> Iterator[str]:
    """Every tool has its page and one for a frame, each with the tool as text: all that needs no script."""
    if built.library is None:
        return
    for tree in built.library.trees.values():
        for url in (f"{TOOLS}{tree.id}/", f"{EMBEDS}{tree.id}/") if tree.tool else ():
            wanted = {f"{tree.id}-as-text", *(node_id(tree.id, tree.id, node.id) for node in tree.nodes)}
            if lost := sorted(wanted - built.ids.get(url, set())):
                yield (
                    f"{url}: the tool “{tree.title}” is not there as text; {lost[0]} is missing. Let the page ask for "
                    f'{{{{ more_about_tool("{tree.id}") }}}}, or embedded_tool for a frame.'
                )


CHECKS = (_engine, _policy, _notice, _offline, _links, _feed, _text)
