"""How the site is to be served, read and checked: `extra.hosting` of mkdocs.yml, and what follows from it for a file.

Knows headers, types and caches, and no web server. `servers.py` says the same to each kind of server, and
`after/inline.py` to the pages themselves.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from macros.site.hosting.framing import Framing, read_framing
from macros.site.stopped import Stopped

POLICY = "Content-Security-Policy"
PERMISSIONS = "Permissions-Policy"
RESOURCES = "Cross-Origin-Resource-Policy"
CACHING = "Cache-Control"

HASH = r"[0-9a-f]{8,}"
NAMED_BY_CONTENT = rf"assets/(.*[/.])?{HASH}[/.]"
"""The beginning of a name that holds a hash of the content: such an address never gives anything else."""

ALWAYS_ASKED = "no-cache"
"""For all other files: a browser may keep them, and asks each time whether they are still what it has."""

ONLY_IN_HEADERS = ("frame-ancestors", "report-to", "report-uri", "sandbox")
"""What browsers leave out of account where a page says it itself."""

DIRECTIVES = {
    *("default-src", "script-src", "style-src", "img-src", "font-src", "connect-src", "media-src", "object-src"),
    *("frame-src", "child-src", "worker-src", "manifest-src", "base-uri", "form-action", "frame-ancestors"),
}
SOURCES = {"'none'", "'self'", "'wasm-unsafe-eval'", "data:", "blob:"}
"""All that may be allowed. Hashes are worked out from the pages; other hosts have no place in this site."""

SCHEME_ONLY = {"data:", "blob:"}
NO_CODE_FROM = {"default-src", "script-src", "worker-src", "object-src", "base-uri", "connect-src", "frame-src"}

TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
VALUE = re.compile(r"[!#-\[\]-~ ]+")
"""What may stand in a header: printable ASCII but double quotes and backslashes, which each server reads otherwise."""

NEEDED_TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
}
"""What browsers must be told of a file, or they refuse it. The setting `types` must say the same."""

TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")
ENDING = re.compile(r"\.[a-z0-9]+")
ADDRESS = re.compile(r"[a-z0-9][a-z0-9._/-]*")
BASE = re.compile(r"(/[A-Za-z0-9._-]+)*/")
DAY = 86_400


@dataclass(frozen=True)
class Hosting:
    """How each file of the site is to be served."""

    directives: Mapping[str, tuple[str, ...]]
    """The content policy but for the hashes of scripts, which the built pages give."""
    headers: Mapping[str, str]
    """What goes with every answer beside it."""
    for_other_sites: tuple[str, ...]
    """What other sites may show or load: folders, with a slash at their end, and files, below the site's root."""
    framing: Framing
    days: int
    """How long a file named by its content may be kept without asking."""
    types: Mapping[str, str]
    """MIME types by the end of a name."""
    base: str
    """The path of the site on its host, with a slash at both ends."""

    def policy(self, hashes: Iterable[str], *, open_to_others: bool = False, in_page: bool = False) -> str:
        """The content policy, with the scripts that stand in pages allowed by their hashes."""
        said = {**self.directives, "script-src": (*self.directives["script-src"], *hashes)}
        if open_to_others:
            said["frame-ancestors"] = (self.framing.frame_ancestors,)
        return "; ".join(
            f"{name} {' '.join(sources)}" for name, sources in said.items() if not (in_page and name in ONLY_IN_HEADERS)
        )

    def headers_for(self, hashes: Iterable[str], *, open_to_others: bool = False) -> dict[str, str]:
        """All headers of an answer but how long it may be kept."""
        headers = {POLICY: self.policy(hashes, open_to_others=open_to_others), **self.headers}
        return {**headers, RESOURCES: "cross-origin"} if open_to_others else headers

    @property
    def kept_for_long(self) -> str:
        """`Cache-Control` of a file that is named by its content."""
        return f"public, max-age={self.days * DAY}, immutable"

    def check_types(self, names: Iterable[str]) -> None:
        """Raises Stopped if a file has no MIME type here: browsers are told not to guess."""
        for name in names:
            if (ending := PurePosixPath(name).suffix) not in self.types:
                raise Stopped(
                    f'mkdocs.yml: extra.hosting.types has no type for "{ending}", and the site holds {name}. Add one.'
                )


def read_hosting(extra: Mapping[str, object], site_url: str | None) -> Hosting:
    """The Hosting that mkdocs.yml states. Raises Stopped."""
    said = _table(extra, "hosting", "")
    expected = {"content_security_policy", "headers", "refused_features", "for_other_sites", "keep_days", "types"}
    if wrong := sorted(expected ^ set(said)):
        state = "is missing" if wrong[0] in expected else f"is unknown. There is: {', '.join(sorted(expected))}"
        raise Stopped(f"mkdocs.yml: extra.hosting.{wrong[0]} {state}.")
    features = _list(said, "refused_features", TOKEN, "the name of a browser's feature, such as camera")
    permissions = {PERMISSIONS: ", ".join(f"{name}=()" for name in features)} if features else {}
    return Hosting(
        directives=_directives(_table(said, "content_security_policy", "hosting.")),
        headers={**_headers(_table(said, "headers", "hosting.")), **permissions},
        for_other_sites=_list(said, "for_other_sites", ADDRESS, "an address below the site's root, such as embed/"),
        framing=read_framing(extra),
        days=_days(said["keep_days"]),
        types=_types(_table(said, "types", "hosting.")),
        base=_base(site_url or ""),
    )


