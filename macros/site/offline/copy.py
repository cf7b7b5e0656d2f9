"""The offline copy: the list of all that a reader's device keeps when asked to, and the worker that keeps it.

Knows the files of a built site and nothing of how they came there. Everything else must be on disk before it writes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from html import escape
from pathlib import Path

from macros.site.hosting.policy import NAMED_BY_CONTENT, address_of, source_of
from macros.site.hosting.servers import AZURE
from macros.site.links.redirects import MARK as REDIRECT_MARK
from macros.site.runtime.bundle import PROOF
from macros.site.stopped import Stopped

LIST = "offline.json"
WORKER = "sw.js"
SOURCE = Path(__file__).with_name("offline-worker.js")
SIZE_PLACE = "<strong data-copy-size>"
"""Stands on a page before its own word for the size, which is replaced by the figure."""

SETTINGS_LINE = 'const SETTINGS = { patience: 5000, list: "offline.json", named: "", notice: "", policy: "" };'
PATIENCE_MILLISECONDS = 5000
"""How long a page waits for the network before the copy is shown."""

NOT_KEPT = (".map", ".gz")
"""Ends of names: source maps and packed files are for others."""

NOT_NEEDED = (
    *("embed/", "embed.js", "assets/site/frame."),  # stand inside other sites' pages, which are not there either
    *("404.html", "level-tool.png"),  # the page for wrong addresses, and the README's picture
    *(PROOF, AZURE, LIST, WORKER),
)
"""What no kept page asks for.

Pages that only lead on are left out as well, for there are hundreds: the worker reads in links.json where they lead."""


def write_offline(site: Path, types: Mapping[str, str], notice: str) -> None:
    """Stamp the pages of a built site with its version, and write the list and the worker.

    The version is a hash over everything that is kept, before it is stamped. So it changes with any of it.
    """
    paths = [path for path in sorted(site.rglob("*")) if path.is_file() and path.suffix in set(types) - set(NOT_KEPT)]
    files = {path.relative_to(site).as_posix(): path for path in paths}
    kept = {name: path.read_bytes() for name, path in files.items() if not name.startswith(NOT_NEEDED)}
    kept = {name: content for name, content in kept.items() if REDIRECT_MARK.encode() not in content}
    version, size = _version(kept), _said(sum(map(len, kept.values())))
    for name in kept:
        if files[name].suffix == ".html":
            kept[name] = _stamped(address_of(name), kept[name].decode(), version, size).encode()
            files[name].write_bytes(kept[name])
    listed = {
        address_of(name): {
            "size": len(content),
            "sha256": sha256(content).hexdigest(),
            "type": types[files[name].suffix],
        }
        for name, content in kept.items()
    }
    whole = {"version": version, "size": sum(map(len, kept.values())), "files": listed}
    (site / LIST).write_text(json.dumps(whole, indent=0), "utf-8")
    (site / WORKER).write_text(worker(notice), "utf-8")


def worker(notice: str) -> str:
    """The worker's source with its settings. Pages are escaped here, because the worker writes one of its own."""
    source = SOURCE.read_text("utf-8")
    if source.count(SETTINGS_LINE) != 1:
        raise Stopped(
            f"{SOURCE.name}: the line that holds SETTINGS is not the one that macros/site/offline/copy.py knows."
        )
    settings: Mapping[str, object] = {
        "patience": PATIENCE_MILLISECONDS,
        "list": LIST,
        "named": NAMED_BY_CONTENT,
        "notice": escape(notice),
        "policy": _policy_of_its_page(source),
    }
    return source.replace(SETTINGS_LINE, f"const SETTINGS = {json.dumps(settings)};")


def _policy_of_its_page(source: str) -> str:
    """The content policy of the one page that the worker writes itself: its style, by its hash, and nothing else."""
    _, _, style = source.partition("<style>")
    allowed = source_of(style.partition("</style>")[0])
    return f"default-src 'none'; style-src {allowed}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def _version(kept: Mapping[str, bytes]) -> str:
    whole = sha256()
    for name, content in kept.items():
        whole.update(f"{address_of(name)}\n{sha256(content).hexdigest()}\n".encode())
    return whole.hexdigest()[:20]


def _stamped(name: str, page: str, version: str, size: str) -> str:
    if page.count("<html ") != 1:
        raise Stopped(f"{name}: a page must have one <html> with attributes, to be stamped with its version.")
    page = page.replace("<html ", f'<html data-site-version="{version}" ')
    before, place, rest = page.partition(SIZE_PLACE)
    return f"{before}{place}{size}</strong>{rest.partition('</strong>')[2]}" if place else page


def _said(size: int) -> str:
    """A size as people say it, rounded up: nobody should find that there is less room than they were told."""
    return f"{-(-size // 1_000_000)} MB"