def named_by_content(names: Iterable[str]) -> list[str]:
    """The least list of folders (with a slash at their end) and files that are named by their content, of all names."""
    found = set()
    for name in names:
        if re.match(NAMED_BY_CONTENT, name):
            parts = PurePosixPath(name).parts[:-1]
            hashed = next((i for i, part in enumerate(parts) if re.fullmatch(HASH, part)), None)
            found.add(name if hashed is None else "/".join(parts[: hashed + 1]) + "/")
    return sorted(found)


def files_of(site: Path) -> list[str]:
    """The names of all files of a built site, below its root."""
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())


def address_of(name: str) -> str:
    """The address of a file of the site, both below its root."""
    return name.removesuffix("index.html") if name == "index.html" or name.endswith("/index.html") else name


def source_of(text: str) -> str:
    """The source expression of a content policy that allows a script or style by its very text."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _table(said: Mapping[str, object], key: str, above: str) -> Mapping[str, Any]:
    table = said.get(key)
    if not isinstance(table, Mapping) or not all(isinstance(name, str) for name in table):
        raise Stopped(f"mkdocs.yml: extra.{above}{key} must be a table of names and values.")
    return table


def _list(said: Mapping[str, object], key: str, pattern: re.Pattern[str], what: str) -> tuple[str, ...]:
    found = said[key]
    if not isinstance(found, list) or not all(isinstance(one, str) and pattern.fullmatch(one) for one in found):
        raise Stopped(f"mkdocs.yml: extra.hosting.{key} must be a list; each entry is {what}.")
    return tuple(dict.fromkeys(found))


def _directives(said: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    place = "mkdocs.yml: extra.hosting.content_security_policy"
    for name, sources in said.items():
        if name not in DIRECTIVES:
            raise Stopped(f"{place}: there is no directive {name}. There is: {', '.join(sorted(DIRECTIVES))}.")
        if not isinstance(sources, list) or not sources or not set(map(str, sources)) <= SOURCES:
            raise Stopped(
                f"{place}: {name} must be a list of {', '.join(sorted(SOURCES))}. Nothing else may be allowed: "
                "the site is whole by itself, and a script of the theme that stands in a page is allowed by its hash."
            )
        if "'none'" in sources and len(sources) > 1:
            raise Stopped(f"{place}: {name}: 'none' must stand alone.")
        if name in NO_CODE_FROM and set(sources) & SCHEME_ONLY:
            raise Stopped(f"{place}: {name} must not allow {' or '.join(sorted(set(sources) & SCHEME_ONLY))}.")
    needed = {"default-src": ["'none'"], "base-uri": ["'none'"], "form-action": ["'none'"]}
    for name, sources in needed.items():
        if said.get(name) != sources:
            raise Stopped(f"{place}: {name} must be {sources}.")
    for name in ("script-src", "frame-ancestors"):
        if name not in said:
            raise Stopped(f"{place}: {name} is missing.")
    return {name: tuple(sources) for name, sources in said.items()}


def _headers(said: Mapping[str, Any]) -> dict[str, str]:
    own = (POLICY, PERMISSIONS, CACHING)
    for name, value in said.items():
        place = f"mkdocs.yml: extra.hosting.headers: {name}"
        if not TOKEN.fullmatch(name) or name.title() in own:
            raise Stopped(f"{place} cannot be set here. {', '.join(own)} follow from the other settings.")
        if not isinstance(value, str) or not VALUE.fullmatch(value):
            raise Stopped(f"{place} must be text on one line, without quotation marks and backslashes.")
    for name, value in (("X-Content-Type-Options", "nosniff"), (RESOURCES, "same-origin")):
        if said.get(name) != value:
            raise Stopped(f"mkdocs.yml: extra.hosting.headers: {name} must be {value}.")
    return dict(said)


def _base(site_url: str) -> str:
    base = f"{urlsplit(site_url).path.rstrip('/')}/"
    if not BASE.fullmatch(base):
        raise Stopped(
            f"The path of the site's address is {base}. It may hold letters, digits, dots, hyphens and underscores, "
            "because it stands in the settings of web servers. Choose another path."
        )
    return base


def _days(said: object) -> int:
    if not isinstance(said, int) or isinstance(said, bool) or not 1 <= said <= 365:
        raise Stopped("mkdocs.yml: extra.hosting.keep_days must be a whole number from 1 to 365.")
    return said


def _types(said: Mapping[str, Any]) -> dict[str, str]:
    for ending, kind in said.items():
        if not ENDING.fullmatch(ending) or not isinstance(kind, str) or not TYPE.fullmatch(kind):
            raise Stopped(
                f'mkdocs.yml: extra.hosting.types: "{ending}: {kind}" must be the end of a name with its dot, and a '
                "MIME type without parameters, such as .wasm: application/wasm."
            )
    for ending, kind in NEEDED_TYPES.items():
        if said.get(ending) != kind:
            raise Stopped(f"mkdocs.yml: extra.hosting.types: {ending} must be {kind}, or browsers refuse the file.")
    return dict(said)
